#include "app/board.h"

#include <gtest/gtest.h>

#include "operators/city/topics.h"
#include "streams/memory.h"
#include "tests/unit/app/city_records.h"

namespace app {
namespace {

using city::OrderState;
using city::Priority;
using city::WarningState;
using test::Records;

std::string rows_of(const Board& board) {
  return streams::json_object([&](streams::JsonMembers& member) { board.append_rows(member); });
}

class BoardTest : public testing::Test {
 protected:
  /// Every task has committed up to then, and it can be read.
  static Board::Clocks committed(int second) {
    const Time at = test::at(second);
    return {{0, {at, at}}, {1, {at, at}}};
  }
  Board board(BoardLimits limits = {}) {
    return Board{log_, {.partitions = 2, .run = "run", .limits = limits}};
  }
  streams::MemoryLog log_;
  Records records_{log_};
};

TEST_F(BoardTest, KeepsTheLatestRevisionOfWhatIsOpen) {
  Board board = this->board();
  auto warning = records_.warning("w-1", Priority::P1);
  records_.publish(warning);
  warning.state = WarningState::dispatched;
  records_.publish(warning);
  warning.revision = 0;  // the first one, delivered again
  warning.state = WarningState::raised;
  records_.publish(warning);
  ASSERT_TRUE(board.poll().ok());
  const std::string rows = rows_of(board);
  EXPECT_NE(rows.find(R"("id":"w-1","revision":2)"), std::string::npos) << rows;
  EXPECT_EQ(rows.find(R"("revision":1)"), std::string::npos);
  EXPECT_EQ(board.last_change(), 2u);
  EXPECT_EQ(board.counters(test::at(0)).warnings_open["P1"], 1u);
}

TEST_F(BoardTest, AnAdvanceNoticeBecomesTheWarningOrIsVoid) {
  Board board = this->board();
  auto confirmed = records_.warning("w-1", Priority::P1),
       never = records_.warning("w-2", Priority::P1);
  records_.tell_ahead(confirmed);
  records_.tell_ahead(never);
  ASSERT_TRUE(board.poll().ok());
  const std::pair<std::string, std::string> by_rule{"P1", "test.rule"};
  EXPECT_EQ(board.counters(test::at(0)).warnings_open["P1"], 2u);
  EXPECT_EQ(board.counters(test::at(0)).warnings[by_rule], 0u) << "nothing is raised yet";

  records_.publish(confirmed);
  records_.tell_ahead(confirmed);  // once more, too late
  ASSERT_TRUE(board.poll().ok());
  EXPECT_EQ(board.counters(test::at(0)).warnings[by_rule], 1u);
  ASSERT_TRUE(board.poll(committed(5)).ok());
  EXPECT_EQ(board.counters(test::at(0)).warnings_open["P1"], 2u) << "the engine may still say it";
  ASSERT_TRUE(board.poll(committed(6)).ok());
  EXPECT_EQ(board.counters(test::at(0)).warnings_open["P1"], 1u);
  EXPECT_EQ(board.counters(test::at(0)).void_notices, 1u);
  EXPECT_EQ(board.changes_after(board.last_change() - 1)->front().kind, "void");
  EXPECT_EQ(rows_of(board).find("w-2"), std::string::npos);

  Board later = this->board();
  ASSERT_TRUE(later.poll(committed(6)).ok());
  EXPECT_EQ(rows_of(later).find("w-2"), std::string::npos) << "void before it was read";
  EXPECT_EQ(later.counters(test::at(6)).void_notices, 0u);
}

TEST_F(BoardTest, AnAdvanceNoticeStaysWhileTheTaskThatOwnsItsEntityStands) {
  Board board = this->board();
  records_.tell_ahead(records_.warning("w-1", Priority::P1));  // partition 0
  ASSERT_TRUE(board.poll({{1, {test::at(60), test::at(60)}}}).ok());
  EXPECT_EQ(board.counters(test::at(60)).warnings_open["P1"], 1u) << "its task is not known";
  ASSERT_TRUE(board.poll({{0, {test::at(5), test::at(5)}}, {1, {test::at(60), {}}}}).ok());
  EXPECT_EQ(board.counters(test::at(60)).warnings_open["P1"], 1u) << "others are past it";
  ASSERT_TRUE(board.poll({{0, {test::at(6), test::at(5)}}}).ok());
  EXPECT_EQ(board.counters(test::at(60)).warnings_open["P1"], 1u)
      << "what it committed last can't be read yet";
  EXPECT_EQ(board.counters(test::at(60)).void_notices, 0u);
  ASSERT_TRUE(board.poll({{0, {test::at(6), test::at(6)}}}).ok());
  EXPECT_EQ(board.counters(test::at(60)).warnings_open["P1"], 0u);
  EXPECT_EQ(board.counters(test::at(60)).void_notices, 1u);
}

TEST_F(BoardTest, AnAdvanceNoticeOfWhatIsMinutesOldIsNotVoidBeforeTheEngineCameToIt) {
  Board board = this->board();
  records_.tell_ahead(records_.warning("w-1", Priority::P1, test::at(-120)));
  ASSERT_TRUE(board.poll(committed(1)).ok());
  EXPECT_EQ(board.counters(test::at(1)).warnings_open["P1"], 1u);
  ASSERT_TRUE(board.poll(committed(6)).ok());
  EXPECT_EQ(board.counters(test::at(6)).warnings_open["P1"], 0u);
}

TEST_F(BoardTest, AMatterStandsInTheTimelinesOfItsPartyAndItsPlace) {
  Board board = this->board();
  const auto say = [&](int revision, city::MatterState state) {
    city::Matter matter;
    matter.id = "m-1";
    matter.revision = revision;
    matter.party = "enterprise/1";
    matter.entity = "shop/1";
    matter.title = {"跨门经营", "Goods beyond the door"};
    matter.state = state;
    matter.history.assign(static_cast<std::size_t>(revision),
                          {test::at(revision), "step", "officer/1", {"因", "why"}});
    std::string bytes = R"({"specversion":"1.0","id":"m-1.)" + std::to_string(revision) +
                        R"(","source":"/watchfire/test","type":"city.matter.v1",)" +
                        R"("subject":"enterprise/1","time":"2026-11-22T00:00:00Z","data":)";
    streams::append_json(bytes, matter);
    records_.append("matters", bytes + "}");
    EXPECT_TRUE(board.poll().ok());
  };
  say(1, city::MatterState::opened);
  EXPECT_NE(rows_of(board).find(R"("matters":[{)"), std::string::npos);
  EXPECT_NE(board.counts_json(test::at(0)).find(R"("matters":{"opened":1})"), std::string::npos);
  say(2, city::MatterState::closed);
  EXPECT_NE(rows_of(board).find(R"("matters":[],)"), std::string::npos);
  EXPECT_NE(rows_of(board).find(R"("closedMatters":[{)"), std::string::npos);
  for (const char* entity : {"enterprise/1", "shop/1"})
    EXPECT_EQ(test::count_of(board.entity_json(entity), R"("kind":"matter")"), 2u) << entity;
  EXPECT_EQ(board.changes_after(board.last_change() - 1)->front().kind, "matter");
}

TEST_F(BoardTest, ClosedGoOutOfTheQueueAndReopenedComeBack) {
  Board board = this->board();
  records_.append("entity.status",
                  R"({"specversion":"1.0","id":"s-1","source":"/t","type":"t","subject":)"
                  R"("elevator/1","time":"2026-11-22T00:00:00Z","data":{"name":"仙霞路1号"}})");
  auto warning = records_.warning("w-1", Priority::P2);
  records_.publish(warning);
  warning.state = WarningState::dismissed;
  records_.publish(warning);
  ASSERT_TRUE(board.poll().ok());
  EXPECT_NE(rows_of(board).find(R"("warnings":[],)"), std::string::npos);
  EXPECT_NE(rows_of(board).find(R"("closedWarnings":[{)"), std::string::npos);
  EXPECT_NE(rows_of(board).find("仙霞路1号"), std::string::npos) << "whose it is";
  warning.state = WarningState::confirmed;
  records_.publish(warning);
  ASSERT_TRUE(board.poll().ok());
  EXPECT_NE(rows_of(board).find(R"("closedWarnings":[],)"), std::string::npos);
  EXPECT_EQ(board.counters(test::at(0)).warnings_open["P2"], 1u);
  const std::pair<std::string, std::string> by_rule{"P2", "test.rule"};
  EXPECT_EQ(board.counters(test::at(0)).warnings[by_rule],
            1u);  // one warning, whatever became of it
}

TEST_F(BoardTest, EvidenceIsLeftOutOfTheRowsAndAskedForByItself) {
  Board board = this->board();
  auto warning = records_.warning("w-1", Priority::P1);
  warning.evidence.push_back(
      {"e-1", "/s", "camera.alerts", test::at(0), true, {R"({"text":"]\"[","n":[1]})"}});
  warning.reasons.push_back({"fired", "因", "because"});
  records_.publish(warning);
  ASSERT_TRUE(board.poll().ok());
  const std::string rows = rows_of(board);
  EXPECT_EQ(rows.find("evidence"), std::string::npos) << rows;
  EXPECT_NE(rows.find(R"("count":0,"reasons":[{"code":"fired")"), std::string::npos) << rows;
  ASSERT_NE(board.warning("w-1"), nullptr);
  EXPECT_NE(board.warning("w-1")->find(R"("evidence":[{"id":"e-1")"), std::string::npos);
  EXPECT_EQ(board.warning("w-2"), nullptr);
}

TEST_F(BoardTest, AReaderIsToldOfThePlaceBeforeTheFirstRecordAboutIt) {
  Board board = this->board();
  records_.append("entity.status",
                  R"({"specversion":"1.0","id":"elevator/1.1","source":"/w","type":"s",)"
                  R"("subject":"elevator/1","time":"2026-11-22T08:00:00Z","data":{}})");
  ASSERT_TRUE(board.poll().ok());
  const std::uint64_t before = board.last_change();
  auto warning = records_.warning("w-1", Priority::P1);
  records_.publish(warning);
  records_.publish(warning);
  ASSERT_TRUE(board.poll().ok());
  std::vector<std::string_view> kinds;
  const auto changes = board.changes_after(before);
  ASSERT_TRUE(changes.has_value());
  for (const Board::Change& change : *changes) kinds.push_back(change.kind);
  EXPECT_EQ(kinds, (std::vector<std::string_view>{"status", "warning", "warning"}));
}

TEST_F(BoardTest, SortsByPriorityThenSince) {
  Board board = this->board();
  auto late = records_.warning("w-late", Priority::P1, test::at(50));
  auto low = records_.warning("w-low", Priority::P4, test::at(1));
  auto early = records_.warning("w-early", Priority::P1, test::at(2));
  for (auto* warning : {&late, &low, &early}) records_.publish(*warning);
  ASSERT_TRUE(board.poll().ok());
  const std::string rows = rows_of(board);
  EXPECT_LT(rows.find("w-early.1"), rows.find("w-late.1"));
  EXPECT_LT(rows.find("w-late.1"), rows.find("w-low.1"));
}

TEST_F(BoardTest, StreamResumesFromAnIdOrAsksForAReload) {
  Board board = this->board({.change_bytes = 5'000});
  auto warning = records_.warning("w-1", Priority::P3);
  for (int i = 0; i < 20; ++i) records_.publish(warning);
  ASSERT_TRUE(board.poll().ok());
  EXPECT_EQ(board.number_of("run.19"), 19u);
  EXPECT_EQ(board.number_of("other.19"), std::nullopt);
  EXPECT_EQ(board.number_of("run.x"), std::nullopt);
  const auto missed = board.changes_after(19);
  ASSERT_TRUE(missed.has_value());
  ASSERT_EQ(missed->size(), 1u);
  EXPECT_EQ((*missed)[0].kind, "warning");
  EXPECT_EQ(board.stream_id((*missed)[0].number), "run.20");
  EXPECT_TRUE(board.changes_after(20)->empty());
  EXPECT_FALSE(board.changes_after(1).has_value());   // no longer kept
  EXPECT_FALSE(board.changes_after(21).has_value());  // never was
}

TEST_F(BoardTest, TimelineHasEachStepOnceWithItsWhy) {
  Board board = this->board();
  auto warning = records_.warning("w-1", Priority::P1);
  records_.publish(warning);
  warning.count = 9;  // evidence alone: no step
  records_.publish(warning);
  auto order = records_.order("o-1", warning);
  order.history.push_back({test::at(1), "dispatch", "rule", {"危及人身", "life at risk"}});
  records_.publish(order);
  order.history.push_back({test::at(2), "accept", "unit/a", {"已签收", "accepted"}});
  records_.publish(order);
  ASSERT_TRUE(board.poll().ok());
  const std::string entity = board.entity_json("elevator/1");
  EXPECT_EQ(test::count_of(entity, R"({"kind":"warning")"), 1u) << entity;
  EXPECT_EQ(test::count_of(entity, R"({"kind":"order")"), 2u);
  EXPECT_NE(entity.find(R"("change":"accept","by":"unit/a","why":{"zh":"已签收")"),
            std::string::npos);
  EXPECT_NE(board.entity_json("elevator/none").find(R"("timeline":[])"), std::string::npos);
}

TEST_F(BoardTest, OverdueIsByTheNextDeadlineThatCounts) {
  Board board = this->board();
  auto warning = records_.warning("w-1", Priority::P1);
  auto order = records_.order("o-1", warning);
  order.responders.push_back(
      {1, "unit/a", "use_unit", OrderState::dispatched, test::at(60), test::at(600), {}, "rule"});
  records_.publish(order);
  ASSERT_TRUE(board.poll().ok());
  EXPECT_EQ(board.counters(test::at(59)).orders_overdue["P1"], 0u);
  EXPECT_EQ(board.counters(test::at(61)).orders_overdue["P1"], 1u);
  order.responders[0].state = OrderState::accepted;
  records_.publish(order);
  ASSERT_TRUE(board.poll().ok());
  EXPECT_EQ(board.counters(test::at(61)).orders_overdue["P1"], 0u);
  EXPECT_EQ(board.counters(test::at(601)).orders_overdue["P1"], 1u);
  order.pause = city::Pause{"unit/a", "waiting for a part", test::at(602), test::at(9'000)};
  records_.publish(order);
  ASSERT_TRUE(board.poll().ok());
  EXPECT_EQ(board.counters(test::at(603)).orders_overdue["P1"], 0u);
}

TEST_F(BoardTest, FloodBeginsAboveTenAndEndsBelowFive) {
  Board board = this->board();
  for (int i = 0; i < 11; ++i) {
    auto warning = records_.warning("w-" + std::to_string(i), Priority::P4, test::at(i * 10));
    records_.publish(warning);
    ASSERT_TRUE(board.poll().ok());
    EXPECT_EQ(board.counters(test::at(i * 10)).flood, i == 10);
  }
  EXPECT_TRUE(board.counters(test::at(600 + 60)).flood);  // five of them within the window still
  EXPECT_FALSE(board.counters(test::at(600 + 70)).flood);
}

TEST_F(BoardTest, MemoryIsBounded) {
  Board board = this->board({.rows = {.open = 3, .hidden = 1, .closed = 2},
                             .timeline_steps = 2,
                             .timeline_bytes = 2'000});
  for (int i = 0; i < 10; ++i) {
    auto warning = records_.warning("w-" + std::to_string(i), Priority::P4);
    warning.entity = "elevator/" + std::to_string(i);
    if (i >= 3) warning.state = WarningState::resolved;
    records_.publish(warning);
  }
  for (int i = 0; i < 2; ++i) {
    auto more = records_.warning("w-more" + std::to_string(i), Priority::P4);
    records_.publish(more);
  }
  ASSERT_TRUE(board.poll().ok());
  const auto counters = board.counters(test::at(0));
  EXPECT_EQ(counters.warnings_open.at("P4"), 4u) << "one of five is forgotten";
  EXPECT_EQ(counters.warnings_hidden.at("P4"), 1u);
  EXPECT_EQ(counters.dropped_warnings, 1u);
  EXPECT_GT(counters.dropped_timelines, 0u);
  const std::string rows = rows_of(board);
  EXPECT_NE(rows.find("w-9.1"), std::string::npos);  // of the closed, the last ones
  EXPECT_EQ(rows.find("w-5.1"), std::string::npos);
}

// ---- a full board -------------------------------------------------------------------------------

std::string number_of(int i) {
  return "w-" + std::to_string(100'000 + i);
}

TEST_F(BoardTest, AFullBoardShowsANewP1AndCountsWhatMakesWay) {
  Board board = this->board();
  for (int i = 0; i < 20'500; ++i) {
    auto warning = records_.warning(number_of(i), Priority::P4, test::at(i));
    records_.publish(warning);
  }
  auto order = records_.order("o-1", records_.warning("w-life", Priority::P1));
  auto life = records_.warning("w-life", Priority::P1, test::at(30'000));
  records_.publish(life);
  records_.publish(order);
  ASSERT_TRUE(board.poll().ok());
  const std::string rows = rows_of(board);
  EXPECT_NE(rows.find(R"("id":"w-life")"), std::string::npos);
  EXPECT_EQ(rows.find(number_of(500) + ".1"), std::string::npos) << "the one longest unchanged";
  EXPECT_NE(rows.find(number_of(501) + ".1"), std::string::npos);
  EXPECT_EQ(test::count_of(rows, R"("type":"city.warning.v1")"), 20'000u);
  auto counters = board.counters(test::at(0));
  EXPECT_EQ(counters.warnings_open["P1"], 1u);
  EXPECT_EQ(counters.warnings_open["P4"], 20'500u) << "all, not only those with a row";
  EXPECT_NE(board.counts_json(test::at(0)).find(R"("notShown":{"warnings":{"P4":501},"orders":{})"),
            std::string::npos)
      << board.counts_json(test::at(0));
}

TEST_F(BoardTest, WhatMadeWayComesBackWhenAnotherCloses) {
  Board board = this->board({.rows = {.open = 3}});
  std::vector<city::Warning> warnings;
  for (const auto priority : {Priority::P3, Priority::P4, Priority::P1, Priority::P1, Priority::P1})
    warnings.push_back(records_.warning(number_of(static_cast<int>(warnings.size())), priority));
  for (city::Warning& warning : warnings) records_.publish(warning);
  ASSERT_TRUE(board.poll().ok());
  EXPECT_EQ(rows_of(board).find(R"("priority":"P3")"), std::string::npos);
  EXPECT_EQ(board.counters(test::at(0)).warnings_hidden["P3"], 1u);
  const auto changes = board.changes_after(0);
  EXPECT_EQ(std::count_if(changes->begin(), changes->end(),
                          [](const Board::Change& change) { return change.kind == "hide"; }),
            2);

  warnings[3].state = WarningState::resolved;
  records_.publish(warnings[3]);
  ASSERT_TRUE(board.poll().ok());
  EXPECT_NE(rows_of(board).find(R"("priority":"P3")"), std::string::npos) << "before the P4";
  EXPECT_EQ(rows_of(board).find(R"("priority":"P4")"), std::string::npos);
  EXPECT_EQ(board.changes_after(board.last_change() - 1)->front().kind, "warning");
  EXPECT_EQ(board.counters(test::at(0)).warnings_open["P3"], 1u);
  EXPECT_EQ(board.counters(test::at(0)).warnings_hidden["P3"], 0u);
  const std::pair<std::string, std::string> p4{"P4", "test.rule"};
  EXPECT_EQ(board.counters(test::at(0)).warnings[p4], 1u);

  warnings[1].priority = Priority::P1;  // one without a row becomes urgent
  records_.publish(warnings[1]);
  ASSERT_TRUE(board.poll().ok());
  EXPECT_NE(rows_of(board).find(number_of(1) + ".2"), std::string::npos);
  EXPECT_EQ(board.counters(test::at(0)).warnings_open["P4"], 0u);
  EXPECT_EQ(board.counters(test::at(0)).warnings_hidden["P3"], 1u);

  warnings[0].state = WarningState::dismissed;  // and one without a row closes
  records_.publish(warnings[0]);
  ASSERT_TRUE(board.poll().ok());
  EXPECT_EQ(board.counters(test::at(0)).warnings_open["P3"], 0u);
  EXPECT_EQ(board.counters(test::at(0)).warnings_hidden["P3"], 0u);
}

TEST_F(BoardTest, TheBoundGivesWayForP1UpToOneOfItsOwnThatIsSaid) {
  Board board = this->board({.rows = {.open = 2, .life = 4}});
  for (int i = 0; i < 4; ++i) {
    auto warning = records_.warning(number_of(i), Priority::P1);
    records_.publish(warning);
  }
  ASSERT_TRUE(board.poll().ok());
  EXPECT_EQ(test::count_of(rows_of(board), R"("type":"city.warning.v1")"), 4u);
  auto one_more = records_.warning("w-5", Priority::P1);
  records_.publish(one_more);
  ASSERT_TRUE(board.poll().ok());
  EXPECT_EQ(test::count_of(rows_of(board), R"("type":"city.warning.v1")"), 4u);
  EXPECT_NE(rows_of(board).find("w-5.1"), std::string::npos);
  EXPECT_EQ(board.counters(test::at(0)).warnings_open["P1"], 5u);
  EXPECT_NE(board.counts_json(test::at(0)).find(R"("notShown":{"warnings":{"P1":1})"),
            std::string::npos);
}

TEST_F(BoardTest, AnAdvanceNoticeHasARowOnAFullBoardAndIsVoidWithoutOne) {
  Board board = this->board({.rows = {.open = 1, .life = 1}});
  auto first = records_.warning("w-1", Priority::P1);
  auto second = records_.warning("w-2", Priority::P1);
  records_.tell_ahead(first);
  records_.tell_ahead(second);
  ASSERT_TRUE(board.poll(committed(1)).ok());
  EXPECT_NE(rows_of(board).find("w-2"), std::string::npos);
  EXPECT_EQ(board.counters(test::at(0)).warnings_open["P1"], 2u);
  ASSERT_TRUE(board.poll(committed(6)).ok());
  EXPECT_EQ(board.counters(test::at(0)).warnings_open["P1"], 0u);
  EXPECT_EQ(board.counters(test::at(0)).void_notices, 2u);
}

TEST_F(BoardTest, AnOverdueOrderCountsWithoutARow) {
  Board board = this->board({.rows = {.open = 1}});
  for (const auto priority : {Priority::P4, Priority::P1}) {
    auto order =
        records_.order(priority == Priority::P1 ? "o-1" : "o-4", records_.warning("w-1", priority));
    order.finish_by = test::at(60);
    records_.publish(order);
  }
  ASSERT_TRUE(board.poll().ok());
  EXPECT_EQ(rows_of(board).find("o-4"), std::string::npos);
  EXPECT_EQ(board.counters(test::at(60)).orders_overdue["P4"], 0u);
  EXPECT_EQ(board.counters(test::at(61)).orders_overdue["P4"], 1u);
  EXPECT_EQ(board.counters(test::at(61)).orders_overdue["P1"], 1u);
}

TEST_F(BoardTest, UnreadableRecordsAreCountedAndPassed) {
  Board board = this->board();
  records_.append("warnings", "no JSON");
  records_.append("warnings", R"({"id":"x","data":{"id":"w","revision":"two"}})");
  records_.append("dead.letters", R"({"id":"d","data":{"topic":"camera.alerts"}})");
  auto warning = records_.warning("w-1", Priority::P1);
  records_.publish(warning);
  ASSERT_TRUE(board.poll().ok());
  const auto counters = board.counters(test::at(0));
  EXPECT_EQ(counters.unreadable, 2u);
  EXPECT_EQ(counters.dead_letters.at("camera.alerts"), 1u);
  EXPECT_EQ(counters.warnings_open.at("P1"), 1u);
}

}  // namespace
}  // namespace app
