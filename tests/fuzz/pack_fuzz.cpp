// Any bytes as a rule pack: read, compiled, refused in sentences, never a crash. One that is
// accepted then decides over events of every door, late ones among them: no pack that was accepted
// ends a process.

#include <string>

#include "connectors/json/event_decoder.h"
#include "operators/rules/pack_reader.h"
#include "operators/rules/rulebook.h"
#include "operators/see/detect.h"
#include "streams/test_driver.h"
#include "tests/support/signals.h"

namespace {

struct Nothing {
  static constexpr std::string_view kType = "fuzz.nothing.v1";
  std::string id = "nothing";
  int revision = 1;
  static constexpr auto fields() { return std::tuple{streams::field("id", &Nothing::id)}; }
};

class Drop : public streams::Operator<Nothing(city::Conclusion)> {
 public:
  void process(const streams::Record<city::Conclusion>&, streams::Emit<Nothing>&) override {}
};

constexpr const char* kData[] = {
    R"({"occupied":true,"speedMps":0.0,"mode":"fault","faultCode":"E1","alarmButton":true})",
    R"({"occupied":null,"speedMps":"?","mode":[],"alarmEnd":true})",
    R"({"device":"c","label":"e_bike","confidence":0.9,"kind":"help","about":"elevator/1"})",
    R"({"record":"maintenance","action":"corrected","no":"1","validUntil":"soon","text":"困"})",
    R"({"record":"maintenance","action":"completed","no":"1","validUntil":null,"step":"arrived"})"};

void play(const std::string& pack) {
  using namespace std::chrono_literals;
  streams::Topology topology{"fuzz"};
  std::vector<std::string> types;
  for (const city::Door& door : city::kDoors) types.emplace_back(door.type);
  topology.apply<Drop>("drop", topology.apply<see::Detect>(
                                   "detect", with(topology.events(types), topology.versions()),
                                   see::DetectOptions{}));
  streams::TestDriver driver{
      topology,
      [] { return std::make_unique<connectors::EventDecoder>(); },
      {.city = "fuzz", .doors = city::door_topics(), .partitions = 1, .memory_bytes = 0}};
  driver.activate({"rules/fuzz", "1", pack});
  int number = 0;
  for (int round = 0; round < 4; ++round)
    for (const city::Door& door : city::kDoors)
      for (const char* data : kData) {
        const auto arrives = signals::kStart + ++number * 1s;
        const auto happened = arrives - number % 7 * 9s;
        driver.send(std::string{door.topic}, "elevator/1", arrives,
                    signals::event(door.type, "elevator/1", std::to_string(number), happened,
                                   data));
      }
  driver.advance_to(signals::kStart + 1h);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20'000) return 0;
  const std::string text{reinterpret_cast<const char*>(data), size};
  std::vector<rules::Problem> problems;
  const rules::Pack pack = rules::read_pack(text, "fuzz.yaml", problems);
  (void)rules::Rulebook::compile({pack}, nullptr, problems);
  for (const rules::Problem& problem : problems)
    if (problem.sentence().empty()) __builtin_trap();
  if (problems.empty()) play(text);
  return 0;
}
