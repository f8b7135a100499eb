#pragma once

// Tokens: the secrets that callers show as `Authorization: Bearer …`, and the rights of each. Of a
// secret only its SHA-256 is kept. The list can be replaced while the server runs: it is asked for
// a newer one at most once a second, when a request comes. The server's thread.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/http/message.h"
#include "streams/result.h"

namespace connectors {

class Tokens {
 public:
  struct Entry {
    std::string hash;  // of the secret: SHA-256, hex
    Rights rights;
  };
  /// Nothing where there is none newer than what was given before.
  using Newer = std::function<std::optional<std::vector<Entry>>()>;
  using Clock = std::function<streams::Time()>;

  /// One secret that may do everything: the file's text without the white space around it, at least
  /// 16 visible ASCII characters.
  static streams::Result<Tokens> read_file(const std::string& path);
  explicit Tokens(const std::vector<Entry>& entries) { add(entries); }

  /// Besides what is there. `clock`: when a token ends.
  void follow(Newer newer, Clock clock);

  /// Whose token it is, in `rights`; or what to answer: 401 without one, 403 where it lacks the
  /// path.
  std::optional<Response> refuse(std::string_view authorization, std::string_view path,
                                 std::shared_ptr<const Rights>& rights);

 private:
  using ByHash = std::map<std::string, std::shared_ptr<const Rights>, std::less<>>;
  static void add_to(ByHash& all, const std::vector<Entry>& entries);
  void add(const std::vector<Entry>& entries) { add_to(fixed_, entries); }
  const std::shared_ptr<const Rights>* find(const std::string& hash) const;

  ByHash fixed_, listed_;
  Newer newer_;
  Clock clock_;
  std::chrono::steady_clock::time_point looked_{};
};

}  // namespace connectors
