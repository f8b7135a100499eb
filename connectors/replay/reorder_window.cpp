#include "connectors/replay/reorder_window.h"

#include <algorithm>

namespace connectors {

using streams::Time;

namespace {

std::size_t size_of(const Arrived& record) {
  return record.bytes.size() + record.source.size() + record.id.size() + record.subject.size() +
         sizeof(Arrived);
}

}  // namespace

void ReorderWindow::push(Arrived record) {
  for (Jump& jump : jumps_) {
    if (jump.record.line == record.line) continue;  // one row does not speak for itself
    ++jump.witnesses;
    if (record.time >= jump.record.time - kBound) ++jump.agree;
  }
  if (beyond(record.time)) {
    jumps_.push_back({std::move(record), 0, 0});
  } else {
    accept(std::move(record));
    absorb();
  }
  while (!jumps_.empty() && jumps_.front().witnesses >= kWitnesses) judge();
}

void ReorderWindow::end() {
  ended_ = true;
  while (!jumps_.empty()) judge();
}

void ReorderWindow::accept(Arrived record) {
  clock_ = clock_ ? std::max(*clock_, record.time) : record.time;
  const Time at = record.time;
  hold(at, std::move(record));
}

void ReorderWindow::hold(Time at, Arrived record) {
  held_bytes_ += size_of(record);
  held_.insert({at, std::move(record)});
}

/// The clock has moved: some jumps may be none any more.
void ReorderWindow::absorb() {
  for (bool moved = true; moved;) {
    moved = false;
    for (auto jump = jumps_.begin(); jump != jumps_.end();) {
      if (beyond(jump->record.time)) {
        ++jump;
        continue;
      }
      accept(std::move(jump->record));
      jump = jumps_.erase(jump);
      moved = true;
    }
  }
}

bool ReorderWindow::counts(const Jump& jump) const {
  if (jump.witnesses > 0) return 2 * jump.agree > jump.witnesses;
  return !clock_ || jump.record.time - *clock_ <= longest_;
}

void ReorderWindow::judge() {
  Jump jump = std::move(jumps_.front());
  jumps_.pop_front();
  if (counts(jump)) {
    if (clock_) longest_ = std::max(longest_, jump.record.time - *clock_);
    accept(std::move(jump.record));
    return absorb();
  }
  Time at = clock_.value_or(jump.record.time);
  if (!clock_)  // the file begins with a broken clock: it lies where the others begin
    for (const Jump& other : jumps_) at = std::min(at, other.record.time);
  hold(at, std::move(jump.record));
}

std::optional<Ordered> ReorderWindow::pop() {
  if (held_.empty()) return std::nullopt;
  const bool full = held_bytes_ > kMaxHeldBytes;
  const bool certain = ended_ || (clock_ && held_.begin()->at < *clock_ - kBound);
  if (!certain && !full) return std::nullopt;
  if (!certain) ++early_;
  Held held = std::move(held_.extract(held_.begin()).value());
  held_bytes_ -= size_of(held.record);
  recorded_ = recorded_ ? std::max(*recorded_, held.at) : held.at;
  return Ordered{*recorded_, std::move(held.record)};
}

}  // namespace connectors
