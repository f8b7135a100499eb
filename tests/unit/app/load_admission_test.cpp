#include "app/load_admission.h"

#include <gtest/gtest.h>

#include "app/city_files.h"
#include "connectors/json/event_decoder.h"

namespace app {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kButton =
    R"({"floor":5,"speedMps":0.0,"door":"closed","doorZone":false,"occupied":true,)"
    R"("mode":"normal","alarmButton":true,"alarmEnd":false})";
constexpr std::string_view kUsual =
    R"({"floor":5,"speedMps":1.5,"door":"closed","doorZone":false,"occupied":true,)"
    R"("mode":"normal","alarmButton":false,"alarmEnd":false})";

class LoadAdmissionTest : public testing::Test {
 protected:
  LoadAdmissionTest() {
    auto files = read_city(default_city_directory());
    EXPECT_TRUE(files.ok());
    versions_ = files->versions;
    LoadAdmission::Ports ports;
    ports.ahead = [this](std::size_t records) {
      return ahead_ + LoadAdmission::Seconds{static_cast<double>(records) * 100e-6};
    };
    ports.full = [this](std::size_t) { return full_; };
    ports.added = [this](std::size_t records) { added_ += records; };
    ports.clock = [] { return *streams::parse_time("2026-11-22T08:00:01Z"); };
    ports.monotonic = [this] { return now_; };
    ports.versions = [this] { return versions_; };
    ports.decoder = std::make_unique<connectors::EventDecoder>();
    admission_ = std::make_unique<LoadAdmission>(std::move(ports), "sh", 500ms);
  }
  bool passes(const std::string& type, std::string_view data, const std::string& source = "/iot") {
    std::string bytes = R"({"specversion":"1.0","id":")" + std::to_string(++ids_) +
                        R"(","source":")" + source + R"(","type":")" + type +
                        R"(","subject":"elevator/1","time":"2026-11-22T08:00:00Z","data":)" +
                        std::string{data} + "}";
    const std::size_t size = bytes.size();
    bytes.append(streams::Decoder::kPadding, ' ');
    return admission_->passes({bytes.data(), size});
  }
  bool button(const std::string& source = "/iot") {
    return passes("city.elevator.telemetry.v1", kButton, source);
  }
  bool complaint() {
    return passes("city.complaint.filed.v1",
                  R"({"channel":"12345","kind":"complaint","category":"noise","text":"太吵"})");
  }

  std::vector<streams::Version> versions_;
  LoadAdmission::Seconds ahead_{};
  bool full_ = false;
  std::size_t added_ = 0;
  std::chrono::nanoseconds now_ = 1h;
  int ids_ = 0;
  std::unique_ptr<LoadAdmission> admission_;
};

TEST_F(LoadAdmissionTest, RefusesFromTheLimitOnAndSaysWhenToComeAgain) {
  EXPECT_FALSE(admission_->refusal(1'000));
  ahead_ = 240ms;
  EXPECT_FALSE(admission_->refusal(1 << 20)) << "one large request may stand alone";
  ahead_ = 260ms;
  EXPECT_FALSE(admission_->refusal(10'000));
  EXPECT_TRUE(admission_->refusal(1 << 20)) << "but is not heaped onto what waits";
  ahead_ = 500ms;
  EXPECT_EQ(admission_->refusal(100), 1s);
  ahead_ = 2'100ms;
  EXPECT_EQ(admission_->refusal(100), 3s);
  ahead_ = 1h;
  EXPECT_EQ(admission_->refusal(100), 10s);
  ahead_ = 0ms;
  full_ = true;
  EXPECT_EQ(admission_->refusal(100), 1s) << "what waits to be written is full";
  EXPECT_EQ(admission_->counts().requests, 5u);
}

TEST_F(LoadAdmissionTest, ShedsDevicesThenPeopleAndLifeLast) {
  ahead_ = 600ms;
  ASSERT_TRUE(admission_->refusal(1'000));
  EXPECT_FALSE(passes("city.elevator.telemetry.v1", kUsual));
  EXPECT_FALSE(passes("city.camera.alert.v1", R"({"label":"no_mask","confidence":0.9})"));
  EXPECT_FALSE(passes("city.permit.changed.v1", R"({"record":"licence","action":"granted"})"));
  EXPECT_TRUE(button()) << "what a P1 rule fires on";
  EXPECT_TRUE(button()) << "also when it was told of before";
  EXPECT_TRUE(complaint());
  EXPECT_TRUE(
      passes("city.field.feedback.v1", R"({"step":"arrived","by":"officer/1","order":"o"})"));
  ahead_ = 2s;
  ASSERT_TRUE(admission_->refusal(1'000));
  EXPECT_FALSE(complaint());
  EXPECT_TRUE(passes("city.complaint.filed.v1",
                     R"({"channel":"12345","kind":"help","category":"elevator",)"
                     R"("text":"电梯困人，求助","about":"elevator/1"})"))
      << "a caller's P1";
  EXPECT_TRUE(button());
  const LoadAdmission::Counts counts = admission_->counts();
  EXPECT_EQ(counts.refused[LoadAdmission::devices], 3u);
  EXPECT_EQ(counts.passed[LoadAdmission::life], 4u);
  EXPECT_EQ(counts.passed[LoadAdmission::people], 2u);
  EXPECT_EQ(counts.refused[LoadAdmission::people], 1u);
}

TEST_F(LoadAdmissionTest, ASourceThatCriesWolfHasARateOfItsOwn) {
  ahead_ = 600ms;
  ASSERT_TRUE(admission_->refusal(1'000));
  for (int i = 0; i < 2'000; ++i) ASSERT_TRUE(button("/wolf")) << i;
  EXPECT_FALSE(button("/wolf"));
  EXPECT_TRUE(button("/another"));
  EXPECT_EQ(admission_->counts().refused[LoadAdmission::life], 1u);
  now_ += 1s;
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(button("/wolf")) << i;
  EXPECT_FALSE(button("/wolf"));
}

TEST_F(LoadAdmissionTest, SourcesWithoutEndShareOneRate) {
  ahead_ = 600ms;
  ASSERT_TRUE(admission_->refusal(1'000));
  std::size_t taken = 0;
  for (std::size_t i = 0; i < LoadAdmission::kMostSources + 5'000; ++i)
    taken += button("/made-up/" + std::to_string(i)) ? 1 : 0;
  EXPECT_EQ(taken, LoadAdmission::kMostSources + 2'000);
}

TEST_F(LoadAdmissionTest, WhatIsLifeFollowsTheActiveRules) {
  std::erase_if(versions_, [](const auto& version) { return version.name == "rules/elevator"; });
  ahead_ = 600ms;
  ASSERT_TRUE(admission_->refusal(1'000));
  EXPECT_FALSE(button());
  versions_ = read_city(default_city_directory())->versions;
  now_ += 1s;
  ASSERT_TRUE(admission_->refusal(1'000));
  EXPECT_TRUE(button());
}

}  // namespace
}  // namespace app
