#pragma once

// LocalSocket: how subcommands reach the process that has a data directory open: HTTP on
// DIR/socket, for this user alone. What changes the city waits here until the worker thread serves
// it between two epochs; records of the log are read on the server's thread, and only committed
// ones. RunningCity has one.
//
//   POST /rules            a pack's text, header x-file   what changed
//   POST /dead-letters     header x-again: yes or none    how many were put back, and accepted
//   POST /clock/accept     the machine's clock is right   what that does to the city's time
//   GET  /records/TOPIC/P:OFFSET,…                        records from there on (SocketRecord)
//
// Answers are text for people: 200 done, 400 what was asked can't be done, 500 it failed.

#include <deque>
#include <memory>
#include <mutex>

#include "app/engine.h"
#include "app/trusted_clock.h"
#include "connectors/http/local_client.h"
#include "connectors/http/server.h"

namespace app {

/// The entities that are set aside, for people.
std::string set_aside_list(const Engine& engine);

class LocalSocket {
 public:
  static streams::Result<std::unique_ptr<LocalSocket>> open(const std::string& directory,
                                                            Engine& engine, std::string city,
                                                            TrustedClock& clock);
  ~LocalSocket();

  /// Does what was asked for; `now`: what the doors record.
  void serve(streams::Time now);

 private:
  /// Nothing: not done yet, it wants another epoch.
  using Job = std::function<std::optional<streams::Result<std::string>>(streams::Time now)>;
  struct Asked {
    Job job;
    connectors::Reply reply;
  };
  LocalSocket(Engine& engine, std::string city, TrustedClock& clock);
  void add_routes();
  void ask(Job job, connectors::Reply reply);
  Job retry(bool again);
  connectors::Response records(const std::string& which);

  Engine& engine_;
  const std::string city_;
  TrustedClock& clock_;
  std::mutex mutex_;  // the next two
  std::deque<Asked> asked_;
  bool ending_ = false;
  connectors::Server server_;  // last: its thread ends first
};

/// POST /clock/accept, for whoever has a socket and a clock.
void add_clock_route(connectors::Server& server, TrustedClock& clock);

/// One record of /records/, as a line `partition offset recorded-ms bytes` and that many bytes.
struct SocketRecord {
  streams::Partition from;
  std::int64_t offset = 0;
  streams::Time recorded{};
  std::string bytes{};
};
streams::Result<std::vector<SocketRecord>> ask_records(
    connectors::LocalClient& client, const std::string& topic,
    const std::map<streams::Partition, std::int64_t>& next);

}  // namespace app
