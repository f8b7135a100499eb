// All cases of the specification's suite that the project keeps beside its sources.

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/source_directory.h"
#include "tests/unit/operators/rules/cel/conformance.h"

namespace {

std::string cases_path() {
  const char* shared = std::getenv("WATCHFIRE_SHARED");
  const std::string beside = source_directory("/../shared");
  return (shared != nullptr ? std::string(shared) : beside) + "/cel/cases.jsonl";
}

TEST(CelConformance, PassesAllCases) {
  std::ifstream file(cases_path());
  if (!file) GTEST_SKIP() << "no cases at " << cases_path() << "; set WATCHFIRE_SHARED";
  const auto tally = conformance::run(file, [](std::string_view id, const std::string& got) {
    ADD_FAILURE() << id << " gives " << got;
  });
  EXPECT_GE(tally.cases, 505);
}

TEST(CelConformance, SeesADifference) {
  std::istringstream wrong(R"({"id":"a","expr":"1","want":{"type":"int","value":2}}
{"id":"b","expr":"1","want":{"error":true}}
{"id":"c","expr":"1.0","want":{"type":"int","value":1}}
{"id":"d","expr":"[1, 2]","want":{"type":"list","value":[{"type":"int","value":1}]}}
{"id":"e","expr":"1.5","want":{"type":"double","value":"15e-1"}})");
  std::string failed;
  const auto tally =
      conformance::run(wrong, [&](std::string_view id, const std::string&) { failed += id; });
  EXPECT_EQ(failed, "abcd");
  EXPECT_EQ(tally.passed, 1);
}

}  // namespace
