// A mixed history of the whole loop gives the same bytes under every schedule of commits, aborts,
// crashes and evictions (WATCHFIRE_SEEDS, default 12). Each number is a history of its own:
// rescues, repairs, screenings, illegal and repeated words, trust lost on the way, violations and
// what the law makes of them.

#include <cstdlib>
#include <map>
#include <random>

#include "tests/support/loop_city.h"

namespace {

using namespace loop;

int seeds() {
  const char* text = std::getenv("WATCHFIRE_SEEDS");
  return text == nullptr ? 12 : std::atoi(text);
}

std::string duty() {
  std::string text = shanghai_duty();
  text.replace(text.find("byPerson: ["), 11, "byPerson: [elevator.noise, ");
  text.replace(text.find("samplePercent: 10"), 17, "samplePercent: 40");
  return text;
}

/// Of warnings and orders.
const std::vector<StepRule>& steps() {
  static const std::vector<StepRule> all = [] {
    std::vector<StepRule> kept;
    for (const StepRule& rule : kSteps)
      if (rule.of == Target::warning || rule.of == Target::order) kept.push_back(rule);
    return kept;
  }();
  return all;
}

template <class List>
auto one_of(std::mt19937_64& random, const List& list) {
  return list[random() % std::size(list)];
}

void something_happens(City& city, std::mt19937_64& random, Duration at) {
  const std::string entity = "elevator/e" + std::to_string(random() % 4);
  const std::string kWhats[] = {"fired",   "fired", "fired",   "more",    "more",
                                "cleared", "ended", "no_data", "reminder"};
  const TestConclusion kKinds[] = {
      {"", "elevator.trapped", "life", "", "elevator.rescue", "", "", {}},
      {"", "elevator.fault", "order", "", "elevator.repair", "", "", {}},
      {"", "elevator.ebike", "safety", "", "elevator.ebike", "cam-1", "", {}},
      {"", "elevator.noise", "order", "P3", "elevator.repair", "mic-1", "", {}},
      {"", "elevator.maintenance", "record", "", "elevator.maintenance", "", "", kStart},
  };
  TestConclusion conclusion = random() % 2 == 0 ? kKinds[2] : one_of(random, kKinds);
  conclusion.what = one_of(random, kWhats);
  city.conclude(at, conclusion, entity);
  const std::string kBy[] = {"unit/fast-lift", "unit/fast-lift", "unit/yuyuan", "seat/3",
                             "leader/1",       "checker/1",      "officer/7"};
  const std::string kSenders[] = {"unit/fast-lift", "officer/7", "officer/7"};
  Feedback said;
  said.item = conclusion.item;
  said.reason = "理由";
  said.evidence = "照片";
  said.eta = kStart + at + 10min;
  said.until = kStart + at + 1h;
  said.reply_by = kStart + at + 1h;
  said.to = random() % 3 == 0 ? "unit/other" : "";
  said.who = said.result = said.text = "好";
  said.people = 1;
  said.injured = static_cast<double>(random() % 2);
  said.cause = random() % 4 == 0 ? "smoke" : "door";
  const std::string kFound[] = {"false_alarm", "not_found", "false_alarm", "false_alarm",
                                "violation"};
  said.finding = one_of(random, kFound);
  said.action = conclusion.consequence == "life" && random() % 2 == 0 ? "rescued" : "none";
  const std::string by = one_of(random, kSenders);
  for (const char* step : {"accept", "arrived", "finding"}) {
    if (random() % 8 == 0) continue;
    said.step = step;
    said.by = by;
    city.say(at += 30s, said, entity);
  }
  said.step = "verify";
  said.by = "checker/1";
  if (random() % 4 != 0) city.say(at += 30s, said, entity);
  said.step = one_of(random, steps()).step;  // anything, by anyone
  said.by = one_of(random, kBy);
  city.say(at += 10s, said, entity);
}

/// Somebody says something about the party's matter, mostly what comes next.
void law_goes_on(City& city, std::mt19937_64& random, Duration at) {
  const std::pair<const char*, const char*> kSaid[] = {
      {"notified", "officer/7"},      {"corrected", "officer/7"},     {"exempt", "officer/7"},
      {"objection", "party/yuyuan"},  {"not_corrected", "checker/1"}, {"file_case", "officer/7"},
      {"decide", "leader/1"},         {"served", "officer/7"},        {"paid", "seat/3"},
      {"objection", "party/another"},
  };
  for (int i = 0; i < 6; ++i) {
    const auto& [step, by] = one_of(random, kSaid);
    Feedback said;
    said.step = step;
    said.by = by;
    said.matter = "ebike";
    said.reason = random() % 3 == 0 ? "" : "理由";
    said.text = random() % 2 == 0 ? "不是我们" : "已经搬走";
    city.say(at += 1s, said, "enterprise/yuyuan");
  }
}

std::vector<std::string> play(std::uint64_t history, const streams::Schedule& schedule) {
  City city{schedule, duty()};
  std::mt19937_64 random{history}, law{history};
  for (int i = 0; i < 4; ++i) city.register_elevator(-30min, "elevator/e" + std::to_string(i));
  Duration at = 0min;
  for (int i = 0; i < 60; ++i) {
    something_happens(city, random, at);
    law_goes_on(city, law, at + 4min);
    at += std::chrono::seconds{random() % 1500};
    if (i % 20 != 19) continue;
    city.run_to(at);
    if (city.warnings.empty()) continue;  // a seat looks at what is there
    const Warning& warning = city.warnings[random() % city.warnings.size()];
    Feedback said;
    said.step = kSteps[random() % 9].step;
    said.by = "seat/3";
    said.warning = warning.id;
    said.reason = "误报";
    said.until = kStart + at + 2h;
    said.who = said.result = "好";
    city.say(at + 1s, said, warning.entity);
  }
  city.run_to(at + 80h);
  return city.raw;
}

TEST(LoopSchedule, OutputsDoNotDependOnCommitsAbortsAndCrashes) {
  std::map<std::uint64_t, std::vector<std::string>> plain;
  for (int seed = 0; seed < seeds(); ++seed) {
    const auto history = static_cast<std::uint64_t>(seed % 6);
    std::vector<std::string>& wanted = plain[history];
    if (wanted.empty()) wanted = play(history, streams::Schedule::steady());
    ASSERT_GT(wanted.size(), 200u) << "the history does nothing";
    const std::vector<std::string> got =
        play(history, streams::Schedule::random(static_cast<std::uint64_t>(seed)));
    ASSERT_EQ(got.size(), wanted.size()) << "seed " << seed;
    for (std::size_t i = 0; i < got.size(); ++i) ASSERT_EQ(got[i], wanted[i]) << "seed " << seed;
  }
}

// A change of trust takes effect at its position, also when that position is undone and comes
// again.
TEST(LoopSchedule, TrustThatWasUndoneIsForgotten) {
  const auto hits = [](const streams::Schedule& schedule) {
    City city{schedule};
    for (int i = 0; i < 60; ++i) {
      const std::string entity = "elevator/t" + std::to_string(i);
      city.conclude(i * 10s,
                    {"fired", "elevator.ebike", "safety", "", "elevator.ebike", "cam-1", "", {}},
                    entity);
      Feedback said;
      said.item = "elevator.ebike";
      said.finding = "false_alarm";
      said.action = "none";
      for (const char* step : {"arrived", "finding", "verify"}) {
        said.step = step;
        said.by = said.step == "verify" ? "checker/1" : "officer/7";
        city.say(i * 10s + 1s, said, entity);
      }
    }
    city.run_to(15min);
    return city.raw;
  };
  const std::vector<std::string> wanted = hits(streams::Schedule::steady());
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    ASSERT_TRUE(hits({.seed = seed, .commit = 0.04, .abort = 0.6}) == wanted) << "seed " << seed;
}

TEST(LoopSchedule, EverythingOccurs) {
  std::string all;
  for (std::uint64_t history = 0; history < 12; ++history)
    for (const std::string& record : play(history, streams::Schedule::steady())) all += record;
  for (const char* wanted :
       {"\"escalate\"",    "\"urge\"",         "\"report\"",        "\"closed\"",
        "\"dismissed\"",   "screening.nobody", "\"trusted\":false", "device_distrusted",
        "\"level\":3",     "no_data",          "\"join\"",          "rejected: ",
        "\"recalled\"",    "\"reopened\":1",   "\"pause\"",         "screening.sample",
        "\"copy\"",        "\"exempted\"",     "\"objection\"",     "\"not_corrected\"",
        "\"paid\"",        "law.repeated",     "\"remind\"",        "matter.several",
        "decide.objection"})
    EXPECT_NE(all.find(wanted), std::string::npos) << wanted;
  EXPECT_EQ(all.find("{}内"), std::string::npos) << "a reason with a gap";
}

}  // namespace
