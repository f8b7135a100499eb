// Receipts that repeat receipts, and other chains of words through the whole city: each is told,
// far beyond any real one a dead letter says so, and nothing ends the city.

#include <set>

#include "tests/support/whole_city.h"

namespace {

using namespace whole;
using namespace std::chrono_literals;

std::string call(int number) {
  return R"({"channel":"12345","kind":"complaint","category":"elevator","text":"电梯又坏了",)"
         R"("address":null,"about":null,"complainant":null,"district":"310105","photos":[],)"
         R"("originalNo":)" +
         (number == 0 ? "null" : "\"c-" + std::to_string(number - 1) + "\"") + "}";
}

std::vector<Said> play(int calls) {
  City city;
  city.register_elevator("elevator/1");
  for (int i = 0; i < calls; ++i)
    city.complaint({i * 1s, "complaint/c-" + std::to_string(i), call(i)});
  city.feedback({2min, "complaint/c-0",
                 R"({"step":"resolve_entity","complaint":"complaint/c-0","entity":"elevator/1",)"
                 R"("by":"seat/3"})"});
  return city.run_to(10min);
}

std::set<std::string> placed(const std::vector<Said>& all) {
  std::set<std::string> receipts;
  for (const Said& said : all)
    if (said.topic == "complaints" && said.has(R"("about":"elevator/1")"))
      receipts.insert(said.subject);
  return receipts;
}

std::size_t dead(const std::vector<Said>& all, const std::string& text) {
  std::size_t count = 0;
  for (const Said& said : all) count += said.topic == "dead.letters" && said.has(text);
  return count;
}

TEST(Repeats, TenReceiptsEachARepeatOfTheOneBeforeAreAllPlaced) {
  const std::vector<Said> all = play(10);
  EXPECT_EQ(placed(all).size(), 10u);
  EXPECT_EQ(dead(all, ""), 0u);
}

TEST(Repeats, FortyEndInDeadLettersWithTheirPath) {
  const std::vector<Said> all = play(40);
  EXPECT_GE(placed(all).size(), 10u);
  EXPECT_GE(dead(all, "complaint/c-0 > complaint/c-1"), 1u);
}

TEST(Repeats, TwoThatRepeatEachOtherComeToRest) {
  City city;
  for (const auto& [own, other] : {std::pair{"a", "b"}, std::pair{"b", "a"}})
    city.complaint({1s, std::string{"complaint/"} + own,
                    R"({"channel":"12345","kind":"complaint","category":"elevator","text":"x",)"
                    R"("originalNo":")" +
                        std::string{other} + R"("})"});
  city.feedback({2min, "complaint/a",
                 R"({"step":"resolve_entity","complaint":"complaint/a","entity":"elevator/1",)"
                 R"("by":"seat/3"})"});
  EXPECT_EQ(placed(city.run_to(10min)).size(), 2u);
}

/// Ids of notices, each of which names one thing that one person is told.
TEST(Notices, NoTwoHaveOneId) {
  City city;
  city.register_elevator("elevator/1");
  city.complaint({0s, "complaint/c-0",
                  R"({"channel":"12345","kind":"complaint","category":"elevator",)"
                  R"("text":"电梯坏了","about":"elevator/1","district":"310105"})"});
  // The same id from two senders is two events.
  for (const std::string source : {"/a", "/b"})
    city.send("permit.changes", "elevator/1", 1min,
              R"({"specversion":"1.0","id":"same","source":")" + source +
                  R"(","type":"city.permit.changed.v1","subject":"elevator/1","time":")" +
                  streams::format_time(kStart + 1min) +
                  R"(","data":{"record":"maintenance","action":"completed","no":")" + source +
                  R"(","validUntil":"2026-11-23"}})");
  std::map<std::string, std::string> texts;
  std::size_t notices = 0;
  for (const Said& said : city.run_to(std::chrono::hours{24 * 40})) {
    if (said.topic != "notices") continue;
    ++notices;
    const auto [known, first] = texts.emplace(said.id, said.bytes);
    EXPECT_TRUE(first) << said.bytes << "\n" << known->second;
  }
  EXPECT_GT(notices, 5u);
}

/// A record of long ago that is imported today: late it is, but whoever is called hears of it now.
TEST(Imported, AnOrderHasItsTimeFromWhenItIsKnown) {
  City city;
  city.register_elevator("elevator/1");
  city.send("permit.changes", "elevator/1", 1min,
            R"({"specversion":"1.0","id":"old","source":"/books",)"
            R"("type":"city.permit.changed.v1","subject":"elevator/1",)"
            R"("time":"2026-09-01T00:00:00Z","data":{"record":"maintenance","action":"completed",)"
            R"("on":"2026-09-01","validUntil":"2026-09-15","no":"WB-1"}})");
  std::size_t orders = 0;
  for (const Said& said : city.run_to(2min)) {
    if (said.topic != "dispatch.orders") continue;
    ++orders;
    for (const char* step : {"\"remind\"", "\"urge\"", "\"supervise\"", "\"report\""})
      EXPECT_FALSE(said.has(step)) << said.bytes;
    const auto at = said.bytes.find(R"("finishBy":")") + 12;
    const auto finish = streams::parse_time(said.bytes.substr(at, 24));
    ASSERT_TRUE(finish) << said.bytes;
    EXPECT_GT(*finish, kStart + 1min) << said.bytes;
  }
  EXPECT_EQ(orders, 1u);
  for (const Said& said : city.run_to(3min))
    EXPECT_NE(said.topic, "dispatch.orders") << "a reminder within minutes: " << said.bytes;
}

/// Two entries of a duty list's `closedBy` that one record fits: an order closes once.
TEST(Overlapping, EntriesCloseAnOrderOnce) {
  City city;
  for (streams::Version version : recorded::versions_of("shanghai")) {
    const std::string one = "{record: maintenance, actions: [completed], action: maintained}";
    const auto at = version.content.find(one);
    if (version.name != "duty" || at == std::string::npos) continue;
    version.content.insert(at, one + ", ");
    version.hash = "0verlaps";
    city.activate(version);
  }
  city.register_elevator("elevator/1");
  const auto maintained = [&](Duration at, const std::string& until) {
    city.permit({at, "elevator/1",
                 R"({"record":"maintenance","action":"completed","no":")" + until +
                     R"(","validUntil":")" + until + R"("})"});
  };
  maintained(1min, "2026-11-01");
  maintained(10min, "2026-12-20");
  std::size_t closed = 0;
  for (const Said& said : city.run_to(20min)) {
    EXPECT_FALSE(said.has("broken invariant")) << said.bytes;
    closed += said.topic == "dispatch.orders" && said.has(R"("state":"closed")");
  }
  EXPECT_EQ(closed, 1u);
}

/// The engine's word about an entity that it set aside reaches the board like any warning.
TEST(SetAside, IsAP1OfItsOwn) {
  streams::Topology topology{"aside"};
  operators::declare_city(topology, {"shanghai", nullptr});
  const auto graph = topology.instantiate("shanghai");
  const streams::SetAside mark{"elevator/1", kStart, "broken invariant: x", 3};
  streams::StateLayout layout;
  streams::MemoryStore store;
  streams::EntityTable table{layout, store, 0, 1 << 20};
  graph->context.table = &table;
  graph->context.entity = table.find("elevator/1");
  streams::Event event;
  event.id = "c1";
  event.source = "/12345";
  event.type = "city.complaint.filed.v1";
  using What = streams::AsideNews::What;
  graph->tell({.what = What::begun, .mark = {"elevator/1", kStart, "x", 0}});
  graph->tell({.what = What::buried, .mark = mark, .event = &event});
  event.type = "city.elevator.telemetry.v1";
  graph->tell({.what = What::buried, .mark = mark, .event = &event});
  graph->tell({.what = What::ended, .mark = mark});
  ASSERT_EQ(graph->outputs.size(), 3u) << "a third reading need not be told";
  for (const streams::Output& output : graph->outputs) {
    EXPECT_EQ(*output.topic, "warnings");
    EXPECT_EQ(output.key, "elevator/1");
    EXPECT_NE(output.bytes.find("\"P1\""), std::string::npos);
  }
  EXPECT_TRUE(graph->outputs[0].urgent);
  EXPECT_NE(graph->outputs[1].bytes.find("此后又有3件来件未研判"), std::string::npos);
  EXPECT_NE(graph->outputs[2].bytes.find("\"resolved\""), std::string::npos);
}

}  // namespace
