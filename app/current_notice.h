#pragma once

// CurrentNotice: the doors' advance notice, by the versions that are active now. The forwarder asks
// it, on its thread; become() is for any thread. What was told of by the versions before is
// forgotten: a notice may come twice.

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "operators/advance_notice.h"

namespace app {

class CurrentNotice {
 public:
  void become(std::unique_ptr<operators::AdvanceNotice> next) {
    const std::lock_guard lock{mutex_};
    next_ = std::move(next);
  }
  /// Once after each change.
  std::optional<std::vector<streams::FieldList>> new_fields() {
    const std::lock_guard lock{mutex_};
    if (!next_) return std::nullopt;
    current_ = std::move(next_);
    return current_->fields();
  }
  std::vector<streams::Append> of(const streams::Event& event) {
    return current_ ? current_->of(event) : std::vector<streams::Append>{};
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<operators::AdvanceNotice> next_;
  std::unique_ptr<operators::AdvanceNotice> current_;  // the forwarder's
};

}  // namespace app
