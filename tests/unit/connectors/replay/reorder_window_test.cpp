#include "connectors/replay/reorder_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace {

using namespace std::chrono_literals;
using connectors::Arrived;
using connectors::Ordered;
using connectors::ReorderWindow;
using streams::Duration;
using streams::Time;

const Time kStart = *streams::parse_time("2026-11-22T08:00:00Z");

/// Each second of `seconds` is a record whose id is its place in the list.
std::vector<Ordered> play(const std::vector<Arrived>& records) {
  ReorderWindow window;
  std::vector<Ordered> out;
  const auto drain = [&] {
    while (auto next = window.pop()) out.push_back(std::move(*next));
  };
  for (const Arrived& record : records) {
    window.push(record);
    drain();
  }
  window.end();
  drain();
  return out;
}

Arrived at(double seconds, const std::string& id, std::int64_t line) {
  return {
      kStart + Duration{static_cast<int>(seconds * 1000)}, "/t", id, "bytes " + id, "", "", line};
}
std::vector<Arrived> at(const std::vector<double>& seconds) {
  std::vector<Arrived> all;
  for (const double second : seconds)
    all.push_back(at(second, std::to_string(all.size()), static_cast<std::int64_t>(all.size())));
  return all;
}
double recorded_second(const Ordered& ordered) {
  return std::chrono::duration<double>(ordered.recorded - kStart).count();
}
/// "<id>@<recorded>" of each.
std::vector<std::string> told(const std::vector<Ordered>& out) {
  std::vector<std::string> all;
  for (const Ordered& one : out)
    all.push_back(one.record.id + "@" + std::to_string(static_cast<int>(recorded_second(one))));
  return all;
}
using Told = std::vector<std::string>;

TEST(ReorderWindow, SortsWithinTenSecondsByTimeSourceIdAndBytes) {
  EXPECT_EQ(told(play(at({0, 9, 3, 3, 12}))), (Told{"0@0", "2@3", "3@3", "1@9", "4@12"}));
}

TEST(ReorderWindow, WhatComesLaterPassesWithTheClockReached) {
  std::vector<double> seconds;
  for (int i = 0; i < 40; ++i) seconds.push_back(i);
  seconds.push_back(5);  // the clock is at 39, what was before 29 has passed
  const auto out = play(at(seconds));
  const auto late = std::find_if(out.begin(), out.end(),
                                 [](const Ordered& one) { return one.record.id == "40"; });
  EXPECT_EQ(recorded_second(*late), 28);
  EXPECT_EQ(late->record.time, kStart + 5s);
}

TEST(ReorderWindow, ABrokenClockHarmsOnlyItself) {
  std::vector<double> seconds;
  for (int i = 0; i < 60; ++i) seconds.push_back(i % 7 == 3 ? i + 3 * 3600.0 : i);
  const auto out = play(at(seconds));
  ASSERT_EQ(out.size(), 60u);
  for (const Ordered& one : out) EXPECT_LT(recorded_second(one), 60) << one.record.id;
  for (const Ordered& one : out)
    if (one.record.time < kStart + 1h) {
      EXPECT_EQ(one.recorded, one.record.time) << one.record.id;
    }
}

TEST(ReorderWindow, ABrokenClockMayComeFirstOrLast) {
  const auto first = told(play(at({10800, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9})));
  EXPECT_EQ(first.back(), "10@9");
  EXPECT_NE(std::find(first.begin(), first.end(), "0@0"), first.end());
  const auto last = told(play(at({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10800})));
  EXPECT_EQ(last.back(), "10@9");
}

TEST(ReorderWindow, NightsAndSparseFilesPass) {
  std::vector<double> nights;
  for (int day = 0; day < 3; ++day)
    for (int i = 0; i < 30; ++i) nights.push_back(day * 86400.0 + i);
  for (const Ordered& one : play(at(nights))) EXPECT_EQ(one.recorded, one.record.time);
  std::vector<double> hourly;
  for (int hour = 0; hour < 50; ++hour) hourly.push_back(hour * 3600.0);
  for (const Ordered& one : play(at(hourly))) EXPECT_EQ(one.recorded, one.record.time);
  EXPECT_EQ(told(play(at({7}))), (Told{"0@7"})) << "a file of one record";
}

TEST(ReorderWindow, EventsOfOneRowAreNoWitnessesForEachOther) {
  std::vector<Arrived> records = at({0, 1, 2});
  for (int i = 0; i < 12; ++i) records.push_back(at(9000, "row." + std::to_string(i), 3));
  for (int i = 4; i < 20; ++i) records.push_back(at(i, std::to_string(i), i));
  for (const Ordered& one : play(records)) EXPECT_LT(recorded_second(one), 20);
}

/// Property: any shuffle that brings no record more than 10 s behind a later one, with nights in
/// it, comes out the same; duplicates stay and change nothing else.
TEST(ReorderWindow, ShuffledWithinTheBoundGivesTheSameOrder) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random{seed};
    std::vector<Arrived> records;
    double now = 0;
    for (int i = 0; i < 300; ++i) {
      now += random() % 40 == 0 ? 3600.0 * static_cast<double>(random() % 9) + 20
                                : static_cast<double>(random() % 3000) / 1000;
      records.push_back(at(now, std::to_string(random() % 1000), i));
    }
    const auto wanted = play(records);
    std::vector<std::pair<Time, Arrived>> shuffled;
    for (const Arrived& record : records)
      shuffled.emplace_back(record.time + Duration{static_cast<int>(random() % 10'000)}, record);
    std::stable_sort(shuffled.begin(), shuffled.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Arrived> again;
    for (auto& [when, record] : shuffled) {
      again.push_back(record);
      if (random() % 100 == 0) again.push_back(again[random() % again.size()]);
    }
    std::vector<std::string> seen;  // without the second and later of each
    std::vector<std::string> expected;
    std::set<std::string> known;
    const auto keep = [&](const std::vector<Ordered>& from, std::vector<std::string>& to) {
      known.clear();
      for (const Ordered& one : from) {
        const std::string key = streams::format_time(one.record.time) + one.record.id;
        if (known.insert(key).second) to.push_back(streams::format_time(one.recorded) + key);
      }
    };
    keep(wanted, expected);
    keep(play(again), seen);
    ASSERT_EQ(play(again).size(), again.size());
    ASSERT_EQ(seen, expected) << "seed " << seed;
  }
}

}  // namespace
