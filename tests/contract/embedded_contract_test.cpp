// The contracts of Log and Store, for those in memory and those on RocksDB.

#include "state/embedded_log.h"
#include "state/rocks_store.h"
#include "streams/memory.h"
#include "tests/contract/log_contract.h"
#include "tests/contract/store_contract.h"
#include "tests/contract/temp_directory.h"

namespace contract {
namespace {

class MemoryLogHarness : public LogHarness {
 public:
  Log& log() override { return log_; }
  bool reopen() override { return false; }

 private:
  streams::MemoryLog log_;
};

class EmbeddedLogHarness : public LogHarness {
 public:
  explicit EmbeddedLogHarness(state::EmbeddedLogOptions options) : options_(std::move(options)) {
    reopen();
  }
  Log& log() override { return *log_; }
  bool reopen() override {
    log_.reset();
    database_.reset();
    database_ = std::move(*state::Database::open(directory_.path()));
    log_ = std::move(*state::EmbeddedLog::open(*database_, options_));
    return true;
  }

 private:
  const state::EmbeddedLogOptions options_;
  TempDirectory directory_;
  std::unique_ptr<state::Database> database_;
  std::unique_ptr<state::EmbeddedLog> log_;
};

state::EmbeddedLogOptions small_blocks() {
  state::EmbeddedLogOptions options;
  options.limits = {.block_bytes = 500, .block_records = 7};
  options.sync_interval = 0ms;
  return options;
}

INSTANTIATE_TEST_SUITE_P(
    Logs, LogContract,
    testing::Values(
        LogKind{"Memory", [] { return std::make_unique<MemoryLogHarness>(); }},
        LogKind{"Embedded",
                [] { return std::make_unique<EmbeddedLogHarness>(state::EmbeddedLogOptions{}); }},
        LogKind{"EmbeddedSmallBlocks",
                [] { return std::make_unique<EmbeddedLogHarness>(small_blocks()); }}),
    [](const auto& kind) { return kind.param.name; });

class MemoryStoreHarness : public StoreHarness {
 public:
  Store& store() override { return store_; }
  bool reopen() override { return false; }

 private:
  streams::MemoryStore store_;
};

class RocksStoreHarness : public StoreHarness {
 public:
  RocksStoreHarness() { reopen(); }
  Store& store() override { return *store_; }
  bool reopen() override {
    store_.reset();
    database_.reset();
    database_ = std::move(*state::Database::open(directory_.path()));
    store_ = std::make_unique<state::RocksStore>(*database_);
    return true;
  }

 private:
  TempDirectory directory_;
  std::unique_ptr<state::Database> database_;
  std::unique_ptr<state::RocksStore> store_;
};

INSTANTIATE_TEST_SUITE_P(
    Stores, StoreContract,
    testing::Values(StoreKind{"Memory", [] { return std::make_unique<MemoryStoreHarness>(); }},
                    StoreKind{"Rocks", [] { return std::make_unique<RocksStoreHarness>(); }}),
    [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace contract
