#include "app/retention.h"

#include <gtest/gtest.h>

#include "app/city_files.h"
#include "app/files.h"
#include "state/database.h"
#include "tests/contract/temp_directory.h"

namespace app {
namespace {

using namespace std::chrono_literals;
using streams::Time;

std::string problem(const std::string& text) {
  const auto read = Retention::read(text, "retention.yaml");
  return read ? "" : read.error().what;
}

TEST(Retention, WhatIsLeftOutKeepsItsDefault) {
  const auto read = Retention::read("elevator.telemetry: 12h\n", "retention.yaml");
  ASSERT_TRUE(read.ok()) << read.error().what;
  auto expected = Retention{}.by_topic();
  EXPECT_NE(expected["elevator.telemetry"], streams::Duration{12h});
  expected["elevator.telemetry"] = 12h;
  EXPECT_EQ(read->by_topic(), expected);
  EXPECT_TRUE(Retention::read("{}", "retention.yaml").ok());
}

TEST(Retention, ShanghaisFileSaysTheDefaults) {
  const auto city = read_city(default_city_directory());
  ASSERT_TRUE(city.ok()) << city.error().what;
  EXPECT_EQ(city->retention.by_topic(), Retention{}.by_topic());
  const auto text = read_file(default_city_directory() + "/retention.yaml");
  for (const auto& [topic, kept] : city->retention.by_topic())
    EXPECT_NE(text->find("\n" + topic + ": "), std::string::npos) << topic << " is not in the file";
}

TEST(Retention, WrongFilesAreRefusedInASentence) {
  EXPECT_TRUE(problem("telemetry: 3d")
                  .starts_with("retention.yaml:1:1: unknown key 'telemetry' in the retention of "
                               "topics; known are: camera.alerts, "))
      << problem("telemetry: 3d");
  EXPECT_TRUE(problem("warnings: long")
                  .starts_with("retention.yaml:1:11: 'warnings' of the retention of topics: "
                               "expected a duration such as "));
  EXPECT_TRUE(problem("warnings: 3d\nwarnings: 4d")
                  .starts_with("retention.yaml:2:1: 'warnings' stands at line 1 already"));
  EXPECT_TRUE(
      problem("- warnings").starts_with("retention.yaml:1:1: the retention of topics must"));
  EXPECT_EQ(problem("hotline.complaints: 2d"),
            "retention.yaml:1:1: 'city.events' holds text of complaints and may not be kept longer "
            "than 'hotline.complaints'\n"
            "retention.yaml:1:1: 'dead.letters' holds text of complaints and may not be kept "
            "longer than 'hotline.complaints'");
  EXPECT_EQ(
      problem("dead.letters: 31d"),
      "retention.yaml:1:15: 'dead.letters' holds text of complaints and may not be kept longer "
      "than 'hotline.complaints'");
  EXPECT_EQ(problem("hotline.complaints: 2d\ncity.events: 2d\ndead.letters: 1d"), "");
}

TEST(Retention, DropsByTopicAndAge) {
  TempDirectory directory;
  auto database = state::Database::open(directory.path());
  ASSERT_TRUE(database.ok()) << database.error().what;
  auto log = state::EmbeddedLog::open(**database);
  ASSERT_TRUE(log.ok());
  const Time now = *streams::parse_time("2026-11-22T08:00:00Z");
  const std::vector<std::string> topics{"elevator.telemetry", "warnings", "something.else"};
  for (const auto age : {500 * 24h, 4 * 24h, 0h})  // a block each
    for (const std::string& topic : topics) {
      ASSERT_TRUE((*log)->append({{{topic, 0}, now - age, "x", {}}}, false).ok());
      ASSERT_TRUE((*log)->flush().ok());
    }
  ASSERT_TRUE(Retention{}.trim(**log, now).ok());
  std::map<std::string, std::int64_t> first;
  for (const auto& topic : (*log)->topics()) first[topic.name] = topic.partitions[0].first;
  EXPECT_EQ(first, (std::map<std::string, std::int64_t>{
                       {"elevator.telemetry", 2}, {"warnings", 1}, {"something.else", 0}}));
}

}  // namespace
}  // namespace app
