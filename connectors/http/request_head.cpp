#include "connectors/http/request_head.h"

#include <algorithm>

#include "connectors/http/target.h"
#include "streams/printable.h"

namespace connectors {

namespace http = boost::beast::http;

namespace {

constexpr unsigned kHttp11 = 11;

/// Of two, one reader might take the first and another the last.
constexpr http::field kOnce[] = {http::field::content_type, http::field::content_encoding,
                                 http::field::authorization, http::field::origin};
constexpr std::string_view kOnceOfOurs[] = {"Idempotency-Key", "X-Seat"};

std::string allowed_methods(const std::map<std::string, Route>& methods) {
  std::string allowed;
  for (const auto& [method, route] : methods)
    allowed += method == "GET" ? "GET, HEAD, " : method + ", ";
  return allowed + "OPTIONS";
}

}  // namespace

std::optional<Response> RequestHead::take(const Message& message, const ServerState& state) {
  *this = {};
  without_body = message.method() == http::verb::head;
  request.method = without_body ? "GET" : std::string{message.method_string()};
  take_headers(message);
  if (auto no = take_host(message)) return no;
  if (auto no = repeated(message)) return no;
  std::string problem;
  std::optional<Target> target = parse_target(message.target(), problem);
  if (!target) return error_response(400, problem);
  if (!target->authority.empty()) host = lower_case(target->authority);
  request.path = std::move(target->path);
  request.parameters = std::move(target->parameters);
  return take_route(state);
}

/// The lines of a header that a chain of proxies has written are one list.
void RequestHead::take_headers(const Message& message) {
  for (const auto& header : message) {
    std::string name = lower_case(header.name_string());
    const bool of_proxies = name == "x-forwarded-for" || name == "forwarded";
    const auto same = [&](const auto& one) { return of_proxies && one.first == name; };
    const auto before = std::find_if(request.headers.begin(), request.headers.end(), same);
    if (before == request.headers.end())
      request.headers.emplace_back(std::move(name), header.value());
    else
      before->second.append(", ").append(header.value());
  }
}

/// Where a header stands twice that a request has once, the answer to that.
std::optional<Response> RequestHead::repeated(const Message& message) {
  const auto twice = [](std::string_view name) {
    return error_response(400, "a request has the header '" + std::string{name} + "' once");
  };
  for (const http::field name : kOnce)
    if (message.count(name) > 1) return twice(http::to_string(name));
  for (const std::string_view name : kOnceOfOurs)
    if (message.count(name) > 1) return twice(name);
  return std::nullopt;
}

/// RFC 9112, 3.2: a request of HTTP/1.1 names one host.
std::optional<Response> RequestHead::take_host(const Message& message) {
  const std::size_t hosts = message.count(http::field::host);
  host = lower_case(message[http::field::host]);
  if (hosts > 1 || (hosts == 0 && message.version() >= kHttp11))
    return error_response(400, "a request has the header 'Host' once");
  if (!host.empty() && !host_name(host))
    return error_response(400, "the header 'Host' is no host and port");
  const std::string coding = lower_case(message[http::field::transfer_encoding]);
  if (!coding.empty() && coding != "chunked")
    return error_response(501, "the only Transfer-Encoding here is chunked");
  return std::nullopt;
}

std::optional<Response> RequestHead::take_route(const ServerState& state) {
  std::string allowed;
  if (const auto* methods = state.find(request.path, request.tail)) {
    if (const auto it = methods->find(request.method); it != methods->end()) {
      route = &it->second;
      return std::nullopt;
    }
    allowed = allowed_methods(*methods);
  } else if (request.path == "*") {
    if (request.method != "OPTIONS")
      return error_response(400, "the target * is for OPTIONS alone");
    allowed = "GET, HEAD, POST, OPTIONS";
  } else if (const auto* found = state.files ? state.files->find(request.path) : nullptr) {
    if (request.method == "GET") {
      file = found;
      return std::nullopt;
    }
    allowed = "GET, HEAD, OPTIONS";
  }
  if (allowed.empty()) return error_response(404, "there is nothing at " + request.path);
  Response answer = request.method == "OPTIONS"
                        ? Response{.status = 204}
                        : error_response(405, request.path + " takes " + allowed + ", not " +
                                                  streams::printable(request.method));
  answer.headers.emplace_back("Allow", allowed);
  return answer;
}

std::optional<Response> RequestHead::forbidden(ServerState& state) {
  if (state.tokens) {
    const bool open = file != nullptr || route->access == Access::open;
    auto no = state.tokens->refuse(request.header("authorization"), request.path, request.rights);
    if (!open && no) return no;
  } else {
    const std::string name = host_name(host).value_or("");
    if (!name.empty() && name != "localhost" && name != "127.0.0.1" && name != "[::1]")
      return error_response(
          403, "without a token this server answers to localhost only, not to '" + name + "'");
  }
  const std::string origin = lower_case(request.header("origin"));
  if (!origin.empty() && origin.substr(std::min(origin.find("//") + 2, origin.size())) != host)
    return error_response(403, "a page from elsewhere may not send requests here");
  return std::nullopt;
}

std::string RequestHead::forwarded_for() const {
  return connectors::forwarded_for(request.header("x-forwarded-for"), request.header("forwarded"));
}

}  // namespace connectors
