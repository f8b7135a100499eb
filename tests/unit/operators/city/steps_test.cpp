// The table of steps, row by row: legal in its states and in no other, for its senders and nobody
// else, with all its fields and not without one.

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "operators/city/steps.h"
#include "operators/city/vocabulary.h"
#include "operators/respond/matter_states.h"
#include "tests/support/source_directory.h"

namespace {

using namespace city;

constexpr std::pair<Sender, const char*> kSenders[] = {
    {Sender::seat, "seat/3"},     {Sender::officer, "officer/SH-0421"},
    {Sender::unit, "unit/a"},     {Sender::checker, "checker/1"},
    {Sender::leader, "leader/1"}, {Sender::party, "party/1"},
};

Feedback legal(const StepRule& rule) {
  Feedback said;
  said.step = rule.step;
  for (const auto& [sender, by] : kSenders)
    if (rule.allows_sender(sender)) said.by = by;
  (rule.of == Target::warning     ? said.warning
   : rule.of == Target::complaint ? said.complaint
   : rule.of == Target::matter    ? said.matter
                                  : said.order) = "x-1";
  const auto time = streams::parse_time("2026-11-22T08:00:00Z");
  if (rule.requires_field(Need::eta)) said.eta = time;
  if (rule.requires_field(Need::reason)) said.reason = "理由";
  if (rule.requires_field(Need::evidence)) said.evidence = "依据";
  if (rule.requires_field(Need::to)) said.to = "unit/b";
  if (rule.requires_field(Need::until)) said.until = time;
  if (rule.requires_field(Need::finding)) said.finding = "confirmed";
  if (rule.requires_field(Need::action)) said.action = "repaired";
  if (rule.requires_field(Need::reply_by)) said.reply_by = time;
  if (rule.requires_field(Need::text)) said.text = "答复";
  if (rule.requires_field(Need::who)) said.who = "值班室";
  if (rule.requires_field(Need::result)) said.result = "已接通";
  if (rule.requires_field(Need::entity)) said.entity = "elevator/1";
  return said;
}

std::optional<Reason> ask(const StepRule& rule, const Feedback& said, int state) {
  if (rule.of == Target::warning) return refuse(said, static_cast<WarningState>(state));
  if (rule.of == Target::complaint) return refuse(said, static_cast<ReceiptState>(state));
  if (rule.of == Target::matter) return refuse(said, static_cast<MatterState>(state));
  return refuse(said, static_cast<OrderState>(state), rule.kind == Kind::life);
}

int states_of(const StepRule& rule) {
  return static_cast<int>(rule.of == Target::complaint ? kReceiptStates.size()
                          : rule.of == Target::matter  ? kMatterStates.size()
                                                       : kOrderStates.size());
}

int a_legal_state(const StepRule& rule) {
  for (int state = 0; state < states_of(rule); ++state)
    if (rule.allows_state(state)) return state;
  return -1;
}

TEST(Steps, EachRowIsLegalInItsStatesAndInNoOther) {
  for (const StepRule& rule : kSteps) {
    int legal_states = 0;
    for (int state = 0; state < states_of(rule); ++state) {
      SCOPED_TRACE(std::string{rule.step} + " in state " + std::to_string(state));
      const auto why = ask(rule, legal(rule), state);
      EXPECT_EQ(!why, rule.allows_state(state));
      legal_states += !why;
      if (!why) continue;
      EXPECT_EQ(why->code, "step.state");
      const Word& word = rule.of == Target::warning     ? word_of(static_cast<WarningState>(state))
                         : rule.of == Target::complaint ? word_of(static_cast<ReceiptState>(state))
                         : rule.of == Target::matter    ? word_of(static_cast<MatterState>(state))
                                                        : word_of(static_cast<OrderState>(state));
      EXPECT_NE(why->en.find(word.en), std::string::npos) << why->en;
      EXPECT_NE(why->zh.find("当前"), std::string::npos);
    }
    EXPECT_GT(legal_states, 0) << rule.step;
    EXPECT_TRUE(legal_states < states_of(rule) || rule.step == "link_revoked") << rule.step;
  }
}

TEST(Steps, NothingButLateWordsReachesAnEndedOrder) {
  for (const StepRule& rule : kSteps) {
    if (rule.of != Target::order || rule.step == "link_revoked") continue;
    EXPECT_FALSE(rule.allows_state(static_cast<int>(OrderState::closed))) << rule.step;
    EXPECT_FALSE(rule.allows_state(static_cast<int>(OrderState::recalled))) << rule.step;
  }
}

TEST(Steps, NothingReachesAMatterThatIsDecidedButItsServiceAndPayment) {
  for (const StepRule& rule : kSteps) {
    if (rule.of != Target::matter) continue;
    for (const MatterState state : {MatterState::exempted, MatterState::paid, MatterState::closed})
      EXPECT_FALSE(rule.allows_state(static_cast<int>(state))) << rule.step;
    EXPECT_EQ(rule.allows_state(static_cast<int>(MatterState::decided)), rule.step == "served");
    EXPECT_EQ(rule.allows_state(static_cast<int>(MatterState::served)), rule.step == "paid");
    EXPECT_FALSE(rule.allows_state(static_cast<int>(MatterState::objection)))
        << rule.step << ": an objection stands beside a state";
    for (int state = 0; state < static_cast<int>(kMatterStates.size()); ++state)
      if (const auto to = streams::named<MatterState>(rule.step == "exempt"      ? "exempted"
                                                      : rule.step == "file_case" ? "case_filed"
                                                      : rule.step == "decide"    ? "decided"
                                                                                 : rule.step);
          rule.allows_state(state)) {
        ASSERT_TRUE(to) << rule.step;
        EXPECT_TRUE(may_become(static_cast<MatterState>(state), *to)) << rule.step << state;
        EXPECT_TRUE(rule.step == "served" || rule.step == "paid" ||
                    may_become(MatterState::objection, *to))
            << rule.step << " beside an objection";
      }
  }
}

TEST(Steps, OnlyWhoJudgesDecidesOnAPenalty) {
  for (const StepRule& rule : kSteps) {
    if (rule.step != "exempt" && rule.step != "file_case" && rule.step != "decide") continue;
    for (const Sender other : {Sender::seat, Sender::unit, Sender::checker, Sender::party})
      EXPECT_FALSE(rule.allows_sender(other)) << rule.step;
  }
}

TEST(Steps, EachRowKnowsItsSenders) {
  for (const StepRule& rule : kSteps) {
    for (const auto& [sender, by] : kSenders) {
      Feedback said = legal(rule);
      said.by = by;
      const auto why = ask(rule, said, a_legal_state(rule));
      EXPECT_EQ(!why, rule.allows_sender(sender)) << rule.step << " by " << by;
      if (why) {
        EXPECT_EQ(why->code, "step.sender");
      }
    }
    for (const char* by : {"", "seat", "seat/", "somebody/1"}) {
      Feedback said = legal(rule);
      said.by = by;
      EXPECT_TRUE(ask(rule, said, a_legal_state(rule))) << rule.step << " by '" << by << "'";
    }
  }
}

TEST(Steps, EachRowNeedsAllItsFields) {
  int needed = 0;
  for (const StepRule& rule : kSteps)
    for (Bits bit = 1; bit <= static_cast<Bits>(Need::entity); bit <<= 1) {
      if ((rule.needs & bit) == 0) continue;
      ++needed;
      StepRule without = rule;
      without.needs &= ~bit;
      Feedback said = legal(without);
      said.by = legal(rule).by;
      const auto why = ask(rule, said, a_legal_state(rule));
      ASSERT_TRUE(why) << rule.step << " without field " << bit;
      EXPECT_EQ(why->code, "step.field");
    }
  EXPECT_EQ(needed, 39);
}

TEST(Steps, ARescueTellsHowManyAndWhy) {
  Feedback said;
  said.step = "finding";
  said.by = "unit/a";
  said.finding = "confirmed";
  said.action = "rescued";
  EXPECT_EQ(refuse(said, OrderState::arrived, true)->code, "step.field");
  said.people = 2;
  said.injured = 0;
  said.cause = "door";
  EXPECT_FALSE(refuse(said, OrderState::arrived, true));
}

TEST(Steps, WordsOutsideTheVocabularyAreRefused) {
  Feedback said;
  said.step = "finding";
  said.by = "unit/a";
  said.finding = "looks_fine";
  said.action = "none";
  EXPECT_EQ(refuse(said, OrderState::arrived, false)->code, "finding.unknown");
  said.finding = "confirmed";
  said.action = "shouted";
  EXPECT_EQ(refuse(said, OrderState::arrived, false)->code, "action.unknown");
}

TEST(Steps, SayWhatIsWrongWithTheStepItself) {
  Feedback said;
  said.by = "seat/1";
  said.step = "teleport";
  EXPECT_EQ(refuse(said, OrderState::dispatched, false)->code, "step.unknown");
  said.step = "confirm";
  EXPECT_EQ(refuse(said, OrderState::dispatched, false)->code, "step.target");
  said.step = "recall";
  EXPECT_EQ(refuse(said, WarningState::raised)->code, "step.target");
  EXPECT_EQ(refuse(said, OrderState::dispatched, true)->code, "step.life");
}

TEST(Steps, ExactlyOneTarget) {
  Feedback said;
  EXPECT_EQ(target_of(said), Target::none);
  EXPECT_EQ(no_such_target(said).code, "target.none");
  said.item = "elevator.repair";
  EXPECT_EQ(target_of(said), Target::item);
  said.warning = "w-1";
  EXPECT_EQ(target_of(said), Target::several);
  EXPECT_EQ(no_such_target(said).code, "target.several");
}

TEST(Steps, TheirPageIsTheTable) {
  std::ifstream in{source_directory("/operators/city/steps.md")};
  const std::string page{std::istreambuf_iterator<char>{in}, {}};
  EXPECT_EQ(page, document_of_steps()) << "watchfire describe --steps > operators/city/steps.md";
}

TEST(Steps, AScreenReadsTheSameTable) {
  std::string json;
  streams::append_json_array(json, append_steps);
  std::size_t rows = 0;
  for (std::size_t at = json.find(R"({"step":)"); at != json.npos;
       at = json.find(R"({"step":)", at + 1))
    ++rows;
  EXPECT_EQ(rows, kSteps.size());
  EXPECT_NE(json.find(R"({"step":"exempt","of":"matter","zh":"不予处罚","en":"exempt",)"
                      R"("life":null,"states":["corrected"],"by":["officer","leader"],)"
                      R"("with":["reason"],"while":"proposal.what is exempt"})"),
            std::string::npos)
      << json;
  EXPECT_NE(json.find(R"({"step":"verify","of":"order","zh":"核查通过","en":"verify",)"
                      R"("life":false,"states":["handled"],"by":["checker","leader"],"with":[]})"),
            std::string::npos)
      << json;
}

}  // namespace
