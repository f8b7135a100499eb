// Until when everything that came to the doors has been forwarded.

#include "connectors/kafka/door_clock.h"

#include <gtest/gtest.h>

namespace {

using connectors::kafka::CommittedOffsets;
using connectors::kafka::DoorClock;
using std::chrono::seconds;
using streams::Time;

const streams::Partition kFirst{"elevator.telemetry", 0}, kSecond{"camera.alerts", 3};
const Time kNoon{std::chrono::hours{12}};

TEST(DoorClock, ADoorAtItsEndIsForwardedUntilItWasAsked) {
  DoorClock clock{{kFirst, kSecond}};
  EXPECT_EQ(clock.until(kNoon, {{kFirst, {7, ""}}}, {{kFirst, 7}, {kSecond, 0}}), kNoon);
}

TEST(DoorClock, ADoorThatIsNeverEmptyGoesByWhatItsReaderNoted) {
  DoorClock clock{{kFirst, kSecond}};
  const CommittedOffsets first{{kFirst, {7, DoorClock::note(kNoon - seconds{2})}},
                               {kSecond, {5, ""}}};
  EXPECT_EQ(clock.until(kNoon, first, {{kFirst, 9}, {kSecond, 5}}), kNoon - seconds{2});
  const CommittedOffsets then{{kFirst, {9, DoorClock::note(kNoon - seconds{1})}},
                              {kSecond, {5, ""}}};
  EXPECT_EQ(clock.until(kNoon + seconds{1}, then, {{kFirst, 20}, {kSecond, 5}}),
            kNoon - seconds{1});
}

TEST(DoorClock, WhatWaitsAndWasNeverReadHoldsTheClock) {
  DoorClock clock{{kFirst, kSecond}};
  EXPECT_EQ(clock.until(kNoon, {}, {{kFirst, 1}, {kSecond, 0}}), Time{});
}

TEST(DoorClock, ANoteOfALaterTimeIsNotBelieved) {
  DoorClock clock{{kFirst}};
  EXPECT_EQ(
      clock.until(kNoon, {{kFirst, {7, DoorClock::note(kNoon + seconds{60})}}}, {{kFirst, 9}}),
      kNoon);
}

TEST(DoorClock, AnUnreadableNoteOrAnOlderOneLeavesWhatIsKnown) {
  DoorClock clock{{kFirst}};
  EXPECT_EQ(clock.until(kNoon, {{kFirst, {7, ""}}}, {{kFirst, 7}}), kNoon);
  for (const std::string& note : {std::string{"?"}, DoorClock::note(kNoon - seconds{9})})
    EXPECT_EQ(clock.until(kNoon + seconds{1}, {{kFirst, {8, note}}}, {{kFirst, 9}}), kNoon);
}

}  // namespace
