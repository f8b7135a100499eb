#include "app/pool.h"

namespace app {

Pool::Pool(int threads) {
  for (int i = 1; i < threads; ++i) helpers_.emplace_back([this] { help(); });
}

Pool::~Pool() {
  stop_ = true;
  ++round_;
  round_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void Pool::take_part() {
  for (int number = next_++; number < count_; number = next_++) (*work_)(number);
}

void Pool::help() {
  for (std::uint32_t seen = 0;;) {
    round_.wait(seen);
    seen = round_;
    if (stop_) return;
    take_part();
    if (--helping_ == 0) helping_.notify_one();
  }
}

void Pool::run(int count, const std::function<void(int)>& work) {
  work_ = &work;
  count_ = count;
  next_ = 0;
  if (helpers_.empty()) return take_part();
  helping_ = static_cast<int>(helpers_.size());
  ++round_;
  round_.notify_all();
  take_part();
  for (int left = helping_; left > 0; left = helping_) helping_.wait(left);
}

}  // namespace app
