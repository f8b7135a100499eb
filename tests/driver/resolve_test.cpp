// What sixty callers mean: most are resolved, none wrongly, the rest go to a person.

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/source_directory.h"
#include "tests/support/whole_city.h"

namespace {

using namespace std::chrono_literals;

std::vector<std::vector<std::string>> rows(const std::string& name) {
  std::ifstream file{source_directory("/tests/support/") + name};
  std::vector<std::vector<std::string>> all;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string>& row = all.emplace_back();
    std::istringstream parts{line};
    for (std::string part; std::getline(parts, part, '|');) row.push_back(part);
  }
  return all;
}

std::string json(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out;
  for (const auto& [name, text] : members) {
    out += out.empty() ? "{" : ",";
    streams::append_json_text(out, name);
    out += ":";
    streams::append_json_text(out, text);
  }
  return out + "}";
}

TEST(Resolve, MostComplaintsFindTheirEntityAndNoneAWrongOne) {
  whole::City city;
  for (const auto& row : rows("registered.txt")) {
    ASSERT_EQ(row.size(), 4u) << row.front();
    city.permit({-30min, row[0],
                 json({{"record", "registration"},
                       {"action", "registered"},
                       {"address", row[1]},
                       {"name", row[2]},
                       {"rescueCode", row[3]}})});
  }
  const auto calls = rows("complaints.txt");
  ASSERT_GE(calls.size(), 60u);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    ASSERT_EQ(calls[i].size(), 5u) << calls[i].back();
    city.complaint({1min, "complaint/" + std::to_string(i),
                    json({{"channel", "12345"},
                          {"kind", "complaint"},
                          {"category", calls[i][1]},
                          {"address", calls[i][2]},
                          {"about", calls[i][3]},
                          {"text", calls[i][4]},
                          {"district", "310105"}})});
  }
  std::map<std::string, std::string> about;
  for (const whole::Said& said : city.run_to(2min)) {
    if (said.topic != "complaints") continue;
    const YAML::Node receipt = YAML::Load(said.bytes)["data"];
    about[said.subject] = receipt["about"].as<std::string>();
  }
  std::size_t resolved = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const std::string& found = about.at("complaint/" + std::to_string(i));
    const std::string& meant = calls[i][0];
    SCOPED_TRACE(calls[i][2] + " | " + calls[i][4]);
    resolved += found == meant;
    EXPECT_TRUE(found.empty() || found == meant) << found;
    if (found.empty())
      std::printf("to a person: %s | %s\n", calls[i][2].c_str(), calls[i][4].c_str());
  }
  std::printf("%zu of %zu resolved\n", resolved, calls.size());
  EXPECT_GE(resolved * 100, calls.size() * 80);
}

/// What a caller's address is taken for: an elevator, or the candidates shown to a person.
struct Understood {
  std::string about;
  std::set<std::string> candidates;
};

/// Each call by itself, all in one city; also what it is taken for hours later, when what nobody
/// could place is looked for again.
std::vector<Understood> understood(const std::vector<std::vector<std::string>>& calls,
                                   const std::vector<std::vector<std::string>>& registered,
                                   streams::Duration until) {
  whole::City city;
  for (const auto& row : registered)
    city.permit({-30min, "elevator/" + row[1],
                 json({{"record", "registration"},
                       {"action", "registered"},
                       {"address", "长宁区" + row[2]},
                       {"name", row.size() > 3 ? row[3] : ""},
                       {"district", "310105"}})});
  for (std::size_t i = 0; i < calls.size(); ++i)
    city.complaint({1min, "complaint/" + std::to_string(i),
                    json({{"channel", "12345"},
                          {"kind", "complaint"},
                          {"category", "elevator"},
                          {"address", calls[i][1]},
                          {"text", calls[i].size() > 3 ? calls[i][3] : "电梯坏了"},
                          {"district", "310105"}})});
  std::vector<Understood> all(calls.size());
  for (const whole::Said& said : city.run_to(until)) {
    if (said.topic != "complaints") continue;
    const YAML::Node receipt = YAML::Load(said.bytes)["data"];
    Understood& one = all.at(std::stoul(said.subject.substr(said.subject.find('/') + 1)));
    one.about = receipt["about"].as<std::string>();
    one.candidates.clear();
    for (const YAML::Node& candidate : receipt["candidates"])
      one.candidates.insert(candidate.as<std::string>());
  }
  return all;
}

class Addresses : public testing::TestWithParam<streams::Duration> {};

TEST_P(Addresses, AreTakenForWhatIsMeantOrShownToAPerson) {
  std::vector<std::vector<std::string>> registered, calls;
  for (auto& row : rows("addresses.txt"))
    (row[0] == "R" ? registered : calls).push_back(std::move(row));
  ASSERT_GE(calls.size(), 120u);
  const std::vector<Understood> all = understood(calls, registered, GetParam());
  std::size_t wrong = 0, to_a_person = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    SCOPED_TRACE(calls[i][1]);
    const std::string meant = calls[i][0] == "-" ? "" : "elevator/" + calls[i][0];
    EXPECT_EQ(all[i].about, meant);
    wrong += !all[i].about.empty() && all[i].about != meant;
    to_a_person += all[i].about.empty();
    if (!meant.empty() || calls[i].size() < 3) continue;
    std::istringstream shown{calls[i][2]};
    for (std::string one; std::getline(shown, one, ',');)
      EXPECT_TRUE(all[i].candidates.contains("elevator/" + one)) << one << " is not shown";
  }
  EXPECT_EQ(wrong, 0u);
  std::printf("%zu addresses: %zu to a person, %zu wrong\n", calls.size(), to_a_person, wrong);
}
INSTANTIATE_TEST_SUITE_P(Resolve, Addresses, testing::Values(2min, 9h),
                         [](const auto& at) { return at.param > 1h ? "Later" : "AtOnce"; });

TEST(Resolve, WhatIsSaidBesideTheAddressCanPutItInDoubt) {
  const std::vector<std::vector<std::string>> registered{{"R", "n88", "仙霞路88号", ""},
                                                         {"R", "n90", "仙霞路90号", ""},
                                                         {"R", "l3", "仙霞路88弄3号楼", ""}};
  const std::vector<std::vector<std::string>> calls{
      {"-", "仙霞路88号", "n88,n90", "仙霞路90号的电梯坏了"},
      {"-", "仙霞路88弄", "l3", "不是3号楼"},
      {"-", "仙霞路88弄", "l3", "3、4号楼的电梯都坏了"},
      {"-", "", "n88", "我在仙霞路88号对面"},
      {"-", "仙霞路88弄3号楼", "l3", "4号楼电梯坏了"},
      {"n88", "仙霞路88号", "", "电梯从25号坏到现在"},
      {"n88", "仙霞路88号", "", "12号线出来那部电梯"}};
  for (const streams::Duration until : {streams::Duration{2min}, streams::Duration{9h}}) {
    const std::vector<Understood> all = understood(calls, registered, until);
    for (std::size_t i = 0; i < calls.size(); ++i)
      EXPECT_EQ(all[i].about, calls[i][0] == "-" ? "" : "elevator/" + calls[i][0])
          << calls[i][1] << " | " << calls[i][3];
  }
}

/// Two shops and a caller on a road that the list does not have yet; what is said of the receipt
/// then.
std::string after_new_roads(const std::string& decided) {
  whole::City city;
  for (const std::string shop : {"shop/1", "shop/2"})
    city.permit({-30min, shop,
                 json({{"record", "registration"},
                       {"action", "registered"},
                       {"name", "新店"},
                       {"address", shop == "shop/1" ? "长宁区新泾大道8号" : "长宁区威宁路8号"},
                       {"district", "310105"}})});
  city.complaint({0min, "complaint/1",
                  json({{"channel", "12345"},
                        {"kind", "complaint"},
                        {"category", "street"},
                        {"address", "新泾大道8号"},
                        {"text", "摆到人行道上"},
                        {"district", "310105"}})});
  if (!decided.empty())
    city.feedback({30min, "complaint/1",
                   json({{"step", "resolve_entity"},
                         {"complaint", "complaint/1"},
                         {"entity", decided},
                         {"by", "seat/3"}})});
  city.run_to(2h);
  for (streams::Version version : recorded::versions_of("shanghai")) {
    if (version.name != "gazetteer") continue;
    version.content.insert(version.content.find("  - 南京东路"), "  - 新泾大道\n");
    version.hash = "1badf00d";
    city.activate(version);
  }
  std::string last;
  for (const whole::Said& said : city.run_to(5h))
    if (said.topic == "complaints") last = said.bytes;
  return last;
}

TEST(Resolve, ANewRoadPlacesWhatNobodyCouldPlace) {
  const std::string receipt = after_new_roads("");
  EXPECT_NE(receipt.find(R"("about":"shop/1")"), std::string::npos) << receipt;
  EXPECT_NE(receipt.find(R"("item":"street.check")"), std::string::npos) << receipt;
}

TEST(Resolve, ANewRoadChangesNothingThatAPersonDecided) {
  EXPECT_EQ(after_new_roads("shop/2").find(R"("about":"shop/1")"), std::string::npos);
}

TEST(Resolve, WhoIsDeregisteredIsNoLongerFound) {
  whole::City city;
  city.permit({-30min, "elevator/1",
               json({{"record", "registration"},
                     {"action", "registered"},
                     {"address", "仙霞路88弄"},
                     {"name", "1号楼#1"},
                     {"rescueCode", "100201"}})});
  city.permit(
      {-20min, "elevator/1", json({{"record", "registration"}, {"action", "deregistered"}})});
  city.complaint({0min, "complaint/1",
                  json({{"channel", "12345"},
                        {"kind", "complaint"},
                        {"category", "elevator"},
                        {"about", "100201"},
                        {"address", "仙霞路88弄"},
                        {"text", "抖动"},
                        {"district", "310105"}})});
  bool unplaced = false;
  for (const whole::Said& said : city.run_to(1min))
    unplaced = unplaced || (said.topic == "warnings" && said.has("hotline.unplaced") &&
                            said.has("\"owner\":\"seat/3\""));
  EXPECT_TRUE(unplaced);
}

}  // namespace
