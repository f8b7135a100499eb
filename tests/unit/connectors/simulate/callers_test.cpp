#include "connectors/simulate/callers.h"

#include <gmock/gmock.h>

#include <set>

#include "connectors/json/json_reader.h"
#include "operators/city/complaint.h"
#include "tests/unit/connectors/simulate/shanghai.h"

namespace simulate {
namespace {

const Time kStart = options(7).start;

struct Heard {
  std::string receipt;
  city::Complaint said;
};

Heard read(const Arrival& arrival) {
  Heard heard{arrival.subject, {}};
  std::string where;
  connectors::SimdJsonReader reader{arrival.bytes};
  EXPECT_TRUE(reader.object([&](std::string_view name, streams::JsonReader& member) {
    return name != "data" || streams::read_json(member, heard.said, where);
  })) << where;
  return heard;
}

struct Town {
  explicit Town(int size = 4000)
      : elevators(make_elevators(7, size, shanghai())),
        trade(7, CitySize::of(size), shanghai(), kStart, kStart + 24h),
        callers(7, CitySize::of(size).calls_a_day, elevators, trade, kStart, kStart + 24h) {}
  std::vector<Heard> hear(Time until) {
    for (auto next = callers.next(); next && *next <= until; next = callers.next())
      callers.happen(mail);
    std::vector<Arrival> arrivals;
    mail.take(until, arrivals);
    std::vector<Heard> heard;
    for (const Arrival& arrival : arrivals) heard.push_back(read(arrival));
    return heard;
  }
  std::vector<Elevator> elevators;
  Trade trade;
  Callers callers;
  Mail mail;
};

TEST(Callers, RingFiveLinesAboutEverything) {
  Town town;
  std::set<std::string> channels, kinds, channels_of_consult;
  std::map<std::string, int> meant;
  std::set<std::string> receipts;
  int linked = 0, by_code = 0, by_id = 0, without_place = 0;
  const std::vector<Heard> all = town.hear(kStart + 24h);
  for (const auto& [receipt, said] : all) {
    channels.insert(said.channel);
    kinds.insert(said.kind);
    if (said.kind == "consult") channels_of_consult.insert(said.channel);
    const Callers::Meant* known = town.callers.meant_by(receipt);
    ASSERT_NE(known, nullptr);
    ++meant[known->entity.substr(0, known->entity.find('/'))];
    linked += !said.original_no.empty();
    EXPECT_TRUE(said.original_no.empty() || receipts.contains("complaint/" + said.original_no))
        << said.original_no;
    by_id += said.about.find('/') != std::string::npos;
    by_code += !said.about.empty() && said.about.find('/') == std::string::npos;
    without_place += said.about.empty() &&
                     said.address.find_first_of("0123456789") == std::string::npos &&
                     said.text.find("地点在") == std::string::npos;
    receipts.insert(receipt);
  }
  EXPECT_EQ(receipts.size(), all.size());
  // With those who are locked in 12,000 a day in a city 25 times as large.
  EXPECT_GT(all.size(), 320U);
  EXPECT_LT(all.size(), 420U);
  EXPECT_EQ(channels.size(), 5U);
  EXPECT_THAT(kinds, testing::ElementsAre("complaint", "consult", "help", "report"));
  EXPECT_GE(channels_of_consult.size(), 4U);
  for (const char* kind : {"elevator", "kitchen", "shop", ""}) EXPECT_GT(meant[kind], 40) << kind;
  EXPECT_GT(linked, 20);
  EXPECT_GT(by_id, 20);
  EXPECT_GT(by_code, 40);
  EXPECT_GT(without_place, 40);
}

TEST(Callers, RingAgainAfterAReplyThatIsNotTheEndOfIt) {
  Town town;
  const std::vector<Heard> all = town.hear(kStart + 12h);
  for (const auto& [receipt, said] : all) town.callers.replied(receipt, kStart + 12h);
  int again = 0;
  std::map<std::string, const Heard*> by_receipt;
  for (const Heard& heard : all) by_receipt[heard.receipt] = &heard;
  for (const auto& [receipt, said] : town.hear(kStart + 15h + 1min)) {
    if (said.text.find("答复") == std::string::npos || said.original_no.empty()) continue;
    const auto first = by_receipt.find("complaint/" + said.original_no);
    if (first == by_receipt.end()) continue;
    ++again;
    EXPECT_EQ(said.complainant, first->second->said.complainant);
    EXPECT_NE(said.kind, "consult");
  }
  EXPECT_GT(again, 3);
}

// Most of what callers say is so; then whoever goes there finds it.
TEST(Callers, AreMostlyRight) {
  Town town;
  int so = 0, not_so = 0;
  for (const auto& [receipt, said] : town.hear(kStart + 24h)) {
    const Callers::Meant* meant = town.callers.meant_by(receipt);
    if (!meant->entity.starts_with("kitchen/") || said.kind == "consult") continue;
    ++(town.trade.scene(*town.trade.find(meant->entity), Matter::food, kStart + 24h).real ? so
                                                                                          : not_so);
  }
  EXPECT_GT(so, not_so);
  EXPECT_GT(not_so, 10);
}

TEST(Callers, AreLockedInAtOnce) {
  Town town{100};
  town.callers.trapped(7, kStart + 1h, town.mail);
  std::vector<Arrival> arrivals;
  town.mail.take(kStart + 1h + 10s, arrivals);
  ASSERT_EQ(arrivals.size(), 1U);
  const Heard heard = read(arrivals.front());
  EXPECT_EQ(heard.said.kind, "help");
  EXPECT_NE(heard.said.text.find("困"), std::string::npos);
  EXPECT_EQ(town.callers.meant_by(heard.receipt)->elevator, 7U);
  EXPECT_EQ(town.callers.meant_by("complaint/unknown"), nullptr);
}

}  // namespace
}  // namespace simulate
