// What the board counts: what is open, whether it has a row or not, what is overdue, and whether
// warnings come faster than the seats can read.

#include <algorithm>

#include "app/board.h"

namespace app {

namespace {

// A flood begins above 10 new warnings for each seat within 10 minutes and ends below 5 (ISA-18.2).
constexpr auto kFloodWindow = std::chrono::minutes{10};
constexpr std::size_t kFloodBegins = 10, kFloodEnds = 5;
constexpr std::size_t kFloodCounted = 10'000;

/// All that are open, and those of them that have no row.
template <class View, class Counts>
void count_open(const BoardRows<View>& rows, Counts& open, Counts& hidden) {
  for (const auto& [id, row] : rows.open()) ++open[row.view.label()];
  for (const auto& [id, row] : rows.hidden()) {
    ++open[*row.label];
    ++hidden[row.priority->empty() ? *row.label : *row.priority];
  }
}

}  // namespace

void Board::count_flood(Time raised) {
  raised_.insert(raised);
  while (raised_.size() > kFloodCounted || *raised_.begin() + kFloodWindow < *raised_.rbegin())
    raised_.erase(raised_.begin());
  if (raised_.size() > kFloodBegins * seats()) flood_ = true;
  if (raised_.size() < kFloodEnds * seats()) flood_ = false;
}

Board::Counters Board::counters(Time now) const {
  const std::lock_guard lock{mutex_};
  Counters counted = counters_;
  counted.dropped_warnings = warnings_.forgotten();
  counted.dropped_orders = orders_.forgotten();
  counted.dropped_receipts = receipts_.forgotten();
  counted.dropped_matters = matters_.forgotten();
  for (const char* priority : {"P1", "P2", "P3", "P4"})
    counted.warnings_open[priority] = counted.orders_overdue[priority] = 0;
  count_open(warnings_, counted.warnings_open, counted.warnings_hidden);
  count_open(orders_, counted.orders_open, counted.orders_hidden);
  count_open(receipts_, counted.receipts_open, counted.receipts_hidden);
  count_open(matters_, counted.matters_open, counted.matters_hidden);
  for (const auto& [id, row] : warnings_.open()) counted.shelved += row.view.is_shelved() ? 1 : 0;
  for (const auto& [id, row] : warnings_.hidden()) counted.shelved += row.shelved ? 1 : 0;
  for (const auto& [id, row] : orders_.open())
    if (row.view.due() < now) ++counted.orders_overdue[row.view.priority];
  for (const auto& [id, row] : orders_.hidden())
    if (row.due < now) ++counted.orders_overdue[*row.priority];
  const auto recent = static_cast<std::size_t>(std::count_if(
      raised_.begin(), raised_.end(), [&](Time raised) { return raised + kFloodWindow >= now; }));
  counted.flood = flood_ && recent >= kFloodEnds * seats();
  return counted;
}

}  // namespace app
