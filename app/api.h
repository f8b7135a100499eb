#pragma once

// Api: the HTTP interface of a city, on top of the board: what the screen loads and follows,
// actions of seats, health, metrics, and the door for events. Handlers run on the server's thread;
// one thread of its own follows the log (Board::poll) and sends each change, as it is committed, to
// the open streams.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/api_action.h"
#include "app/board.h"
#include "connectors/http/door.h"
#include "connectors/http/server.h"
#include "connectors/metrics/metrics.h"
#include "operators/city/names.h"

namespace app {

struct SourceHealth {
  std::string name;  // a topic or a CloudEvents source
  std::optional<Time> last_seen;
  bool silent = false;
};

struct Health {
  std::string city, build;
  Time clock{};             // of the city: the last tick
  double speed = 1;         // of that clock; 0: it stands still
  bool simulated = false;   // replay or simulator
  bool exercise = false;    // a drill
  streams::Duration lag{};  // wall time less the clock, where it is live
  bool lagging = false;
  streams::Duration departed{};  // the machine's clock less the city's; 0: it is trusted
  streams::Duration stands{};    // since when the clock of a live city has not moved
  std::string problem{};         // what keeps a part of the city from being worked on, for people
  bool healthy() const { return stands < std::chrono::seconds{5} && problem.empty(); }
  std::uint64_t set_aside = 0;  // entities that broke an invariant of the program
  std::vector<SourceHealth> sources;
  std::vector<std::pair<std::string, double>> counters;  // of the engine, for people
};

class Api {
 public:
  struct Ports {
    Board& board;
    connectors::Door& door;
    connectors::GroupCommit& commits;
    std::function<Time()> clock;  // the city's: wall time where it is live; dates what seats do
    std::function<Health()> health;
    std::function<connectors::Snapshot()> metrics;
    std::function<Board::Clocks()> clocks = [] { return Board::Clocks{}; };  // of tasks
  };
  struct Options {
    std::string city = "sh";
    int partitions = 1;                   // of field.feedback
    std::vector<std::string> life_items;  // of the duty list: some steps are not for them
    std::vector<std::string> seats;       // likewise: to choose from
    city::NameList names{};               // likewise: what people and units are called
    std::chrono::milliseconds poll_interval{100};
    std::chrono::milliseconds health_interval{1'000};
  };

  Api(Ports ports, Options options);
  ~Api();  // stops

  void add_routes(connectors::Server& server);
  /// Begins to follow the log.
  void start();
  void stop();

  /// What the board and the doors add to `snapshot`.
  static void add_metrics(const Board::Counters& board, const connectors::Door::Counters& door,
                          const connectors::HttpCounters& http, connectors::Snapshot& snapshot);

 private:
  struct Reader {
    std::shared_ptr<connectors::EventStream> stream;
    std::optional<std::uint64_t> after;  // nothing: load the whole board
  };
  void post_action(connectors::Request request, connectors::Reply reply);
  std::string health_json();
  std::string steps_json() const;
  void follow();
  void greet(Reader reader);
  void send_changes();
  void send_all(std::shared_ptr<const std::string> frames);
  void append_changes(std::string& out, const std::vector<Board::Change>& changes) const;

  Ports ports_;
  Options options_;
  std::mutex mutex_;  // guards the next four
  std::condition_variable wake_;
  std::vector<Reader> joining_;
  std::string board_problem_;
  bool stopping_ = false;
  std::vector<std::shared_ptr<connectors::EventStream>> readers_;  // the follower's own
  std::uint64_t sent_ = 0;                                         // likewise
  ActionDesk actions_;
  connectors::IdempotencyKeys keys_;  // of actions
  std::thread follower_;
};

}  // namespace app
