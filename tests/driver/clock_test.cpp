// A device whose clock is wrong harms only its own entity, and that one only as long as it is
// wrong.

#include "tests/support/whole_city.h"

namespace {

using namespace whole;
using namespace std::chrono_literals;

constexpr const char* kBroken = "elevator/broken";
const std::vector<std::string> kNeighbours{"elevator/1", "elevator/2", "elevator/3", "elevator/4"};

/// Neighbours in both partitions trap people, each at its own time; all are heard of every 10 s.
void play(City& city, Duration ahead) {
  for (const std::string& entity : kNeighbours) city.register_elevator(entity);
  city.register_elevator(kBroken);
  for (Duration at = 0s; at < 6min; at += 10s) {
    // Trapped during the first two minutes, then freed by its own doors; trapped again at 4 min.
    const bool stuck = at < 2min || at >= 4min;
    city.telemetry({at, kBroken, stuck ? kTrapped : kMoving, at < 3min ? ahead : 0s});
    for (std::size_t i = 0; i < kNeighbours.size(); ++i) {
      const Duration from = 30s * static_cast<int>(i);
      city.telemetry({at + 1s, kNeighbours[i], at >= from ? kTrapped : kMoving});
    }
  }
}

std::vector<std::string> of_neighbours(const std::vector<Said>& all) {
  std::vector<std::string> records;
  for (const Said& said : all)
    if (said.subject != kBroken && !said.has(kBroken)) records.push_back(said.bytes);
  return records;
}
std::vector<Duration> trapped_at(const std::vector<Said>& all) {
  std::vector<Duration> times;
  for (const Said& said : all)
    if (said.topic == "warnings" && said.subject == kBroken && said.has("elevator.trapped") &&
        (said.id.ends_with(".1") || said.has("condition.again")) && said.has("\"active\""))
      times.push_back(said.time - kStart);
  return times;
}

TEST(Clock, ThreeHoursAheadHarmsOnlyItsOwnElevator) {
  City right, wrong;
  play(right, 0s);
  play(wrong, 3h);
  const std::vector<Said> expected = right.run_to(10min), said = wrong.run_to(10min);
  EXPECT_EQ(right.clamped(), 0u);
  EXPECT_EQ(wrong.clamped(), 18u) << "one each 10 s, for 3 min";
  ASSERT_GE(of_neighbours(expected).size(), 2 * kNeighbours.size());
  EXPECT_EQ(of_neighbours(said), of_neighbours(expected));
}

TEST(Clock, ItsOwnWarningsComeLateByTheBoundAndThenInTime) {
  City city;
  play(city, 3h);
  const std::vector<Duration> times = trapped_at(city.run_to(10min));
  ASSERT_EQ(times.size(), 2u);
  EXPECT_EQ(times[0], 70s) << "60 s after the event as it was clamped";
  EXPECT_EQ(times[1], 5min) << "60 s after its first event with a mended clock";
}

}  // namespace
