#include "streams/entity_table.h"

#include <gtest/gtest.h>

#include "streams/hash.h"
#include "streams/memory.h"
#include "streams/state.h"

namespace {

using namespace streams;

constexpr Time kNoon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 12h;

StateLayout layout() {
  StateLayout layout;
  layout.cells.push_back(Value<std::string>::cell("op.text"));
  layout.timers.push_back({"op.first", name_tag("op.first")});
  layout.timers.push_back({"op.second", name_tag("op.second")});
  return layout;
}

class EntityTableTest : public testing::Test {
 protected:
  void put(EntityTable& table, const std::string& key, const std::string& text) {
    Entity& entity = *table.find(key);
    table.touch(entity);
    if (entity.cells[0] == nullptr) entity.cells[0] = layout_.cells[0].create();
    *static_cast<std::string*>(entity.cells[0]) = text;
  }
  std::string get(EntityTable& table, const std::string& key) {
    Entity& entity = *table.find(key);
    return entity.cells[0] == nullptr ? "nothing" : *static_cast<std::string*>(entity.cells[0]);
  }
  void flush(EntityTable& table) {
    ASSERT_TRUE(store_.write(table.take_flush()).ok());
    table.flushed();
  }

  StateLayout layout_ = layout();
  MemoryStore store_;
};

TEST_F(EntityTableTest, RollbackForgetsWhatWasTouched) {
  EntityTable table{layout_, store_, 0, 1 << 20};
  put(table, "a", "1");
  table.cut("");
  table.confirm();
  put(table, "a", "2");
  put(table, "b", "2");
  table.rollback();
  EXPECT_EQ(get(table, "a"), "1");
  EXPECT_EQ(get(table, "b"), "nothing");
}

TEST_F(EntityTableTest, RollbackUndoesAnUnconfirmedCutAsWell) {
  EntityTable table{layout_, store_, 0, 1 << 20};
  put(table, "a", "1");
  table.cut("");
  table.confirm();
  flush(table);
  put(table, "a", "2");
  table.cut("");
  put(table, "a", "3");
  table.rollback();
  EXPECT_EQ(get(table, "a"), "1");
}

TEST_F(EntityTableTest, ReplayedBlocksAndTheStoreGiveTheSame) {
  EntityTable table{layout_, store_, 0, 1 << 20};
  put(table, "a", "1");
  put(table, "b", "1");
  table.cut("head");
  table.confirm();
  flush(table);
  put(table, "b", "2");
  table.set_timer(*table.find("b"), 1, kNoon);
  const ChangeBlock block = table.cut("");
  table.confirm();

  EntityTable other{layout_, store_, 0, 1 << 20};
  ASSERT_TRUE(other.restore().ok());
  ASSERT_TRUE(other.replay(block).ok());
  EXPECT_EQ(get(other, "a"), "1");
  EXPECT_EQ(get(other, "b"), "2");
  EXPECT_EQ(other.next_timer(), kNoon);
}

TEST_F(EntityTableTest, TimersComeByTimeThenKeyThenDeclaration) {
  EntityTable table{layout_, store_, 0, 1 << 20};
  table.set_timer(*table.find("b"), 0, kNoon);
  table.set_timer(*table.find("a"), 1, kNoon);
  table.set_timer(*table.find("a"), 0, kNoon);
  table.set_timer(*table.find("c"), 0, kNoon - 1s);
  table.set_timer(*table.find("c"), 0, kNoon + 1s);  // moved later: fires, looks, re-arms
  std::string order;
  while (const auto due = table.take_due(kNoon + 1h))
    order += due->entity->key + std::to_string(due->timer) + " ";
  EXPECT_EQ(order, "a0 a1 b0 c0 ");
  EXPECT_EQ(table.next_timer(), std::nullopt);
}

TEST_F(EntityTableTest, EvictionKeepsWhatIsNotStored) {
  EntityTable table{layout_, store_, 0, 1};
  for (int i = 0; i < 100; ++i) put(table, "e" + std::to_string(i), "old");
  table.cut("");
  table.confirm();
  table.evict();
  EXPECT_EQ(table.entities(), 100u) << "unstored rows must stay";
  flush(table);
  put(table, "e7", "new");
  for (int round = 0; round < 3; ++round) table.evict();
  EXPECT_LT(table.entities(), 5u);
  EXPECT_EQ(get(table, "e7"), "new");
  EXPECT_EQ(get(table, "e8"), "old");
}

TEST_F(EntityTableTest, TimersOutliveEviction) {
  EntityTable table{layout_, store_, 0, 1};
  table.set_timer(*table.find("a"), 0, kNoon);
  table.cut("");
  table.confirm();
  flush(table);
  for (int round = 0; round < 3; ++round) table.evict();
  EXPECT_EQ(table.entities(), 0u);
  EXPECT_EQ(table.next_timer(), kNoon);
}

class EntityMapTest : public testing::Test {
 protected:
  EntityMapTest() { layout_.cells.push_back(Map<std::string, std::string>::cell("op.map")); }

  void put(EntityTable& table, const std::string& key, const std::string& text) {
    Context at;
    at.table = &table;
    at.entity = table.find("a");
    const Binding binding{&at, 0, 0};
    Map<std::string, std::string>{&binding, 0}.put(key, text);
  }
  std::map<std::string, std::string> entries(EntityTable& table) {
    Context at;
    at.table = &table;
    at.entity = table.find("a");
    if (at.entity == nullptr) return {};
    const Binding binding{&at, 0, 0};
    return Map<std::string, std::string>{&binding, 0}.all();
  }
  void flush(EntityTable& table) {
    ASSERT_TRUE(store_.write(table.take_flush()).ok());
    table.flushed();
  }
  static ChangeBlock only(char space, const ChangeBlock& block) {
    auto kept = std::make_shared<std::string>();
    RowWriter writer{*kept};
    RowReader reader{*block};
    for (ChangedRow row; reader.next(row);)
      if (row.space == space)
        writer.add(row.whole_key(), row.gone ? std::nullopt : std::optional{row.value});
    return kept;
  }

  StateLayout layout_;
  MemoryStore store_;
};

// A compacted changelog has an old entry far before its entity's newest row: whatever is flushed
// between the two must have the entry.
TEST_F(EntityMapTest, AnEntryThatIsReplayedWithoutItsRowReachesTheStore) {
  ChangeBlock block;
  {
    MemoryStore nowhere;
    EntityTable table{layout_, nowhere, 0, 1 << 20};
    put(table, "old", "1");
    put(table, "new", "2");
    block = table.cut("");
  }
  for (const char space : {row_space::kEntry, row_space::kEntity}) {
    EntityTable restoring{layout_, store_, 0, 1};  // killed behind each flush
    ASSERT_TRUE(restoring.replay(only(space, block)).ok());
    flush(restoring);
  }
  EntityTable table{layout_, store_, 0, 1 << 20};
  EXPECT_EQ(entries(table), (std::map<std::string, std::string>{{"old", "1"}, {"new", "2"}}));
}

TEST_F(EntityMapTest, AnErasedEntryThatIsReplayedAloneIsErasedInTheStore) {
  EntityTable table{layout_, store_, 0, 1 << 20};
  put(table, "gone", "1");
  put(table, "stays", "2");
  table.cut("");
  table.confirm();
  flush(table);
  Context at;
  at.table = &table;
  at.entity = table.find("a");
  const Binding binding{&at, 0, 0};
  Map<std::string, std::string>{&binding, 0}.erase("gone");
  const ChangeBlock block = table.cut("");
  table.confirm();
  for (const char space : {row_space::kEntry, row_space::kEntity}) {
    EntityTable restoring{layout_, store_, 0, 1};
    ASSERT_TRUE(restoring.replay(only(space, block)).ok());
    flush(restoring);
  }
  EntityTable other{layout_, store_, 0, 1 << 20};
  EXPECT_EQ(entries(other), (std::map<std::string, std::string>{{"stays", "2"}}));
}

// A flush may fall between a row and its entries.
TEST_F(EntityMapTest, AnEntryThatIsReplayedBehindItsRowReachesTheStore) {
  ChangeBlock block;
  {
    MemoryStore nowhere;
    EntityTable table{layout_, nowhere, 0, 1 << 20};
    put(table, "one", "1");
    block = table.cut("");
  }
  EntityTable restoring{layout_, store_, 0, 1};
  for (const char space : {row_space::kEntity, row_space::kEntry}) {
    ASSERT_TRUE(restoring.replay(only(space, block)).ok());
    flush(restoring);
  }
  EntityTable table{layout_, store_, 0, 1 << 20};
  EXPECT_EQ(entries(table), (std::map<std::string, std::string>{{"one", "1"}}));
}

// The entity's row says how many there are.
TEST_F(EntityMapTest, ALostEntryIsNoticed) {
  EntityTable table{layout_, store_, 0, 1 << 20};
  put(table, "one", "1");
  put(table, "two", "2");
  table.cut("");
  table.confirm();
  std::vector<StoreWrite> rows = table.take_flush();
  std::erase_if(rows, [](const StoreWrite& row) {
    return row.key.front() == row_space::kEntry && row.key.find("two") != std::string::npos;
  });
  ASSERT_EQ(rows.size(), 2u);
  ASSERT_TRUE(store_.write(std::move(rows)).ok());
  EntityTable other{layout_, store_, 0, 1 << 20};
  ASSERT_NE(other.find("a"), nullptr);
  EXPECT_TRUE(other.find("a")->aside);
  EXPECT_EQ(other.unreadable().at("a"), "it has 1 of 2 entries of op.map: some were lost");
}

TEST_F(EntityTableTest, ARowThatCanNotBeReadIsSetAsideAndTheTableGoesOn) {
  ASSERT_TRUE(
      store_.write({{EntityTable::row_key(0, "a"), std::string("\x63row of the future")}}).ok());
  EntityTable table{layout_, store_, 0, 1 << 20};
  ASSERT_NE(table.find("a"), nullptr);
  EXPECT_TRUE(table.find("a")->aside);
  EXPECT_TRUE(table.unreadable().contains("a"));
  put(table, "b", "1");
  EXPECT_EQ(get(table, "b"), "1");
  EXPECT_FALSE(table.failed());
}

}  // namespace
