#include "app/pool.h"

#include "streams/check.h"

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
  std::uint64_t ticket = ticket_.load(std::memory_order_acquire);
  while (true) {
    const auto item = static_cast<std::uint32_t>(ticket & 0xffff);
    const auto count = static_cast<std::uint32_t>(ticket >> 16 & 0xffff);
    if (item >= count) return;
    if (!ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel)) continue;
    (*work_)(static_cast<int>(item));
    if (done_.fetch_add(1, std::memory_order_acq_rel) + 1 == count) done_.notify_one();
    ticket = ticket_.load(std::memory_order_acquire);
  }
}

void Pool::help() {
  for (std::uint32_t seen = 0;;) {
    round_.wait(seen);
    seen = round_;
    if (stop_) return;
    take_part();
  }
}

void Pool::run(int count, const std::function<void(int)>& work) {
  if (helpers_.empty()) {
    for (int item = 0; item < count; ++item) work(item);
    return;
  }
  const auto items = static_cast<std::uint32_t>(count);
  CHECK(items < 0x8000);
  work_ = &work;
  done_ = 0;
  const std::uint64_t next_round = (ticket_.load() >> 32) + 1;
  ticket_.store(next_round << 32 | std::uint64_t{items} << 16, std::memory_order_release);
  ++round_;
  round_.notify_all();
  take_part();
  for (std::uint32_t done = done_; done != items; done = done_) done_.wait(done);
}

}  // namespace app
