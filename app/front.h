#pragma once

// Front: what a city shows to the outside: HTTP doors, board, page, phones, health and metrics,
// over any log. Embedded and on Kafka it is the same; each says where records are read, how an
// event is made durable, and how healthy it is. Its own threads; everything may be called from any.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/api.h"
#include "app/backlog.h"
#include "app/city_files.h"
#include "app/commands.h"
#include "app/field_api.h"
#include "app/find_api.h"
#include "app/load_admission.h"
#include "app/topic_feed.h"

namespace app {

struct FrontPorts {
  streams::Reader& outputs;              // what the board follows
  streams::Reader& topics;               // what other systems follow
  TracePorts lookups;                    // what somebody at a screen looks for
  connectors::Ingest append;             // returns when the records are durable
  std::function<streams::Time()> clock;  // dates what comes in
  std::function<Health()> health;
  std::function<connectors::Snapshot()> metrics;  // of the engine
  std::function<std::vector<streams::Version>()> versions;
  std::function<std::chrono::nanoseconds()> monotonic;
  /// Until the engine would have worked off what waits and so many more; empty: a city that plays a
  /// time of its own sheds nothing.
  std::function<Backlog::Seconds(std::size_t)> ahead = {};
  std::function<void(std::size_t)> added = [](std::size_t) {};  // records, at a door
  /// By how much `clock` is ahead of what is dated so (TrustedClock::ahead).
  std::function<streams::Duration(streams::Time)> clock_ahead = [](streams::Time) {
    return streams::Duration{};
  };
  /// How far each task has committed; nothing where no door gives notice.
  std::function<Board::Clocks()> clocks = [] { return Board::Clocks{}; };
};

struct FrontOptions {
  std::string city;
  std::string log_identity;  // of `topics`
  std::string http, token_file, tokens;
  std::vector<std::string> trusted_proxies;
  std::string data;                        // directory of what belongs to this process alone
  std::string photos;                      // directory; empty: one in `data`
  std::string link_secret_file;            // signs the phones' links; empty: one made in `data`
  connectors::Pseudonym pseudonym{connectors::Signer::random()};  // of complainants
  std::chrono::milliseconds backlog{300};  // of the engine, from which load is shed
  int partitions = 4;                      // of the input topics
  int output_partitions = 1;               // of the topics that the board follows
  std::vector<std::string> seats;          // of the duty list
  std::vector<std::string> life_items;     // likewise
  city::NameList names{};                  // likewise
};

/// What a city's command line and files say of it; the rest is its log's. An error of the key.
streams::Result<FrontOptions> front_options(const RunOptions& run, const CityFiles& files);

class Front {
 public:
  /// Opens the page and prints its address.
  static streams::Result<std::unique_ptr<Front>> open(FrontPorts ports,
                                                      const FrontOptions& options);
  ~Front();

  /// Of what came over HTTP and is not durable yet: the earliest.
  std::optional<streams::Time> oldest_waiting() const { return commits_->oldest_waiting(); }
  /// How many of them there are.
  std::size_t waiting_records() const { return commits_->waiting_records(); }

 private:
  explicit Front(FrontPorts ports) : ports_(std::move(ports)) {}
  streams::Result<void> start(const FrontOptions& options);
  streams::Result<std::optional<connectors::Tokens>> read_tokens(const FrontOptions& options);
  streams::Result<void> open_field(const FrontOptions& options);
  void open_door(const FrontOptions& options);
  void open_topics(const FrontOptions& options);
  connectors::Snapshot scrape();

  FrontPorts ports_;
  std::unique_ptr<Board> board_;
  std::unique_ptr<connectors::GroupCommit> commits_;
  std::unique_ptr<LoadAdmission> admission_;  // may be null
  std::unique_ptr<connectors::Door> door_;
  std::unique_ptr<connectors::Server> server_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<FieldApi> field_;
  std::unique_ptr<TopicFeed> topics_;
  std::unique_ptr<FindApi> find_;
};

}  // namespace app
