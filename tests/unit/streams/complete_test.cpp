#include "streams/complete.h"

#include <gtest/gtest.h>

#include "streams/entity_table.h"
#include "streams/memory.h"

namespace {

using namespace streams;

/// Takes so many batches, then none.
class FailingStore : public MemoryStore {
 public:
  Result<void> write(std::vector<StoreWrite> batch) override {
    if (batches_-- <= 0) return Error{Error::Kind::fatal, "the disk is full"};
    return MemoryStore::write(std::move(batch));
  }
  int batches_ = 0;
};

TEST(Complete, AWipeTakesOutOnePartitionAndItsMark) {
  MemoryStore store;
  ASSERT_TRUE(store.write({{EntityTable::row_key(0, "a"), "1"},
                           {EntityTable::row_key(1, "a"), "1"},
                           complete_row(0, {7, {}}),
                           complete_row(1, {7, {}})})
                  .ok());
  ASSERT_TRUE(wipe(store, 0).ok());
  EXPECT_FALSE(*store.get(EntityTable::row_key(0, "a")));
  EXPECT_TRUE(*store.get(EntityTable::row_key(1, "a")));
  EXPECT_FALSE(*read_complete(store, 0));
  EXPECT_EQ((*read_complete(store, 1))->mark, 7u);
}

// Rows of an old city must not be taken for the beginning of a new one.
TEST(Complete, AnInterruptedWipeIsNeverTakenForAnEmptyStore) {
  for (int batches = 1; batches < 9; ++batches) {
    FailingStore store;
    store.batches_ = 1;
    ASSERT_TRUE(
        store.write({{EntityTable::row_key(0, "a"), "1"}, complete_row(0, {7, {}})}).ok());
    store.batches_ = batches;
    const bool done = wipe(store, 0).ok();
    const auto complete = *read_complete(store, 0);
    if (complete)
      EXPECT_GT(complete->mark, 1u << 30) << "ahead of every log: wiped again";
    else
      EXPECT_FALSE(*store.get(EntityTable::row_key(0, "a")));
    EXPECT_EQ(done, !complete);
  }
}

}  // namespace
