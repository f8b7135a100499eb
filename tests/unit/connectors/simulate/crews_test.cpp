#include "connectors/simulate/crews.h"

#include <gmock/gmock.h>

#include "connectors/json/event_decoder.h"
#include "operators/city/feedback.h"
#include "operators/city/steps.h"
#include "operators/city/vocabulary.h"
#include "tests/unit/connectors/simulate/desk.h"
#include "tests/unit/connectors/simulate/shanghai.h"

namespace simulate {
namespace {

struct Played {
  explicit Played(std::uint64_t seed, int hours = 24, int elevators = 1000)
      : city(options(seed, hours, elevators)),
        crews({.seed = seed}, city),
        desk(city),
        lockstep(city, &crews, desk.ports()) {
    EXPECT_TRUE(lockstep.run().ok());
  }
  City city;
  Crews crews;
  Desk desk;
  Lockstep lockstep;
};

struct Said {
  std::string id;
  city::Feedback feedback;
};
Said read(const Arrival& arrival) {
  Said said;
  std::string where;
  connectors::SimdJsonReader reader{arrival.bytes};
  EXPECT_TRUE(reader.object([&](std::string_view name, streams::JsonReader& member) {
    if (name == "id") return member.text(said.id);
    return name != "data" || streams::read_json(member, said.feedback, where);
  })) << where
      << arrival.bytes;
  return said;
}

// One day of a large city, played once for all tests that only look at it.
const Played& day() {
  static const Played run{7};
  return run;
}

TEST(Crews, PlayEveryRowOfTheTableInADay) {
  EXPECT_THAT(day().crews.tally().missing(), testing::IsEmpty()) << day().crews.tally().report();
}

// A step, finding or action that nobody here ever uses is one that no simulated day has tried.
TEST(Crews, KnowEveryStepAndEveryWord) {
  const CrewTable table = crew_table();
  std::set<std::string_view> steps, findings, actions;
  for (const Play& play : table.plays)
    for (const Move& move : play.moves)
      if ((move.flags & kIllegal) == 0) steps.insert(move.step);
  for (const Finding& finding : table.findings) {
    findings.insert(finding.finding);
    actions.insert(finding.action);
  }
  for (const city::StepRule& rule : city::kSteps)
    EXPECT_TRUE(steps.contains(rule.step) || rule.step.starts_with("link_"))  // the door's own
        << rule.step;
  for (const city::Finding& one : city::kFindings)
    EXPECT_TRUE(findings.contains(one.code)) << one.code;
  for (const city::Word& one : city::kActions) EXPECT_TRUE(actions.contains(one.code)) << one.code;
}

// Says that it is done, and it is not: a checker who looks sees through it; only then it is done.
TEST(Crews, AreSeenThroughWhenTheyLie) {
  const Played& run = day();
  std::int64_t seen_through = 0;
  for (const Arrival& arrival : run.desk.feedback)
    seen_through += read(arrival).feedback.reason.find("实时画面") != std::string::npos;
  EXPECT_GT(seen_through, 1);
}

TEST(Crews, ComeByNameAsOfficers) {
  std::set<std::string> officers;
  for (const Arrival& arrival : day().desk.feedback) {
    const city::Feedback said = read(arrival).feedback;
    if (said.by.starts_with("officer/") && said.step == "finding") officers.insert(said.by);
  }
  EXPECT_GE(officers.size(), 2U);
}

TEST(Crews, AreAnsweredWhenTheyDoWhatIsNotLegal) {
  const Tally& tally = day().crews.tally();
  EXPECT_GT(tally.illegal, 50);
  EXPECT_EQ(tally.illegal, tally.illegal_rejected);
  EXPECT_LT(tally.others_rejected, tally.illegal / 5);  // crossed with an order's end
  EXPECT_EQ(day().lockstep.progress().unread, 0);
  EXPECT_GT(day().desk.closed, 500);
}

TEST(Crews, SayNothingBeforeTheyHaveSeenWhatItIsAbout) {
  Time last{};
  std::set<std::string> ids;
  std::int64_t twice = 0;
  connectors::EventDecoder decoder;
  for (const Arrival& arrival : day().desk.feedback) {
    EXPECT_EQ(arrival.topic, "field.feedback");
    EXPECT_GE(arrival.recorded, last);
    last = arrival.recorded;
    std::string bytes = arrival.bytes + std::string(streams::Decoder::kPadding, ' ');
    streams::Event event;
    ASSERT_FALSE(decoder.decode({bytes.data(), arrival.bytes.size()}, event));
    EXPECT_EQ(event.recorded, arrival.recorded);
    EXPECT_LT(event.time, event.recorded);
    const auto [id, said] = read(arrival);
    twice += !ids.insert(id).second;
    const std::string& target = said.order.empty() ? said.warning : said.order;
    const auto seen = day().desk.seen.find(target);
    if (seen == day().desk.seen.end()) continue;  // by item, or a wrong id
    EXPECT_GT(arrival.recorded, seen->second);
    EXPECT_GE(event.time, seen->second + 1s);
  }
  EXPECT_GT(twice, 0);
  EXPECT_GT(ids.size(), 3000U);
}

TEST(Crews, NameOneTargetAndWhatTheStepNeeds) {
  for (const Arrival& arrival : day().desk.feedback) {
    const city::Feedback said = read(arrival).feedback;
    EXPECT_EQ(!said.order.empty() + !said.warning.empty() + !said.item.empty() +
                  !said.complaint.empty() + !said.matter.empty(),
              1);
    EXPECT_NE(said.by.find('/'), std::string::npos) << arrival.bytes;
    const std::string& step = said.step;
    const auto needs = [&](bool asked, bool given) {
      EXPECT_TRUE(!asked || given) << arrival.bytes;
    };
    needs(step == "accept", said.eta.has_value());
    needs(step == "pause" || step == "shelve" || step == "extend_request",
          said.until && !said.reason.empty());
    needs(step == "finding", !said.finding.empty());
    needs(said.action == "rescued", said.people && said.injured && !said.cause.empty());
    needs(step == "call_logged", !said.who.empty() && !said.result.empty());
  }
}

TEST(Crews, FindWhatIsReallyThere) {
  const Tally& tally = day().crews.tally();
  EXPECT_GT(tally.counted("on arrival", "injured"), 0);
  EXPECT_GT(tally.counted("on arrival", "smoke"), 0);
  std::int64_t rescued = 0, false_alarms = 0;
  for (const Arrival& arrival : day().desk.feedback) {
    const city::Feedback said = read(arrival).feedback;
    if (said.action == "rescued" && said.finding == "confirmed") ++rescued;
    if (said.action == "rescued" && said.people.value_or(0) == 0) ADD_FAILURE() << "nobody rescued";
    if (said.finding == "false_alarm") ++false_alarms;
  }
  EXPECT_GT(rescued, 40);
  EXPECT_GT(false_alarms, 40);
}

TEST(Crews, SayTheSameForTheSameSeed) {
  const Played one{9, 6, 150}, again{9, 6, 150};
  ASSERT_EQ(one.desk.feedback.size(), again.desk.feedback.size());
  EXPECT_GT(one.desk.feedback.size(), 50U);
  for (std::size_t i = 0; i < one.desk.feedback.size(); ++i)
    EXPECT_EQ(one.desk.feedback[i].bytes, again.desk.feedback[i].bytes);
}

TEST(Crews, TellWhenARecordCannotBeRead) {
  City city{options(7, 1, 10)};
  Crews crews{{.seed = 7}, city};
  EXPECT_TRUE(crews.see("entity.status", "what nobody here reads", Time{}));
  EXPECT_FALSE(crews.see("dispatch.orders", R"({"data":{"id":7}})", Time{}));
  EXPECT_FALSE(crews.see("warnings", "{", Time{}));
  EXPECT_FALSE(crews.next());
}

TEST(Lockstep, RunsWithoutCrews) {
  City city{options(7, 2, 50)};
  Desk desk{city};
  LockstepPorts ports = desk.ports();
  int reports = 0;
  ports.progress = [&reports](const Progress&) { ++reports; };
  Lockstep lockstep{city, nullptr, std::move(ports)};
  ASSERT_TRUE(lockstep.run().ok());
  EXPECT_GT(lockstep.progress().events, 4000);
  EXPECT_EQ(lockstep.progress().feedback, 0);
  EXPECT_LE(lockstep.progress().now, city.end());
  EXPECT_GE(reports, 2);
}

TEST(Deck, DealsEveryCardByItsShare) {
  Deck deck{Random{1}};
  deck.add(0, 3);
  deck.add(1, 1);
  std::vector<int> dealt(2);
  for (int i = 0; i < 40; ++i) ++dealt[deck.deal()];
  EXPECT_THAT(dealt, testing::ElementsAre(30, 10));
}

}  // namespace
}  // namespace simulate
