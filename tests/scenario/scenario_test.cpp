// Every scenario in memory and on the embedded log; tests/broker runs the same on Kafka.

#include "state/embedded_log.h"
#include "state/rocks_store.h"
#include "streams/memory.h"
#include "tests/contract/temp_directory.h"
#include "tests/scenario/stage.h"

namespace {

class Scenario : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Scenario, InMemory) {
  streams::MemoryLog log;
  streams::MemoryStore store;
  EXPECT_EQ((scenario::Stage{log, store}.play(GetParam())), "");
}

TEST_P(Scenario, Embedded) {
  TempDirectory directory;
  auto database = state::Database::open(directory.path());
  ASSERT_TRUE(database.ok());
  auto log = state::EmbeddedLog::open(**database);
  ASSERT_TRUE(log.ok());
  state::RocksStore store{**database};
  EXPECT_EQ((scenario::Stage{**log, store}.play(GetParam())), "");
}

INSTANTIATE_TEST_SUITE_P(Shanghai, Scenario, testing::ValuesIn(scenario::files()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
