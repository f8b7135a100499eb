#include "connectors/http/server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <thread>

#include "connectors/http/local_endpoint.h"
#include "connectors/http/open_files.h"
#include "connectors/http/session.h"
#include "streams/json.h"

namespace connectors {

namespace asio = boost::asio;
using asio::ip::tcp;

Response error_response(int status, std::string_view sentence) {
  Response response{.status = status};
  response.body = R"({"error":)";
  streams::append_json_text(response.body, sentence);
  response.body += "}\n";
  return response;
}

void append_frame(std::string& out, std::string_view event, std::string_view id,
                  std::string_view data) {
  out.append("event: ").append(event);
  if (!id.empty()) out.append("\nid: ").append(id);
  out += "\ndata: ";
  for (const char c : data) out += c == '\n' || c == '\r' ? ' ' : c;
  out += "\n\n";
}

struct Server::Running {
  using Acceptor = asio::basic_socket_acceptor<Session::Protocol>;

  explicit Running(std::shared_ptr<ServerState> shared)
      : state(std::move(shared)),
        acceptor(state->io),
        grace(state->io),
        work(asio::make_work_guard(state->io)) {}

  void accept() {
    using Socket = Session::Protocol::socket;
    acceptor.async_accept([this](boost::system::error_code failed, Socket socket) {
      if (!acceptor.is_open()) return;
      if (!failed) {
        take(std::move(socket));
      } else if (failed != asio::error::connection_aborted) {
        state->count(Refusal::connections);  // no file descriptor left: wait, else this would spin
        grace.expires_after(std::chrono::milliseconds{100});
        grace.async_wait([this](boost::system::error_code) {
          if (acceptor.is_open()) accept();
        });
        return;
      }
      accept();
    });
  }

  /// Who is refused is closed: an answer would take what is short. What waits for a request makes
  /// room first, the longest first.
  void take(Session::Protocol::socket socket) {
    const ServerLimits& limits = state->limits;
    boost::system::error_code unknown;
    const auto remote = socket.remote_endpoint(unknown);
    if (unknown) return;  // gone already
    std::string address = address_text(remote.data(), remote.size());
    if (!address.empty() && !state->trusted_proxies.contains(address)) {
      const std::size_t share = limits.connections - (state->tokens ? known_share() : 0);
      if (state->callers.count(address) >= limits.address_connections && !evict(address))
        return state->count(Refusal::address);
      if (state->anonymous >= share && !evict({})) return state->count(Refusal::connections);
    }
    if (state->connections >= limits.connections && !evict({}))
      return state->count(Refusal::connections);
    ++state->accepted;
    std::make_shared<Session>(std::move(socket), state, std::move(address))->start();
  }
  std::size_t known_share() const {
    return std::min(state->limits.known_share, state->limits.connections / 2);
  }

  /// Closes the connection that has waited longest for a request, of those who have shown no token;
  /// `address`: of its own, or of any.
  bool evict(const std::string& address) {
    std::shared_ptr<Session> longest;
    for (const auto& [number, weak] : state->sessions) {
      const auto session = weak.lock();
      if (!session || session->known() || !session->idle_since()) continue;
      if (!address.empty() && session->address() != address) continue;
      if (!longest || *session->idle_since() < *longest->idle_since()) longest = session;
    }
    if (!longest) return false;
    state->count(Refusal::evicted);
    longest->close();
    return true;
  }

  void stop() {
    state->stopping = true;
    boost::system::error_code ignored;
    acceptor.close(ignored);
    state->on_idle = [this] {
      grace.cancel();
      work.reset();
    };
    const auto sessions = state->sessions;
    for (const auto& [number, session] : sessions)
      if (const auto alive = session.lock()) alive->stop();
    if (state->sessions.empty()) return state->on_idle();
    grace.expires_after(state->limits.stop_time);
    grace.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled) state->io.stop();
    });
  }

  std::shared_ptr<ServerState> state;
  Acceptor acceptor;
  asio::steady_timer grace;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::uint16_t port = 0;
  std::string socket_path;  // removed at the end; empty: TCP
  std::thread thread;
};

Server::Server(std::optional<Tokens> tokens, ServerLimits limits)
    : state_(std::make_shared<ServerState>(std::move(tokens), limits)) {}

Server::~Server() {
  stop();
}

void Server::route(const std::string& method, const std::string& path, Handler handler,
                   Access access) {
  CHECK(running_ == nullptr);
  state_->routes[path][method] = {std::move(handler), nullptr, nullptr, access};
}

void Server::upload(const std::string& path, Handler handler, Admit admit, Access access) {
  CHECK(running_ == nullptr && admit != nullptr);
  state_->routes[path]["POST"] = {std::move(handler), nullptr, std::move(admit), access};
}

void Server::stream(const std::string& path, StreamHandler handler) {
  CHECK(running_ == nullptr);
  state_->routes[path]["GET"] = {nullptr, std::move(handler), nullptr, Access::token};
}

streams::Result<void> Server::files(const std::string& directory) {
  CHECK(running_ == nullptr);
  auto listed = StaticFiles::list(directory);
  if (!listed) return listed.error();
  state_->files = std::move(*listed);
  return {};
}

streams::Result<void> Server::trust(const std::string& proxy) {
  CHECK(running_ == nullptr);
  std::string address = address_text(proxy);
  if (address.empty())
    return streams::Error{streams::Error::Kind::usage,
                          "'" + proxy + "' is no address of a proxy: write for example 10.0.0.7"};
  state_->trusted_proxies.insert(std::move(address));
  return {};
}

void Server::hear(std::function<void(const std::string&)> say) {
  CHECK(running_ == nullptr);
  state_->say = std::move(say);
}

streams::Result<void> Server::start(const Endpoint& endpoint) {
  CHECK(running_ == nullptr);
  const auto error = [&](const std::string& why) {
    return streams::Error{
        streams::Error::Kind::usage,
        "can't listen on " + endpoint.host + ":" + std::to_string(endpoint.port) + ": " + why};
  };
  if (!endpoint.loopback && !state_->tokens)
    return error("other machines could reach it; give a token file, or listen on 127.0.0.1");

  std::string note;
  const streams::Result<std::size_t> allowed =
      allow_connections(state_->limits.connections, note);
  if (!allowed) return error(allowed.error().what);
  state_->limits.connections = *allowed;
  if (!note.empty()) state_->say(note);

  auto running = std::make_unique<Running>(state_);
  boost::system::error_code failed;
  const tcp::endpoint at{asio::ip::make_address(endpoint.host), endpoint.port};
  running->acceptor.open(at.protocol(), failed);
  if (!failed) running->acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) running->acceptor.bind(at, failed);
  if (!failed) running->acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed == asio::error::address_in_use)
    return error("another program has taken this port; stop it or choose another port");
  if (failed) return error(failed.message());

  const auto bound = running->acceptor.local_endpoint();
  tcp::endpoint real = at;
  std::memcpy(real.data(), bound.data(), std::min(bound.size(), real.capacity()));
  running->port = real.port();
  run(std::move(running));
  return {};
}

streams::Result<void> Server::start_in(const std::string& directory) {
  CHECK(running_ == nullptr);
  streams::Result<LocalEndpoint> local = LocalEndpoint::in(directory);
  if (!local) return local.error();
  auto running = std::make_unique<Running>(state_);
  running->socket_path = directory + "/socket";
  ::unlink(running->socket_path.c_str());
  const Session::Protocol::endpoint at{local->address()};
  boost::system::error_code failed;
  running->acceptor.open(at.protocol(), failed);
  if (!failed) running->acceptor.bind(at, failed);
  // Nobody can connect before listen(), so nobody comes in before the mode is right.
  if (!failed && ::chmod(running->socket_path.c_str(), S_IRUSR | S_IWUSR) != 0)
    failed = {errno, boost::system::system_category()};
  if (!failed) running->acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed)
    return streams::Error{streams::Error::Kind::usage,
                          "can't listen on " + running->socket_path + ": " + failed.message()};
  run(std::move(running));
  return {};
}

void Server::run(std::unique_ptr<Running> running) {
  running->accept();
  running_ = std::move(running);
  running_->thread = std::thread{[state = state_] { state->io.run(); }};
}

std::uint16_t Server::port() const {
  return running_ ? running_->port : 0;
}

void Server::stop() {
  if (!running_) return;
  if (!running_->socket_path.empty()) ::unlink(running_->socket_path.c_str());
  asio::post(state_->io, [running = running_.get()] { running->stop(); });
  running_->thread.join();
  state_->on_idle = nullptr;
  const auto sessions = state_->sessions;
  for (const auto& [number, session] : sessions)
    if (const auto alive = session.lock()) alive->close();  // what outlasted stop_time
  state_->io.restart();
  state_->io.poll();
  running_.reset();
}

HttpCounters Server::counters() const {
  HttpCounters counters;
  counters.connections = state_->connections;
  counters.streams = state_->streams;
  counters.accepted = state_->accepted;
  for (std::size_t i = 0; i < kRefusals.size(); ++i) counters.refused[i] = state_->refused[i];
  counters.dropped_streams = state_->dropped_streams;
  for (std::size_t i = 0; i < 6; ++i) counters.answered[i] = state_->answered[i];
  return counters;
}

}  // namespace connectors
