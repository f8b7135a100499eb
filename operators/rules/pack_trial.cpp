#include "operators/rules/pack_trial.h"

#include <algorithm>

#include "operators/city/topics.h"
#include "operators/rules/pack_reader.h"
#include "operators/see/detect.h"
#include "streams/test_driver.h"

namespace rules {
namespace {

using streams::field;
using streams::Time;

constexpr Time kStart = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

/// What a trial looks at of a conclusion.
struct Seen {
  std::string id = "seen";
  int revision = 1;
  std::string rule;
  std::string what;
  streams::Time at{};
  std::string because;
  static constexpr auto fields() {
    return std::tuple{field("rule", &Seen::rule), field("what", &Seen::what),
                      field("at", &Seen::at), field("because", &Seen::because)};
  }
};

class Look : public streams::Operator<Seen(city::Conclusion)> {
 public:
  explicit Look(std::vector<Seen>* all) : all_(all) {}
  void process(const streams::Record<city::Conclusion>& in, streams::Emit<Seen>&) override {
    Seen seen;
    seen.rule = in.value.rule;
    seen.what = in.value.permit ? "permitted" : streams::name_of(in.value.what);
    seen.at = in.time();
    if (!in.value.reasons.empty()) seen.because = in.value.reasons.front().zh;
    all_->push_back(seen);
  }

 private:
  std::vector<Seen>* all_;
};

std::string event_of(const PackTest::Given& given, std::size_t number) {
  const city::Door* door = nullptr;
  for (const city::Door& one : city::kDoors)
    if (one.topic == given.topic) door = &one;
  std::string bytes = R"({"specversion":"1.0","id":"t)" + std::to_string(number) +
                      R"(","source":"/test","type":")" +
                      std::string{door == nullptr ? given.topic : door->type} + R"(","subject":)";
  streams::append_json_text(bytes, given.subject);
  bytes += R"(,"time":")";
  streams::append_time(bytes, kStart + given.at);
  return bytes + R"(","data":)" + given.data + "}";
}

std::string shown(const std::string& what, const std::string& rule, streams::Duration at) {
  return what + " " + rule + " at +" + streams::format_duration(at);
}

TrialResult try_one(const PackTest& test, const streams::Version& version,
                    const TrialCity& city) {
  std::vector<Seen> seen;
  streams::Topology topology{"trial"};
  std::vector<std::string> types;
  for (const city::Door& door : city::kDoors) types.emplace_back(door.type);
  topology.apply<Look>(
      "look",
      topology.apply<see::Detect>("detect", with(topology.events(types), topology.versions()),
                                  see::DetectOptions{city.read_raw}),
      &seen);
  streams::TestDriver driver{
      topology,
      city.make_decoder,
      {.city = "test", .doors = city::door_topics(), .partitions = 1, .memory_bytes = 0}};
  if (city.calendar) driver.activate(*city.calendar);
  driver.activate(version);
  streams::Duration last{};
  for (std::size_t i = 0; i < test.given.size(); ++i) {
    const PackTest::Given& given = test.given[i];
    driver.send(given.topic, given.subject, kStart + given.at, event_of(given, i));
    last = std::max(last, given.at);
  }
  for (const PackTest::Expected& wanted : test.expect) last = std::max(last, wanted.at);
  driver.advance_to(kStart + last + streams::kTickInterval);

  std::string problem;
  for (const PackTest::Expected& wanted : test.expect) {
    const auto it = std::find_if(seen.begin(), seen.end(), [&](const Seen& one) {
      return one.rule == wanted.rule && one.what == wanted.what && one.at == kStart + wanted.at;
    });
    if (it != seen.end() && !wanted.because.empty() && it->because != wanted.because)
      problem += "; " + shown(wanted.what, wanted.rule, wanted.at) + " because '" + it->because +
                 "', not '" + wanted.because + "'";
    if (it != seen.end())
      seen.erase(it);
    else
      problem += "; did not come: " + shown(wanted.what, wanted.rule, wanted.at);
  }
  for (const Seen& one : seen)  // of other rules and other kinds much may come
    if (one.rule == test.rule && one.what == "fired")
      problem += "; not expected: " + shown(one.what, one.rule, one.at - kStart);
  return {test.rule, test.place, problem.empty(), problem.empty() ? "" : problem.substr(2)};
}

}  // namespace

std::vector<TrialResult> try_pack(const std::string& text, const std::string& file,
                                  const TrialCity& city) {
  std::vector<Problem> problems;
  const Pack pack = read_pack(text, file, problems);
  CHECK(problems.empty());
  std::vector<TrialResult> results;
  for (const PackTest& test : pack.tests)
    results.push_back(try_one(test, {"rules/" + pack.name, pack.hash, text}, city));
  return results;
}

}  // namespace rules
