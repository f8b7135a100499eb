#include "operators/yaml/problem.h"

#include <algorithm>

namespace yaml {

std::string Problem::sentence() const {
  return file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + what;
}

streams::Error refusal(std::vector<Problem> problems) {
  // The files stay in the order in which they were read.
  for (auto begin = problems.begin(); begin != problems.end();) {
    const auto end = std::find_if(
        begin, problems.end(), [&](const Problem& problem) { return problem.file != begin->file; });
    std::stable_sort(begin, end,
                     [](const Problem& a, const Problem& b) { return a.place < b.place; });
    begin = end;
  }
  std::string all;
  for (const Problem& problem : problems) all += (all.empty() ? "" : "\n") + problem.sentence();
  return {streams::Error::Kind::usage, all};
}

}  // namespace yaml
