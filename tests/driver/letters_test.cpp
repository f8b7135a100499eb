// Letters and names at their bounds: a letter that goes too far or to nobody is a dead letter and
// its sender goes on; a name can't be read as another's rows.

#include <gtest/gtest.h>

#include "connectors/json/event_decoder.h"
#include "streams/test_driver.h"
#include "tests/support/toy_city.h"

namespace {

using namespace streams;

const Time kStart = *parse_time("2026-11-22T08:00:00Z");

struct Baton {
  static constexpr std::string_view kLetter = "baton";
  int number = 0;
  static constexpr auto fields() { return std::tuple{field("number", &Baton::number)}; }
};

/// Hands what it gets to chain/<n + 1>, as a letter or as the event itself.
class Runner : public Operator<toy::Total(toy::Reading, Baton)> {
 public:
  Letters post = letters();
  void process(const Record<toy::Reading>& in, Emit<toy::Total>& out) override {
    if (!in.value.parent.empty()) return post.send(in.value.parent, Baton{});
    const int number = static_cast<int>(in.value.amount);
    out({std::string{in.key()}, number, 0, "told on"});
    if (number >= 100)
      post.forward("toy.reading.v1", "chain/" + std::to_string(number + 1),
                   R"({"amount":)" + std::to_string(number + 1) + R"(,"parent":""})");
    else
      post.send("chain/1", Baton{1});
  }
  void process(const Record<Baton>& in, Emit<toy::Total>& out) override {
    out({std::string{in.key()}, in.value.number, 0, "baton"});
    post.send("chain/" + std::to_string(in.value.number + 1), Baton{in.value.number + 1});
  }
};

struct LettersTest : testing::Test {
  LettersTest() : city("toy") {
    const auto readings = city.records<toy::Reading>("toy.reading.v1");
    city.apply<Runner>("runner", with(readings, city.letters<Baton>()))
        .to(Topic<toy::Total>{"totals"});
    toy::declare(city, false);
    driver.emplace(
        city, [] { return std::make_unique<connectors::EventDecoder>(); },
        EpochOptions{.city = "toy", .doors = {"a"}, .partitions = 2});
  }
  void send(const std::string& subject, double amount, const std::string& parent) {
    driver->send("a", subject, kStart,
                 R"({"specversion":"1.0","id":"r)" + std::to_string(++sent) +
                     R"(","source":"/toy","type":"toy.reading.v1","subject":")" + subject +
                     R"(","time":")" + format_time(kStart) + R"(","data":{"amount":)" +
                     std::to_string(amount) + R"(,"parent":")" + parent + R"("}})");
  }
  std::vector<std::string> read(const std::string& topic) {
    driver->finish();
    return driver->read(topic);
  }

  Topology city;
  std::optional<TestDriver> driver;
  int sent = 0;
};

std::size_t count(const std::vector<std::string>& all, const std::string& text) {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& one) {
    return one.find(text) != std::string::npos;
  }));
}

TEST_F(LettersTest, TheSeventeenthHopIsADeadLetterWithItsPath) {
  send("chain/0", 0, "");
  EXPECT_EQ(count(read("totals"), "\"baton\""), 16u);
  const std::vector<std::string> dead = read("dead.letters");
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_NE(dead[0].find("chain/0 > chain/1 > chain/2"), std::string::npos) << dead[0];
  EXPECT_NE(dead[0].find("chain/16 > chain/17"), std::string::npos) << dead[0];
}

TEST_F(LettersTest, AnEventToldOnCountsAsWell) {
  send("chain/100", 100, "");
  EXPECT_EQ(count(read("totals"), "told on"), 17u) << "the event itself, and sixteen times";
  EXPECT_EQ(read("dead.letters").size(), 1u);
}

TEST_F(LettersTest, WhatADoorSaysOfItsWayIsItsOwnWord) {
  std::string via;
  for (int i = 0; i < 40; ++i) via += "x/1\\n";
  driver->send("a", "chain/0", kStart,
               R"({"specversion":"1.0","id":"r","source":"/toy","type":"toy.reading.v1","via":")" +
                   via + R"(","subject":"chain/0","time":")" + format_time(kStart) +
                   R"(","data":{"amount":0,"parent":""}})");
  EXPECT_EQ(count(read("totals"), "\"baton\""), 16u);
}

TEST_F(LettersTest, ALetterToNobodyIsADeadOneAndItsSenderGoesOn) {
  const std::vector<std::string> names{"no kind", "/id", "kind/", "a/" + std::string(600, 'x')};
  for (const std::string& name : names) send("child/1", 1, name);
  send("child/1", 1, "parent/1");
  const std::vector<std::string> dead = read("dead.letters");
  EXPECT_EQ(count(dead, "no entity has this name"), 2 * names.size()) << "of child, and of runner";
  EXPECT_EQ(count(read("totals"), "\"reading\""), names.size() + 1);
}

TEST_F(LettersTest, AnEventForSuchANameIsBuried) {
  send("a/\\u0000b", 1, "parent/1");
  send("a/" + std::string(600, 'x'), 1, "parent/1");
  EXPECT_EQ(read("dead.letters").size(), 2u);
  EXPECT_TRUE(read("totals").empty());
}

TEST(EntityNames, AreOfAKindAndPrintableAndBounded) {
  for (const std::string name : {"elevator/1", "place/仙霞路88弄", "device/a/b"})
    EXPECT_TRUE(is_entity_name(name)) << name;
  for (const std::string& name :
       {std::string{}, std::string{"elevator"}, std::string{"/1"}, std::string{"elevator/"},
        std::string{"a/b\0c", 5}, std::string{"a/b\nc"}, std::string{"a/\x7f"},
        "a/" + std::string(kLongestName, 'x')})
    EXPECT_FALSE(is_entity_name(name)) << name;
}

/// A map's rows lie under a name and a key that both come from outside.
TEST(EntityNames, NoneCanBeReadAsAnothersEntry) {
  StateLayout layout;
  layout.cells.push_back(Map<std::string, std::string>::cell("op.map"));
  MemoryStore store;
  const std::string tag{reinterpret_cast<const char*>(&layout.cells[0].tag), 4};
  const std::string short_name = "a/b";
  const std::string forged = short_name + std::string(1, '\0') + tag;  // an entry of the first one
  const auto put = [&](EntityTable& table, const std::string& name, const std::string& text) {
    Entity& entity = *table.find(name);
    table.touch(entity);
    Context context;
    context.table = &table;
    context.entity = &entity;
    const Binding binding{&context, 0, 0};
    Map<std::string, std::string>{&binding, 0}.put("k", text);
  };
  {
    EntityTable table{layout, store, 0, 1 << 20};
    put(table, short_name, "short");
    put(table, forged, "forged");
    (void)table.cut("");
    table.confirm();
    ASSERT_TRUE(store.write(table.take_flush()).ok());
  }
  EntityTable table{layout, store, 0, 1 << 20};
  for (const std::string& name : {short_name, forged}) {
    Context context;
    context.table = &table;
    context.entity = table.find(name);
    ASSERT_NE(context.entity, nullptr);
    EXPECT_FALSE(context.entity->aside);
    const Binding binding{&context, 0, 0};
    EXPECT_EQ((Map<std::string, std::string>{&binding, 0}.all().size()), 1u);
  }
}

}  // namespace
