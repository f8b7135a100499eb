// The tests that stand in the rule packs of the recorded cities, run on the real Detect: what a
// rule fires, and whatever else of it a test names, must be as expected.

#include <algorithm>
#include <set>

#include "operators/rules/pack_reader.h"
#include "operators/rules/rulebook.h"
#include "tests/driver/recorded_city.h"

namespace {

using namespace recorded;

const streams::Time kStart = *streams::parse_time("2026-01-01T00:00:00Z");

std::string event_of(const rules::PackTest::Given& given, std::size_t number) {
  std::string type;
  for (const city::Door& door : city::kDoors)
    if (door.topic == given.topic) type = door.type;
  return R"({"specversion":"1.0","id":"e)" + std::to_string(number) +
         R"(","source":"/test","type":")" + type + R"(","subject":")" + given.subject +
         R"(","time":")" + streams::format_time(kStart + given.at) + R"(","data":)" + given.data +
         "}";
}

void run(const std::string& city, const rules::PackTest& test) {
  DetectAlone alone{city, 1};
  streams::Duration last{};
  std::size_t number = 0;
  for (const rules::PackTest::Given& given : test.given) {
    alone.driver().send(given.topic, given.subject, kStart + given.at, event_of(given, ++number));
    last = std::max(last, given.at);
  }
  std::multiset<std::string> wanted;
  std::set<std::string> kinds{test.rule + " fired"};
  for (const rules::PackTest::Expected& expected : test.expect) {
    wanted.insert(expected.rule + " " + expected.what + " " +
                  streams::format_duration(expected.at));
    kinds.insert(expected.rule + " " + expected.what);
    last = std::max(last, expected.at);
  }
  alone.driver().advance_to(kStart + last + std::chrono::minutes{1});
  std::multiset<std::string> said;
  for (const std::string& record : alone.driver().read("said")) {
    const std::string kind = member(record, "rule") + " " + member(record, "what");
    const streams::Time at = *streams::parse_time(member(record, "at"));
    if (kinds.contains(kind)) said.insert(kind + " " + streams::format_duration(at - kStart));
  }
  EXPECT_EQ(said, wanted) << city << ", test at line " << test.place.line;
}

TEST(CityPacks, DoWhatTheirTestsSay) {
  for (const std::string city : {"shanghai", "washington", "bahn"}) {
    for (const streams::Version& version : packs_of(city)) {
      std::vector<rules::Problem> problems;
      const rules::Pack pack = rules::read_pack(version.content, version.name, problems);
      (void)rules::Rulebook::compile({pack}, nullptr, problems);
      for (const rules::Problem& problem : problems)
        ADD_FAILURE() << city << " " << problem.sentence();
      if (!problems.empty()) continue;
      std::set<std::string> tested;
      for (const rules::PackTest& test : pack.tests) {
        run(city, test);
        tested.insert(test.rule);
      }
      EXPECT_EQ(tested.size(), pack.rules.size()) << "a rule without a test";
    }
  }
}

TEST(CityPacks, AdaptersAreRead) {
  for (const std::string city : {"washington", "bahn"}) {
    const auto adapter = adapter_of(city);
    ASSERT_NE(adapter, nullptr);
    EXPECT_EQ(adapter->name(), city);
  }
}

}  // namespace
