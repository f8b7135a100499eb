#pragma once

// Server: HTTP/1.1 on one thread of its own (Boost.Asio and Beast, seen in server.cpp and
// session.cpp alone). Routes, one directory of files and event streams are registered before
// start(); everything a caller can make it hold has a bound in ServerLimits. Made by the app's
// wiring.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "connectors/http/endpoint.h"
#include "connectors/http/event_stream.h"
#include "connectors/http/message.h"
#include "connectors/http/tokens.h"
#include "streams/result.h"

namespace connectors {

struct ServerLimits {
  std::uint64_t body_bytes = 1 << 20;
  std::uint64_t upload_bytes = 8 << 20;  // of a route that takes uploads
  std::size_t uploads = 16;              // at once; more are answered 503
  std::uint32_t header_bytes = 16 << 10;
  std::size_t connections = 512;          // more are closed at once
  std::size_t known_share = 128;          // of these, for those who have shown a token
  std::size_t address_connections = 128;  // of one address that has not; or requests, by a proxy
  std::size_t streams = 128;              // of the connections; more are answered 503
  std::size_t stream_queue_bytes = 8 << 20;           // a reader behind by more is dropped
  std::chrono::milliseconds first_byte_time{5'000};   // of a connection
  std::chrono::milliseconds idle_time{60'000};        // between two requests
  std::chrono::milliseconds request_time{30'000};     // to send a request that has begun
  std::chrono::milliseconds answer_time{30'000};      // for a handler; then 503
  std::chrono::milliseconds write_time{30'000};       // for a reader to take bytes that wait
  std::chrono::milliseconds stop_time{5'000};         // for what is under way when it stops
};

/// Why somebody was not served.
enum class Refusal { connections, address, slow, evicted, no_token, wrong_token, streams, uploads };
inline constexpr std::array<std::string_view, 8> kRefusals{
    "connections", "address", "slow", "evicted", "no_token", "wrong_token", "streams", "uploads"};

/// Counts since the start, but `connections` and `streams`, which are of now.
struct HttpCounters {
  std::uint64_t connections = 0, streams = 0;
  std::uint64_t accepted = 0;                        // connections
  std::array<std::uint64_t, kRefusals.size()> refused{};  // by reason
  std::uint64_t dropped_streams = 0;                 // readers too slow
  std::uint64_t answered[6] = {};           // by status / 100
};

enum class Access { token, open };  // open: without the token, too

class Server {
 public:
  explicit Server(std::optional<Tokens> tokens, ServerLimits limits = {});
  ~Server();  // stops

  /// Before start(). A path that ends in '/' takes all below it.
  void route(const std::string& method, const std::string& path, Handler handler,
             Access access = Access::token);
  /// POST of bodies up to `upload_bytes`. `admit` sees the request before its body is read; what it
  /// gives is the answer.
  using Admit = std::function<std::optional<Response>(const Request&)>;
  void upload(const std::string& path, Handler handler, Admit admit, Access access = Access::token);
  void stream(const std::string& path, StreamHandler handler);
  streams::Result<void> files(const std::string& directory);
  /// A proxy at this address says for whom it asks (X-Forwarded-For, Forwarded): then bounds are
  /// for each of those, and none for its connections.
  streams::Result<void> trust(const std::string& proxy);
  /// Hears of what a person should know of: wrong tokens, what was set down for want of files.
  void hear(std::function<void(const std::string&)> say);

  /// Listens, or says in one sentence why not: the port is taken, or other machines could reach it
  /// although there is no token.
  streams::Result<void> start(const Endpoint& endpoint);
  std::uint16_t port() const;  // the real one, after start()
  /// Listens on DIRECTORY/socket instead, for programs of this user alone (mode 0600). One that a
  /// killed process has left is replaced, so the caller must own the directory; stop() removes it.
  streams::Result<void> start_in(const std::string& directory);

  /// Takes no more, lets what is under way finish within `stop_time`, ends the streams and the
  /// thread.
  void stop();

  HttpCounters counters() const;

 private:
  struct Running;
  void run(std::unique_ptr<Running> running);
  std::shared_ptr<struct ServerState> state_;
  std::unique_ptr<Running> running_;
};

}  // namespace connectors
