// What breaks an invariant costs its own entity alone: the record is undone and buried, the entity
// set aside, and the rest of the city says what it would have said without it, under every schedule
// of commits, aborts and crashes, and in a city that several processes share.

#include <gtest/gtest.h>

#include <cstdlib>

#include "connectors/json/event_decoder.h"
#include "streams/task_set.h"
#include "streams/test_driver.h"
#include "tests/support/toy_city.h"

namespace {

using namespace streams;

const Time kStart = *parse_time("2026-11-22T08:00:00Z");
constexpr double kBreaks = 666;     // at once, after it has changed and said much
constexpr double kBreaksLater = 66;  // its timer does
const std::string kFragile = "child/fragile";

/// Goes on until an amount is one of the two above.
class Fragile : public Operator<toy::Total(toy::Reading, AsideNews)> {
 public:
  Value<toy::ChildState> state = value<toy::ChildState>("state");
  Map<std::string, double> seen = map<std::string, double>("seen");
  Timer later = timer("later", &Fragile::on_later);
  Letters post = letters();

  void process(const Record<toy::Reading>& in, Emit<toy::Total>& out) override {
    toy::ChildState& mine = state.edit();
    mine.total += in.value.amount;
    seen.put(std::to_string(mine.revision), in.value.amount);
    out({std::string{in.key()} + "-f", ++mine.revision, mine.total,
         std::to_string(seen.all().size())});
    post.send("parent/f", toy::Contribution{std::string{in.key()}, mine.total});
    if (in.value.amount == kBreaksLater) later.set(in.time() + 1s);
    CHECK(in.value.amount != kBreaks);
  }
  void process(const Record<AsideNews>& in, Emit<toy::Total>& out) override {
    const AsideNews& news = in.value;
    static constexpr const char* kWhat[] = {"begun", "buried", "ended"};
    out({news.mark.entity + "-aside", static_cast<int>(news.mark.buried), 0,
         kWhat[static_cast<int>(news.what)] + (": " + news.mark.reason)});
  }
  void on_later(Emit<toy::Total>& out) {
    state.edit().total = -1;
    out({std::string{key()} + "-f", ++state.edit().revision, -1, "later"});
    throw std::out_of_range{"map::at"};  // of a library, and no CHECK of ours
  }
};

void declare(Topology& city) {
  toy::declare(city, false);
  const auto readings = city.records<toy::Reading>("toy.reading.v1");
  city.apply<Fragile>("fragile", with(readings, city.set_asides()))
      .to(Topic<toy::Total>{"fragile"});
}

std::string reading(const std::string& subject, int number, Time time, double amount) {
  return R"({"specversion":"1.0","id":"r)" + std::to_string(number) +
         R"(","source":"/toy","type":"toy.reading.v1","subject":")" + subject + R"(","time":")" +
         format_time(time) + R"(","data":{"amount":)" + std::to_string(amount) +
         R"(,"parent":"parent/1"}})";
}

using Outputs = std::vector<std::string>;

/// Six readings of each of four entities; the fragile one's third has `amount`.
Outputs play(const Topology& topology, double amount, const Schedule& schedule,
             bool restored = false) {
  TestDriver driver{topology,
                    [] { return std::make_unique<connectors::EventDecoder>(); },
                    {.city = "toy", .doors = {"a"}, .partitions = 2},
                    schedule};
  Outputs outputs;
  const auto send = [&](int from, int to) {
    for (int i = from; i < to; ++i)
      for (const std::string subject : {"child/1", "child/2", kFragile.c_str()}) {
        const Time at = kStart + i * 3s;
        driver.send("a", subject, at,
                    reading(subject, i, at, subject == kFragile && i == 2 ? amount : 1));
      }
  };
  send(0, 6);
  driver.finish();
  if (restored) driver.restore(kFragile);
  send(6, 8);
  driver.finish();
  driver.advance_to(driver.clock() + 20s);
  for (const char* topic : {"totals", "quiet", "families", "fragile", "dead.letters"})
    for (std::string& record : driver.read(topic)) outputs.push_back(topic + (": " + record));
  return outputs;
}

Outputs with_text(const Outputs& all, const std::string& text, bool without = false) {
  Outputs some;
  for (const std::string& one : all)
    if ((one.find(text) != std::string::npos) != without) some.push_back(one);
  return some;
}

struct AsideTest : testing::TestWithParam<double> {
  AsideTest() : city("toy") { declare(city); }
  Topology city;
};

TEST_P(AsideTest, OthersSayWhatTheyWouldHaveSaid) {
  const Outputs good = play(city, 1, Schedule::steady());
  const Outputs bad = play(city, GetParam(), Schedule::steady());
  for (const char* entity : {"child/1-f", "child/2-f"}) {
    EXPECT_EQ(with_text(bad, entity), with_text(good, entity)) << entity;
    EXPECT_EQ(with_text(bad, entity).size(), 8u);
  }
}

TEST_P(AsideTest, TheRecordIsUndoneAndWhatComesLaterIsBuriedWithTheReason) {
  const bool at_once = GetParam() == kBreaks;
  const Outputs all = play(city, GetParam(), Schedule::steady());
  // Its own word: two good readings, or three where the timer broke after the third.
  EXPECT_EQ(with_text(all, "fragile-f\"").size(), at_once ? 2u : 3u);
  EXPECT_TRUE(with_text(all, "\"later\"").empty()) << "what a broken timer said is undone";
  const Outputs dead = with_text(all, "dead.letters: ");
  ASSERT_EQ(dead.size(), at_once ? 6u : 5u);
  if (at_once) {
    EXPECT_NE(dead[0].find("broke an invariant"), std::string::npos) << dead[0];
    EXPECT_NE(dead[0].find("in.value.amount != kBreaks"), std::string::npos) << dead[0];
  }
  EXPECT_NE(dead[1].find("child/fragile is set aside since 2026-11-22T08:00:0"), std::string::npos)
      << dead[1];
  EXPECT_NE(dead[1].find("watchfire entity restore"), std::string::npos) << dead[1];
  const Outputs news = with_text(all, "fragile-aside");
  ASSERT_EQ(news.size(), 6u) << "begun, and five that came since";
  EXPECT_NE(news[0].find("begun: "), std::string::npos);
  EXPECT_NE(news[0].find(at_once ? "a/" : "the timer fragile.later of 2026-11-22T08:00:07"),
            std::string::npos)
      << news[0];
}

/// The timer that broke the other would break it again.
class AsideAtAnEvent : public AsideTest {};
INSTANTIATE_TEST_SUITE_P(Schedule, AsideAtAnEvent, testing::Values(kBreaks));

TEST_P(AsideAtAnEvent, RestoredItGoesOnWithWhatItRemembers) {
  const Outputs all = play(city, GetParam(), Schedule::steady(), true);
  const Outputs its = with_text(all, "fragile-f\"");
  ASSERT_EQ(its.size(), 4u);
  EXPECT_NE(its[2].find(R"("revision":3,"total":3,)"), std::string::npos) << its[2];
  EXPECT_NE(its[2].find(R"("why":"3")"), std::string::npos) << "map entries too: " << its[2];
  EXPECT_EQ(with_text(all, "ended: ").size(), 1u);
}

TEST_P(AsideTest, TheSameUnderEverySchedule) {
  const char* text = std::getenv("WATCHFIRE_SEEDS");
  const int seeds = text == nullptr ? 100 : std::atoi(text);
  const Outputs wanted = play(city, GetParam(), Schedule::steady(), true);
  for (int seed = 0; seed < seeds; ++seed) {
    const Outputs got =
        play(city, GetParam(), Schedule::random(static_cast<std::uint64_t>(seed)), true);
    for (std::size_t i = 0; i < std::max(got.size(), wanted.size()); ++i)
      ASSERT_EQ(i < got.size() ? got[i] : "nothing", i < wanted.size() ? wanted[i] : "nothing")
          << "seed " << seed << ", record " << i << " of " << wanted.size();
  }
}

INSTANTIATE_TEST_SUITE_P(Schedule, AsideTest, testing::Values(kBreaks, kBreaksLater));

/// One partition of a shared city on its own input.
struct SharedAside : testing::Test {
  SharedAside() : city("toy") { declare(city); }

  std::unique_ptr<Task> make_task() {
    return std::make_unique<Task>(city, store, std::make_unique<connectors::EventDecoder>(),
                                  TaskOptions{"toy", 0, 1 << 20});
  }
  void append(Time at, std::string bytes) {
    ASSERT_TRUE(log.append({{{kCityEvents, 0}, at, std::move(bytes)}}, true).ok());
  }
  void read(Time at, const std::string& subject, double amount) {
    append(at, reading(subject, ++sent, at, amount));
  }
  Batch all(std::int64_t from = 0) { return *log.fetch({kCityEvents, 0}, from, 1 << 30); }
  /// Of an output topic, in order.
  Outputs run(TaskSet& set, const std::string& topic) {
    int rounds = 0;
    while (true) {
      const Result<void> ran = set.process(0, all(set.positions().at({kCityEvents, 0})));
      if (ran.ok()) break;
      EXPECT_EQ(ran.error().kind, Error::Kind::abort_task) << ran.error().what;
      EXPECT_TRUE(set.rollback().ok());
      if (++rounds > 5) break;
    }
    Outputs outputs;
    for (const Append& output : set.cut().outputs)
      if (output.to.topic == topic) outputs.push_back(output.bytes);
    set.confirm({{0, 1}});
    return outputs;
  }

  Topology city;
  MemoryStore store;
  MemoryLog log;
  int sent = 0;
};

TEST_F(SharedAside, TheTaskIsRolledBackFedAgainAndPassesThePlace) {
  TaskSet set{1};
  set.add(0, {make_task(), 0, 0});
  read(kStart, kFragile, 1);
  read(kStart + 1s, "child/1", 1);
  read(kStart + 2s, kFragile, kBreaks);
  read(kStart + 3s, "child/2", kBreaks);  // two in one cut
  read(kStart + 4s, kFragile, 1);
  read(kStart + 5s, "child/1", 1);
  EXPECT_EQ(with_text(run(set, "fragile"), "-f\"").size(), 3u);
  ASSERT_EQ(set.task(0).set_aside().size(), 2u);
  EXPECT_EQ(set.task(0).set_aside()[0].entity, kFragile);
  EXPECT_EQ(set.task(0).set_aside()[0].buried, 1);
}

TEST_F(SharedAside, TheMarkOutlivesTheTask) {
  {
    TaskSet set{1};
    set.add(0, {make_task(), 0, 0});
    read(kStart, kFragile, 1);
    read(kStart + 1s, kFragile, kBreaks);
    (void)run(set, "fragile");
    ASSERT_TRUE(store.write(set.take_flush(0, Time{})).ok());
  }
  RestoredTask restored{make_task(), 2, 1};
  ASSERT_TRUE(restored.task->load().ok());
  restored.task->ready();
  ASSERT_EQ(restored.task->set_aside().size(), 1u);
  TaskSet set{1};
  set.add(0, std::move(restored));
  read(kStart + 2s, kFragile, 1);
  EXPECT_EQ(with_text(run(set, "dead.letters"), "is set aside since").size(), 1u);
  append(kStart + 3s, restore_event(kFragile, kStart + 3s));
  read(kStart + 4s, kFragile, 1);
  const Outputs said = run(set, "fragile");
  ASSERT_EQ(with_text(said, "-f\"").size(), 1u);
  EXPECT_NE(with_text(said, "-f\"")[0].find(R"("revision":2,"total":2)"), std::string::npos);
}

TEST_F(SharedAside, ARowThatCanNotBeReadIsSetAsideAndKept) {
  const std::string key = EntityTable::row_key(0, kFragile);
  {
    TaskSet set{1};
    set.add(0, {make_task(), 0, 0});
    read(kStart, kFragile, 1);
    read(kStart, "child/1", 1);
    (void)run(set, "fragile");
    ASSERT_TRUE(store.write(set.take_flush(0, Time{})).ok());
  }
  std::string damaged = **store.get(key);
  damaged[damaged.size() / 2] = static_cast<char>(~damaged[damaged.size() / 2]);
  damaged[1] = '\x7f';  // so many timers it can't have
  ASSERT_TRUE(store.write({{key, damaged}}).ok());
  RestoredTask restored{make_task(), 2, 1};
  ASSERT_TRUE(restored.task->load().ok());
  restored.task->ready();
  TaskSet set{1};
  set.add(0, std::move(restored));
  read(kStart + 2s, kFragile, 1);
  read(kStart + 2s, "child/1", 1);
  append(kStart + 30s, tick_event(kStart + 30s));
  const Outputs said = run(set, "fragile");
  EXPECT_EQ(with_text(said, "child/1-f").size(), 1u) << "the city goes on";
  EXPECT_EQ(with_text(said, "begun: its state can't be read").size(), 1u);
  EXPECT_EQ(set.task(0).counts().dead, 1u);
  ASSERT_TRUE(store.write(set.take_flush(0, Time{})).ok());
  EXPECT_EQ(**store.get(key), damaged) << "its bytes are kept";
  append(kStart + 31s, restore_event(kFragile, kStart + 31s));
  EXPECT_EQ(with_text(run(set, "fragile"), "begun: ").size(), 1u) << "it still can't be read";
}

TEST_F(SharedAside, AVersionThatBreaksAnInvariantIsBuriedAndNotActive) {
  struct Brittle : Operator<toy::Total(Version)> {
    void process(const Record<Version>& in, Emit<toy::Total>&) override {
      CHECK(in.value.content != "bad");
    }
  };
  city.apply<Brittle>("brittle", city.versions());
  TaskSet set{1};
  set.add(0, {make_task(), 0, 0});
  append(kStart, version_event({"list", "1", "good"}, kStart));
  append(kStart + 1s, version_event({"list", "2", "bad"}, kStart));
  read(kStart + 2s, "child/1", 1);
  EXPECT_EQ(with_text(run(set, "dead.letters"), "broke an invariant").size(), 1u);
  ASSERT_EQ(set.task(0).versions().size(), 1u);
  EXPECT_EQ(set.task(0).versions()[0].hash, "1");
}

}  // namespace
