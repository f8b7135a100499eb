#pragma once

// Callers: who is connected from where, and who came with a wrong token: how many connections an
// address has, and how long the next wrong token of it waits for its answer. Of a server, on its
// thread. Also what is known of an address: its text, and whose words of others' addresses count.

#include <chrono>
#include <cstddef>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace connectors {

class Callers {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kMostWrong = 1024;  // addresses; the oldest goes first
  static constexpr std::chrono::milliseconds kFirstWait{100};
  static constexpr std::chrono::milliseconds kLongestWait{5'000};
  static constexpr std::chrono::minutes kForgotten{10};

  std::size_t count(const std::string& caller) const {
    const auto found = counts_.find(caller);
    return found == counts_.end() ? 0 : found->second;
  }
  void enter(const std::string& caller) { ++counts_[caller]; }
  void leave(const std::string& caller) {
    const auto found = counts_.find(caller);
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
  }

  struct Wrong {
    std::chrono::milliseconds wait;  // before its answer: twice as long each time
    std::size_t times;               // in a row
  };
  Wrong wrong_token(const std::string& caller, Clock::time_point now = Clock::now());
  void right_token(const std::string& caller) { wrong_.erase(caller); }

 private:
  struct Tries {
    std::size_t times = 0;
    Clock::time_point last{};
  };
  std::unordered_map<std::string, std::size_t> counts_;
  std::unordered_map<std::string, Tries> wrong_;
  std::deque<std::string> first_wrong_first_;
};

/// "127.0.0.1", "2001:db8:1:2::/64": of an IPv6 address the part that one subscriber has; empty for
/// what is no Internet address. `address`: a sockaddr.
std::string address_text(const void* address, std::size_t size);
/// The same of an address as text, with or without a port or brackets; empty for other text.
std::string address_text(std::string_view text);

/// The address that a trusted proxy says a request came from: the last of `X-Forwarded-For` or,
/// failing that, of `Forwarded` (RFC 7239). Empty: it says none.
std::string forwarded_for(std::string_view x_forwarded_for, std::string_view forwarded);

}  // namespace connectors
