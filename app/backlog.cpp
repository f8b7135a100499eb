#include "app/backlog.h"

#include <algorithm>
#include <cmath>

namespace app {

namespace {

constexpr double kWeight = 0.3;  // of the last epoch
constexpr Backlog::Seconds kLeastCost{0.5e-6}, kMostCost{20e-3};
/// A shorter epoch shows what it costs to have one, not what a record costs.
constexpr Backlog::Seconds kLongEnough{50e-3};

}  // namespace

void Backlog::begin(std::size_t waiting, Instant now) {
  const std::lock_guard lock{mutex_};
  in_hand_ = waiting;
  queued_ = 0;
  begun_ = now;
  running_ = true;
}

void Backlog::end(std::size_t taken, std::size_t waiting, Instant now) {
  const std::lock_guard lock{mutex_};
  running_ = false;
  in_hand_ = 0;
  queued_ = waiting;
  if (taken == 0) return;
  const Seconds took = now - begun_, each = took / static_cast<double>(taken);
  if (each > cost_ && took < kLongEnough) return;
  cost_ = std::clamp(cost_ + kWeight * (each - cost_), kLeastCost, kMostCost);
}

void Backlog::add(std::size_t records) {
  const std::lock_guard lock{mutex_};
  queued_ += records;
}

/// An epoch that takes longer than was believed is believed to go on as long as it is late.
Backlog::Seconds Backlog::ahead(Instant now) const {
  const std::lock_guard lock{mutex_};
  const Seconds queued = static_cast<double>(queued_) * cost_;
  if (!running_) return queued;
  const Seconds left = static_cast<double>(in_hand_) * cost_ - Seconds{now - begun_};
  return queued + Seconds{std::abs(left.count())};
}

Backlog::Seconds Backlog::cost() const {
  const std::lock_guard lock{mutex_};
  return cost_;
}

}  // namespace app
