// A drill stays a drill: what timers decide after a marked event is marked as well, nobody outside
// is told, and what is real is never taken for a drill.

#include "tests/support/whole_city.h"

namespace {

using namespace whole;
using namespace std::chrono_literals;

constexpr const char* kDrill = "elevator/drill";
constexpr const char* kReal = "elevator/real";

std::size_t count(const std::vector<Said>& all, const std::string& topic, const std::string& entity,
                  bool exercise) {
  std::size_t found = 0;
  for (const Said& said : all)
    found += said.topic == topic && said.subject == entity && said.exercise == exercise;
  return found;
}

struct Drill : testing::Test {
  Drill() {
    city.register_elevator(kDrill);
    city.register_elevator(kReal);
  }
  City city;
};

TEST_F(Drill, IsCarriedThroughEveryTimer) {
  city.telemetry({0s, kDrill, kTrapped, 0s, true});
  city.telemetry({0s, kReal});
  // The rule's 60 s, the minutes without acceptance, arrival, and the ladder behind them.
  const std::vector<Said> all = city.run_to(3h);
  EXPECT_GE(count(all, "warnings", kDrill, true), 1u);
  EXPECT_GE(count(all, "dispatch.orders", kDrill, true), 3u);
  EXPECT_EQ(count(all, "warnings", kDrill, false), 0u);
  EXPECT_EQ(count(all, "dispatch.orders", kDrill, false), 0u);
  EXPECT_EQ(count(all, "dispatch.orders", kReal, false),
            count(all, "dispatch.orders", kDrill, true));
  EXPECT_EQ(count(all, "warnings", kReal, true) + count(all, "dispatch.orders", kReal, true), 0u);
  std::size_t notices = 0;
  for (const Said& said : all)
    if (said.topic == "notices") {
      ++notices;
      EXPECT_FALSE(said.exercise) << said.bytes;
    }
  EXPECT_GE(notices, 1u) << "the real one's leaders are told";
}

TEST_F(Drill, AnUnmarkedAnswerDoesNotMakeItReal) {
  city.telemetry({0s, kDrill, kTrapped, 0s, true});
  city.feedback({2min, kDrill,
                 R"({"step":"accept","item":"elevator.rescue","by":"unit/fast-lift",)"
                 R"("eta":"2026-11-22T08:10:00Z"})"});
  const std::vector<Said> all = city.run_to(3h);
  EXPECT_GE(count(all, "dispatch.orders", kDrill, true), 2u);
  EXPECT_EQ(count(all, "dispatch.orders", kDrill, false), 0u);
}

TEST_F(Drill, ARealSignalMakesItReal) {
  city.telemetry({0s, kDrill, kTrapped, 0s, true});
  city.telemetry({20s, kDrill});  // people are in it
  std::vector<Said> all = city.run_to(1min + 10s);
  EXPECT_EQ(count(all, "warnings", kDrill, true), 0u) << "the drill's minute is not the people's";
  all = city.run_to(1min + 20s);
  EXPECT_GE(count(all, "warnings", kDrill, false), 1u);
  EXPECT_EQ(count(all, "warnings", kDrill, true), 0u);
}

TEST_F(Drill, ARealSignalMakesAWarningAndItsOrderReal) {
  city.telemetry({0s, kDrill, kTrapped, 0s, true});
  EXPECT_GE(count(city.run_to(70s), "dispatch.orders", kDrill, true), 1u);
  city.telemetry({80s, kDrill});
  const std::vector<Said> all = city.run_to(10min);
  EXPECT_GE(count(all, "warnings", kDrill, false), 1u);
  EXPECT_GE(count(all, "dispatch.orders", kDrill, false), 1u);
}

}  // namespace
