#pragma once

// Request and Response as handlers see them: values, with no trace of the library below. A handler
// is called on the server's one thread and must not block; it answers through Reply, at once or
// later and from any thread, once (a second answer is ignored).

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/http/rights.h"

namespace connectors {

struct Request {
  std::string method;  // "GET" also for HEAD: the server leaves out the body itself
  std::string path;    // percent-decoded, without the query
  std::string tail{};  // what follows the prefix of a route that ends in '/'
  std::vector<std::pair<std::string, std::string>> parameters{};  // of the query, decoded
  std::vector<std::pair<std::string, std::string>> headers{};     // names in lower case
  std::string body{};
  std::shared_ptr<const Rights> rights = Rights::all();  // of the token that came with it
  /// Becomes true when the caller is seen to wait no longer; null where nobody looks.
  std::shared_ptr<const std::atomic<bool>> left{};

  /// Empty where there is no such header. `name` in lower case.
  std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
  /// Empty where the query has none of that name.
  std::string_view parameter(std::string_view name) const {
    for (const auto& [key, value] : parameters)
      if (key == name) return value;
    return {};
  }
};

struct Response {
  int status = 200;
  std::string body = {};
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};  // besides type, length and safety
};

/// {"error": "<sentence>"}: every failure is told so.
Response error_response(int status, std::string_view sentence);

using Reply = std::function<void(Response)>;
using Handler = std::function<void(Request, Reply)>;

}  // namespace connectors
