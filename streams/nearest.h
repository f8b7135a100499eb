#pragma once

// Nearest words: what may have been meant by a word that is none of a closed list, the likeliest
// first, for sentences that name the known ones. Doors and readers of files call it where something
// is refused. Any thread.

#include <algorithm>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace streams {

/// Bytes to insert, remove, replace, or swap with the next one.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const bool same = a[i - 1] == b[k - 1];
      row[k] = std::min({last[k] + 1, row[k - 1] + 1, last[k - 1] + (same ? 0 : 1)});
      if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
        row[k] = std::min(row[k], before[k - 2] + 1);
    }
    before = last;
    last.swap(row);
  }
  return last[b.size()];
}

/// "help, report, …": all of `known`, the nearest to `word` first; equally near ones as listed.
inline std::string nearest_first(std::string_view word, std::span<const std::string_view> known) {
  constexpr std::size_t kCompared = 64;  // of a long word the beginning will do
  const std::string_view compared = word.substr(0, kCompared);
  std::vector<std::pair<std::size_t, std::string_view>> all;
  for (const std::string_view one : known) all.emplace_back(edit_distance(compared, one), one);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string text;
  for (const auto& [distance, one] : all) text.append(text.empty() ? "" : ", ").append(one);
  return text;
}

}  // namespace streams
