#include "app/front.h"

#include <fmt/format.h>

#include "app/live.h"
#include "app/log_line.h"
#include "app/token_list.h"
#include "connectors/json/event_decoder.h"

namespace app {

using streams::Result;

namespace {

void say(const std::string& what) {
  fmt::print(stderr, "{}\n", log_line(what));
}

}  // namespace

Result<FrontOptions> front_options(const RunOptions& run, const CityFiles& files) {
  Result<connectors::Pseudonym> pseudonym = pseudonym_of(run);
  if (!pseudonym) return pseudonym.error();
  FrontOptions options;
  options.city = files.name;
  options.http = run.http;
  options.token_file = run.token_file;
  options.tokens = run.tokens;
  options.trusted_proxies = run.trusted_proxies;
  options.data = run.data;
  options.photos = run.photos;
  options.link_secret_file = run.link_secret_file;
  options.pseudonym = *pseudonym;
  options.backlog = std::chrono::milliseconds{run.backlog_ms};
  options.seats = seats_of(files);
  options.life_items = life_items_of(files);
  options.names = names_of(files);
  return options;
}

Front::~Front() {
  if (topics_) topics_->stop();
  if (find_) find_->stop();
  if (api_) api_->stop();
  if (server_) server_->stop();
}

Result<std::unique_ptr<Front>> Front::open(FrontPorts ports, const FrontOptions& options) {
  std::unique_ptr<Front> front{new Front{std::move(ports)}};
  if (Result<void> started = front->start(options); !started) return started.error();
  return front;
}

Result<void> Front::start(const FrontOptions& options) {
  const Result<connectors::Endpoint> endpoint = connectors::parse_endpoint(options.http);
  if (!endpoint) return endpoint.error();
  Result<std::optional<connectors::Tokens>> tokens = read_tokens(options);
  if (!tokens) return tokens.error();
  commits_ = std::make_unique<connectors::GroupCommit>(ports_.append);
  open_door(options);
  Board::Options board;
  board.partitions = options.output_partitions;
  board.seats = static_cast<int>(options.seats.size());
  board.run = streams::format_time(ports_.clock());
  board_ = std::make_unique<Board>(ports_.outputs, board, &ports_.lookups.log);
  Api::Options api;
  api.city = options.city;
  api.partitions = options.partitions;
  api.life_items = options.life_items;
  api.seats = options.seats;
  api.names = options.names;
  api_ = std::make_unique<Api>(Api::Ports{*board_, *door_, *commits_, ports_.clock, ports_.health,
                                          [this] { return scrape(); }, ports_.clocks},
                               api);
  server_ = std::make_unique<connectors::Server>(std::move(*tokens));
  server_->hear([](const std::string& what) { say("http: " + what); });
  for (const std::string& proxy : options.trusted_proxies)
    if (Result<void> trusted = server_->trust(proxy); !trusted) return trusted;
  api_->add_routes(*server_);
  if (Result<void> opened = open_field(options); !opened) return opened;
  open_topics(options);
  find_ = std::make_unique<FindApi>(FindApi::Ports{*board_, ports_.lookups, ports_.versions},
                                    TraceOptions{.partitions = options.partitions,
                                                 .output_partitions = options.output_partitions});
  find_->add_routes(*server_);
  if (Result<void> files = server_->files(project_directory() + "/screen"); !files) return files;
  if (Result<void> started = server_->start(*endpoint); !started) return started;
  api_->start();
  fmt::print("page: http://{}:{}/\n", endpoint->host, server_->port());
  std::fflush(stdout);
  return {};
}

void Front::open_door(const FrontOptions& options) {
  if (ports_.ahead) {
    LoadAdmission::Ports ports;
    ports.ahead = ports_.ahead;
    ports.full = [this](std::size_t bytes) { return commits_->full(bytes); };
    ports.added = ports_.added;
    ports.clock = ports_.clock;
    ports.clock_ahead = ports_.clock_ahead;
    ports.monotonic = ports_.monotonic;
    ports.versions = ports_.versions;
    ports.decoder = std::make_unique<connectors::EventDecoder>();
    admission_ = std::make_unique<LoadAdmission>(std::move(ports), options.city, options.backlog);
  }
  door_ = std::make_unique<connectors::Door>(
      std::make_unique<connectors::EventDecoder>(), *commits_,
      connectors::Door::Options{options.partitions, ports_.clock, options.pseudonym,
                                ports_.clock_ahead},
      admission_.get());
}

/// Nothing: no token is asked for, and this machine alone is answered.
Result<std::optional<connectors::Tokens>> Front::read_tokens(const FrontOptions& options) {
  std::optional<connectors::Tokens> tokens;
  if (!options.token_file.empty()) {
    Result<connectors::Tokens> read = connectors::Tokens::read_file(options.token_file);
    if (!read) return read.error();
    tokens = std::move(*read);
    say("whoever has the token of " + options.token_file +
        " may say everything, as anybody; --tokens names who may what");
  }
  if (!options.tokens.empty()) {
    Result<std::vector<connectors::Tokens::Entry>> listed = read_token_list(options.tokens);
    if (!listed) return listed.error();
    if (!tokens) tokens.emplace(std::vector<connectors::Tokens::Entry>{});
    tokens->follow(follow_token_list(options.tokens, say), wall_clock);
  }
  if (!tokens)
    say("no token is asked for: whoever reaches this address may say everything, as anybody; "
        "--tokens names who may what");
  return tokens;
}

void Front::open_topics(const FrontOptions& options) {
  const auto extent =
      [this](const streams::Partition& place) -> Result<TopicFeed::Extent> {
    const auto found = ports_.lookups.extent(place);
    if (!found) return found.error();
    return TopicFeed::Extent{found->first, found->end};
  };
  topics_ = std::make_unique<TopicFeed>(
      TopicFeed::Ports{ports_.topics, extent},
      TopicFeed::Options{.log_identity = options.log_identity,
                         .partitions = options.output_partitions});
  topics_->add_routes(*server_);
}

Result<void> Front::open_field(const FrontOptions& options) {
  Result<connectors::Signer> signer =
      options.link_secret_file.empty()
          ? connectors::Signer::read_or_make(options.data + "/link.secret")
          : connectors::Signer::read_file(options.link_secret_file);
  if (!signer) return signer.error();
  FieldApi::Ports ports{*board_, *commits_, [this] {
                          return CityClock{ports_.clock(), ports_.health().speed};
                        }};
  field_ = std::make_unique<FieldApi>(
      std::move(ports),
      FieldApi::Options{
          .city = options.city,
          .partitions = options.partitions,
          .screen = project_directory() + "/screen/phone",
          .photos = options.photos.empty() ? options.data + "/photos" : options.photos,
          .say = say},
      std::move(*signer));
  field_->add_routes(*server_);
  return {};
}

connectors::Snapshot Front::scrape() {
  connectors::Snapshot metrics = ports_.metrics();
  metrics.set(connectors::Metric::queue_full, static_cast<double>(commits_->refused()));
  if (admission_) admission_->add_metrics(metrics);
  Api::add_metrics(board_->counters(ports_.health().clock), door_->counters(), server_->counters(),
                   metrics);
  return metrics;
}

}  // namespace app
