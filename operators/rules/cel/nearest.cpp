#include "operators/rules/cel/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace cel {
namespace {

constexpr std::size_t kFarthest = 2;

std::size_t distance(std::string_view a, std::string_view b) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > kFarthest) return kFarthest + 1;
  std::vector<std::size_t> row(b.size() + 1);  // distances of a's prefix to each prefix of b
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest(std::string_view name, std::span<const std::string> known) {
  std::optional<std::string> best;
  std::size_t least = kFarthest + 1;
  for (const std::string& candidate : known) {
    // A name of two letters is no misspelling of every other one.
    const std::size_t changes = distance(name, candidate);
    if (changes >= least || changes >= name.size()) continue;
    least = changes;
    best = candidate;
  }
  return best;
}

}  // namespace cel
