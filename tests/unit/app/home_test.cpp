// A data directory whose little files are lost or wrong: told with a sentence, or mended from what
// the database itself knows.

#include "app/home.h"

#include <gtest/gtest.h>

#include <fstream>

#include "app/files.h"
#include "tests/contract/temp_directory.h"

namespace app {
namespace {

constexpr const char* kPack = R"(pack: elevator
rules:
- rule: elevator.fault
  title: {zh: 电梯故障, en: Fault}
  on: elevator.telemetry
  when: data.faultCode != null
  episode: 10m
  consequence: order
  source: "x"
)";

struct HomeTest : testing::Test {
  HomeTest() {
    std::filesystem::create_directories(city + "/rules");
    std::ofstream{city + "/rules/elevator.yaml"} << kPack;
    EXPECT_TRUE(open(city, 3).ok());
  }
  streams::Result<std::unique_ptr<RunningCity>> open(const std::string& named,
                                                     std::optional<int> partitions = {}) {
    RunOptions options;
    options.data = data;
    options.city = named;
    options.partitions = partitions;
    options.memory = "64MiB";
    return RunningCity::open(options);
  }
  void write(const std::string& text) { std::ofstream{data + "/watchfire.yaml"} << text; }

  TempDirectory temp;
  const std::string city = temp.path() + "/toytown", data = temp.path() + "/data";
};

TEST_F(HomeTest, AnEmptyOrLostFileIsToldAndMendedOnceTheCityIsNamed) {
  for (const bool lost : {false, true}) {
    write("");
    if (lost) std::filesystem::remove(data + "/watchfire.yaml");
    const auto unnamed = open("");
    ASSERT_FALSE(unnamed.ok());
    EXPECT_NE(unnamed.error().what.find("watchfire.yaml is missing or empty"), std::string::npos);
    EXPECT_NE(unnamed.error().what.find("--city"), std::string::npos);
    const auto named = open(city);
    ASSERT_TRUE(named.ok()) << named.error().what;
    EXPECT_EQ((*named)->partitions(), 3) << "as the database has it, not as a new one would";
    EXPECT_EQ((*Home::read(data))->partitions, 3);
  }
}

TEST_F(HomeTest, AFileOrOptionThatContradictsTheDatabaseIsRefused) {
  const auto asked = open("", 4);
  ASSERT_FALSE(asked.ok());
  EXPECT_NE(asked.error().what.find("was made with 3 partitions"), std::string::npos)
      << asked.error().what;
  write("city: " + city + "\npartitions: 5\n");
  const auto edited = open("");
  ASSERT_FALSE(edited.ok());
  EXPECT_NE(edited.error().what.find("and not with 5"), std::string::npos) << edited.error().what;
}

TEST_F(HomeTest, AFileIsWrittenWholeOrNotAtAll) {
  const std::string path = temp.path() + "/note";
  ASSERT_TRUE(write_file(path, "first").ok());
  std::filesystem::create_directory(path + ".new");  // nothing can be written beside
  const auto failed = write_file(path, "second");
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().what.find("can't write " + path), std::string::npos);
  EXPECT_EQ(*read_file(path), "first");
}

}  // namespace
}  // namespace app
