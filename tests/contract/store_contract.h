#pragma once

// What every Store promises. Include it in one file of a test program and instantiate StoreContract
// with makers of harnesses.

#include <gtest/gtest.h>

#include <functional>

#include "streams/store.h"

namespace contract {

using streams::Store;
using streams::StoreWrite;

class StoreHarness {
 public:
  virtual ~StoreHarness() = default;
  virtual Store& store() = 0;
  /// Closes and opens it again; false: this kind keeps nothing.
  virtual bool reopen() = 0;
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StoreHarness>()> make;
};
inline void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }

class StoreContract : public testing::TestWithParam<StoreKind> {
 protected:
  Store& store() { return harness_->store(); }
  bool reopen() { return harness_->reopen(); }
  void write(std::vector<StoreWrite> batch) { ASSERT_TRUE(store().write(std::move(batch)).ok()); }
  std::optional<std::string> get(std::string_view key) {
    const auto value = store().get(key);
    EXPECT_TRUE(value.ok());
    return *value;
  }
  std::string scan(std::string_view prefix, std::size_t limit = 100) {
    std::string seen;
    EXPECT_TRUE(store()
                    .scan(prefix,
                          [&](std::string_view key, std::string_view value) {
                            seen.append(key).append("=").append(value).append(" ");
                            return --limit > 0;
                          })
                    .ok());
    return seen;
  }

 private:
  std::unique_ptr<StoreHarness> harness_ = GetParam().make();
};

TEST_P(StoreContract, RowsAreReadAndDeleted) {
  EXPECT_EQ(get("a"), std::nullopt);
  write({{"b", "2"}, {"a", "1"}, {"empty", ""}});
  EXPECT_EQ(get("a"), "1");
  EXPECT_EQ(get("empty"), "");
  write({{"a", std::nullopt}, {"b", "3"}, {"never", std::nullopt}});
  reopen();
  if (get("b")) {
    EXPECT_EQ(get("a"), std::nullopt);
    EXPECT_EQ(get("b"), "3");
  }
}

TEST_P(StoreContract, OfEqualKeysInABatchTheLastCounts) {
  write({{"k", "1"}, {"j", "1"}, {"k", std::nullopt}, {"k", "2"}, {"j", std::nullopt}});
  EXPECT_EQ(get("k"), "2");
  EXPECT_EQ(get("j"), std::nullopt);
}

TEST_P(StoreContract, AScanGivesAPrefixInByteOrder) {
  write({{"p/b", "2"}, {"p/a", "1"}, {"p0", "after"}, {"p", "before"}, {"p/\xff", "3"},
         {"o", "o"}});
  EXPECT_EQ(scan("p/"), "p/a=1 p/b=2 p/\xff=3 ");
  EXPECT_EQ(scan("p/", 2), "p/a=1 p/b=2 ");
  EXPECT_EQ(scan("q"), "");
  EXPECT_EQ(scan("", 1), "o=o ");
}

TEST_P(StoreContract, KeysMayHoldAnyByte) {
  const std::string key{"\0k\0", 3};
  write({{key, std::string{"\0v", 2}}});
  EXPECT_EQ(get(key), (std::string{"\0v", 2}));
  EXPECT_EQ(get(std::string_view{key}.substr(0, 2)), std::nullopt);
}

TEST_P(StoreContract, LargeBatchesAreKept) {
  std::vector<StoreWrite> batch;
  for (int i = 0; i < 20000; ++i)
    batch.push_back({"row/" + std::to_string(i), std::string(200, 'v') + std::to_string(i)});
  write(std::move(batch));
  if (!reopen()) return;
  std::size_t rows = 0;
  ASSERT_TRUE(store()
                  .scan("row/", [&](std::string_view, std::string_view) { return ++rows > 0; })
                  .ok());
  EXPECT_EQ(rows, 20000u);
  EXPECT_EQ(get("row/19999"), std::string(200, 'v') + "19999");
}

}  // namespace contract
