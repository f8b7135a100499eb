#include "connectors/http/idempotency.h"

#include <algorithm>

#include "streams/hash.h"

namespace connectors {

std::optional<Response> IdempotencyKeys::refuse(const Request& request, std::string_view whose,
                                                std::string_view body) {
  const std::string_view key = request.header("idempotency-key");
  if (key.empty()) return std::nullopt;
  if (key.size() > kMostKeyBytes ||
      !std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c < 127; }))
    return error_response(400, "Idempotency-Key has at most 256 visible ASCII characters");
  std::string scope = request.path;
  scope.append("\n").append(whose);
  if (admit(scope, key, body)) return std::nullopt;
  return error_response(422,
                        "this Idempotency-Key came with another body before: a new request needs "
                        "a key of its own");
}

bool IdempotencyKeys::admit(std::string_view scope, std::string_view key, std::string_view body,
                            Clock::time_point now) {
  while (!oldest_first_.empty() && (oldest_first_.size() >= kMost ||
                                    now - known_.at(oldest_first_.front()).since >= kKept)) {
    known_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
  std::string name{scope};
  name.append("\n").append(key);
  const auto [it, added] = known_.try_emplace(name, Known{streams::hash64(body), now});
  if (added) oldest_first_.push_back(std::move(name));
  return it->second.body == streams::hash64(body);
}

}  // namespace connectors
