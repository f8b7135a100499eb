// rules check, test, eval: packs on an analyst's desk, without a city.

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "app/city_files.h"
#include "app/commands.h"
#include "app/files.h"
#include "connectors/json/cel_lines.h"
#include "connectors/json/event_decoder.h"
#include "connectors/json/raw_slots.h"
#include "operators/duty/calendar.h"
#include "operators/rules/pack_reader.h"
#include "operators/rules/pack_trial.h"

namespace app {

using streams::Result;

namespace {

/// Times are told by the calendar of the city that the pack lies in, where it lies in one.
rules::TrialCity trial_city(const std::string& pack) {
  rules::TrialCity city;
  city.make_decoder = [] { return std::make_unique<connectors::EventDecoder>(); };
  city.read_raw = connectors::read_raw_slot;
  const auto directory = std::filesystem::absolute(pack).parent_path().parent_path();
  if (Result<std::string> calendar = read_file((directory / "calendar.yaml").string()); calendar)
    city.calendar = {std::string{city::kCalendarVersion}, "trial", *calendar};
  return city;
}

}  // namespace

int rules_check(const std::vector<std::string>& packs) {
  const Result<Packs> read = read_packs(packs);
  if (!read) {
    fmt::print(stderr, "{}\n", read.error().what);
    return 1;
  }
  for (rules::Problem doubt : read->doubts) {
    doubt.what = "warning: " + doubt.what;
    fmt::print(stderr, "{}\n", doubt.sentence());
  }
  for (const rules::Pack& pack : read->packs)
    fmt::print("{}: {} rules, {} facts, {} tests; version {}\n", pack.file, pack.rules.size(),
               pack.facts.size(), pack.tests.size(), pack.version());
  return 0;
}

int rules_test(const std::vector<std::string>& packs) {
  if (int bad = rules_check(packs); bad != 0) return bad;
  int passed = 0, failed = 0;
  for (const std::string& path : packs) {
    Result<std::string> text = read_file(path);
    if (!text) return report(text.error());
    for (const rules::TrialResult& result : rules::try_pack(*text, path, trial_city(path))) {
      (result.passed ? passed : failed) += 1;
      if (!result.passed)
        fmt::print("FAILED {}:{}: {}: {}\n", path, result.place.line, result.rule, result.what);
    }
  }
  fmt::print("{} passed, {} failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}

int rules_eval() {
  for (std::string line; std::getline(std::cin, line);)
    if (!line.empty()) std::cout << connectors::answer(line) << '\n';
  return 0;
}

}  // namespace app
