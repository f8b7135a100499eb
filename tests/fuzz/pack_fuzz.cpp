// Any bytes as a rule pack: read, compiled, refused in sentences, never a crash.

#include <string>

#include "operators/rules/pack_reader.h"
#include "operators/rules/rulebook.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20'000) return 0;
  std::vector<rules::Problem> problems;
  const rules::Pack pack =
      rules::read_pack({reinterpret_cast<const char*>(data), size}, "fuzz.yaml", problems);
  (void)rules::Rulebook::compile({pack}, nullptr, problems);
  for (const rules::Problem& problem : problems)
    if (problem.sentence().empty()) __builtin_trap();
  return 0;
}
