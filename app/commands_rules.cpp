// rules check, test, eval: packs on an analyst's desk, without a city.

#include <fmt/format.h>

#include <iostream>

#include "app/city_files.h"
#include "app/commands.h"
#include "app/files.h"
#include "connectors/json/cel_lines.h"
#include "connectors/json/event_decoder.h"
#include "operators/rules/pack_reader.h"
#include "operators/rules/pack_trial.h"

namespace app {

using streams::Result;

int rules_check(const std::vector<std::string>& packs) {
  const Result<Packs> read = read_packs(packs);
  if (!read) {
    fmt::print(stderr, "{}\n", read.error().what);
    return 1;
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
    for (const rules::TrialResult& result : rules::try_pack(
             *text, path, [] { return std::make_unique<connectors::EventDecoder>(); })) {
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
