// What is active at a record depends on the versions before it and on nothing else: one without
// content takes away, and an activation that was undone is gone.

#include <gtest/gtest.h>

#include <cstdlib>

#include "connectors/json/event_decoder.h"
#include "operators/duty/active_list.h"
#include "streams/test_driver.h"
#include "tests/support/toy_city.h"
#include "tests/support/whole_city.h"

namespace {

using namespace streams;

const Time kStart = *parse_time("2026-11-22T08:00:00Z");

struct WordList {
  std::string word;
  static Result<WordList> parse(const std::string& text, const std::string&) {
    return WordList{text};
  }
};

/// Says what is active with every reading.
class Speaker : public Operator<toy::Total(toy::Reading, Version)> {
 public:
  Value<toy::ChildState> state = value<toy::ChildState>("state");
  void process(const Record<toy::Reading>& in, Emit<toy::Total>& out) override {
    out({std::string{in.key()}, ++state.edit().revision, 0,
         list_->word + "/" + list_.version});
  }
  void process(const Record<Version>& in, Emit<toy::Total>&) override {
    (void)list_.take(in.value);
  }

 private:
  city::ActiveList<WordList> list_;
};

std::vector<std::string> play(const Topology& topology, const Schedule& schedule) {
  TestDriver driver{topology,
                    [] { return std::make_unique<connectors::EventDecoder>(); },
                    {.city = "toy", .doors = {"a"}, .partitions = 2},
                    schedule};
  Time at = kStart;
  int number = 0;
  const auto read = [&] {
    for (int i = 0; i < 6; ++i) {
      at += 400ms;
      const std::string subject = "child/" + std::to_string(i % 2);
      driver.send("a", subject, at,
                  R"({"specversion":"1.0","id":"r)" + std::to_string(++number) +
                      R"(","source":"/toy","type":"toy.reading.v1","subject":")" + subject +
                      R"(","time":")" + format_time(at) + R"(","data":{"amount":1,"parent":""}})");
    }
    driver.finish();
  };
  read();
  for (const char* content : {"one", "two", "", "three", ""}) {
    driver.activate({"list", content, content});
    read();
  }
  return driver.read("totals");
}

TEST(Versions, AnUndoneActivationIsGoneAndAnEmptyOneTakesAway) {
  Topology topology{"toy"};
  topology
      .apply<Speaker>("speaker",
                      with(topology.records<toy::Reading>("toy.reading.v1"), topology.versions()))
      .to(Topic<toy::Total>{"totals"});
  const std::vector<std::string> wanted = play(topology, Schedule::steady());
  ASSERT_EQ(wanted.size(), 36u);
  const char* const said[] = {"/", "one/list@one", "two/list@two", "/", "three/list@three", "/"};
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_NE(wanted[i].find(R"("why":")" + std::string{said[i / 6]} + "\""), std::string::npos)
        << wanted[i];
  const char* text = std::getenv("WATCHFIRE_SEEDS");
  for (int seed = 0; seed < (text == nullptr ? 200 : std::atoi(text)); ++seed)
    ASSERT_EQ(play(topology, Schedule::random(static_cast<std::uint64_t>(seed))), wanted)
        << "seed " << seed;
}

TEST(Versions, AnEmptyOneTakesARulePackAway) {
  using namespace whole;
  City with_pack, without;
  without.activate({"rules/elevator", "", ""});
  for (City* city : {&with_pack, &without}) {
    city->register_elevator("elevator/1");
    for (Duration at = 0s; at < 3min; at += 10s) city->telemetry({at, "elevator/1"});
  }
  const auto trapped = [](City& city) {
    std::size_t count = 0;
    for (const Said& said : city.run_to(5min))
      count += said.topic == "warnings" && said.has("elevator.trapped");
    return count;
  };
  EXPECT_GT(trapped(with_pack), 0u);
  EXPECT_EQ(trapped(without), 0u);
}

}  // namespace
