#pragma once

// IdempotencyKeys: which body came under which `Idempotency-Key`, so that one key never stands for
// two bodies. Acting once is not its work: an event's id, and an action's that is made of its key,
// see to that. Kept in memory, the newest `kMost` for `kKept`. The server's thread.

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "connectors/http/message.h"

namespace connectors {

class IdempotencyKeys {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kMost = 10'000;
  static constexpr std::chrono::hours kKept{24};
  static constexpr std::size_t kMostKeyBytes = 256;

  /// `scope`: whose key it is, and for what. False: it came with another body before.
  bool admit(std::string_view scope, std::string_view key, std::string_view body,
             Clock::time_point now = Clock::now());
  /// 422 for a request whose key came with another body before, 400 for one that is no key; nothing
  /// for what may go on. `whose`: a key is its caller's own.
  std::optional<Response> refuse(const Request& request, std::string_view whose,
                                 std::string_view body);

 private:
  struct Known {
    std::uint64_t body;
    Clock::time_point since;
  };
  std::unordered_map<std::string, Known> known_;
  std::deque<std::string> oldest_first_;
};

}  // namespace connectors
