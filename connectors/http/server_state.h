#pragma once

// ServerState: what the server and its sessions share: limits, routes, counters and the io_context
// that all of them run on. Included by server.cpp and session.cpp only. One thread but for the
// counters.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "connectors/http/callers.h"
#include "connectors/http/server.h"
#include "connectors/http/static_files.h"

namespace connectors {

class Session;

struct Route {
  Handler handler;
  StreamHandler stream;
  Server::Admit admit;  // null: not a route for uploads
  Access access = Access::token;
};

struct ServerState {
  ServerState(std::optional<Tokens> known, ServerLimits bounds)
      : tokens(std::move(known)), limits(bounds) {}

  boost::asio::io_context io{1};
  std::optional<Tokens> tokens;  // none: this machine alone
  ServerLimits limits;
  std::map<std::string, std::map<std::string, Route>> routes;  // path, method
  std::optional<StaticFiles> files;
  std::map<std::uint64_t, std::weak_ptr<Session>> sessions;  // by number
  std::uint64_t last_session = 0;
  std::size_t uploads = 0;    // under way
  std::size_t anonymous = 0;  // sessions that have shown no token, of the Internet
  Callers callers;
  std::set<std::string> trusted_proxies;  // addresses
  std::function<void(const std::string&)> say = [](const std::string&) {};
  bool stopping = false;
  std::function<void()> on_idle;  // called when the last session has gone

  std::atomic<std::uint64_t> connections{0}, streams{0}, accepted{0}, dropped_streams{0};
  std::atomic<std::uint64_t> refused[kRefusals.size()] = {};
  std::atomic<std::uint64_t> answered[6] = {};

  void count(Refusal why) { ++refused[static_cast<std::size_t>(why)]; }

  /// The path itself, or the longest prefix that ends in '/'. `tail`: what follows it.
  const std::map<std::string, Route>* find(const std::string& path, std::string& tail) const {
    if (const auto it = routes.find(path); it != routes.end()) return &it->second;
    for (std::size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0;
         slash = path.rfind('/', slash - 1)) {
      if (const auto it = routes.find(path.substr(0, slash + 1)); it != routes.end()) {
        tail = path.substr(slash + 1);
        return &it->second;
      }
    }
    return nullptr;
  }
};

}  // namespace connectors
