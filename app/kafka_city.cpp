#include "app/kafka_city.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <filesystem>

#include "app/files.h"
#include "app/live.h"
#include "app/local_socket.h"
#include "app/token_list.h"
#include "app/versions.h"
#include "connectors/json/base64.h"
#include "connectors/json/event_decoder.h"
#include "connectors/json/raw_slots.h"
#include "connectors/json/rebuilt.h"
#include "connectors/kafka/city_identity.h"
#include "operators/city/standing.h"
#include "operators/city/topics.h"
#include "operators/city_loop.h"

namespace app {

namespace kafka = connectors::kafka;
using streams::Error;
using streams::Result;
using streams::Time;

namespace {

/// Ticks are behind by so much where nothing waits: they go through the broker twice, and workers
/// are looked at now and then.
constexpr streams::Duration kUsualLag = std::chrono::milliseconds{1'500};
constexpr int kTurnsToFollow = 40;  // of 50 ms: versions
constexpr int kTurnsToAsk = 10;     // likewise: clocks
constexpr std::string_view kWarnings = "warnings";
constexpr std::string_view kFeedbackType = "city.field.feedback.v1";

std::unique_ptr<streams::Decoder> make_decoder() {
  return std::make_unique<connectors::EventDecoder>();
}

/// The name of the group and the transactions: cities under different prefixes share none.
std::string application_of(const KafkaOptions& options) {
  return options.prefix + options.app;
}

void say(const std::string& text) {
  spdlog::info("{}", text);
}

}  // namespace

std::vector<kafka::TopicPlan> city_topics(int partitions) {
  std::vector<kafka::TopicPlan> plans = kafka::engine_topics(partitions);
  for (const std::string& door : city::door_topics())
    plans.push_back(kafka::door_topic(door, partitions));
  for (const std::string& output : output_topics())
    plans.push_back(kafka::output_topic(output, partitions, output == "entity.status"));
  plans.push_back(CityVersions::plan());
  return plans;
}

Result<kafka::Connection> connection_of(const KafkaOptions& options) {
  Result<kafka::Connection> connection =
      kafka::read_connection(options.brokers, options.config_file);
  if (connection) connection->prefix = options.prefix;
  return connection;
}

Result<std::unique_ptr<KafkaCity>> KafkaCity::open(const RunOptions& options) {
  const std::optional<std::size_t> memory = parse_bytes(options.memory);
  if (!memory || *memory < (64u << 20))
    return Error{Error::Kind::usage,
                 "--memory is a size of at least 64MiB, such as 512MiB or 2GiB, not '" +
                     options.memory + "'"};
  Result<kafka::Connection> connection = connection_of(options.kafka);
  if (!connection) return connection.error();
  for (const std::string& warning : kafka::library_warnings()) spdlog::warn("{}", warning);
  if (Result<void> reached = kafka::check_reachable(*connection); !reached) return reached.error();
  std::unique_ptr<KafkaCity> city{new KafkaCity};
  city->connection_ = *connection;
  city->partitions_ = options.partitions.value_or(4);
  if (Result<void> there = kafka::check_topics(*connection, city_topics(city->partitions_)); !there)
    return there.error();
  Result<CityFiles> files =
      read_city(options.city.empty() ? default_city_directory() : options.city);
  if (!files) return files.error();
  city->files_ = std::move(*files);
  Result<kafka::CityIdentity> owned = kafka::claim_city(
      *connection, city->partitions_, application_of(options.kafka), city->files_.name);
  if (!owned) return owned.error();
  const Result<Time> last = city->last_tick();
  if (!last) return last.error();
  if (Result<void> begun = city->clock_.begin(*last, options.accept_clock); !begun)
    return begun.error();
  if (Result<void> taken = city->take_versions(); !taken) return taken.error();
  operators::declare_city(city->topology_, {city->files_.name, connectors::read_raw_slot});
  if (Result<void> made = make_private_directory(options.data); !made) return made.error();
  Result<std::unique_ptr<state::Database>> database =
      state::Database::open(options.data, {.memory_bytes = *memory / 4});
  if (!database) return database.error();
  city->database_ = std::move(*database);
  city->store_ = std::make_unique<state::RocksStore>(*city->database_);
  for (int i = 0; i < options.threads; ++i) city->add_worker(options, i + 1, *memory / 2);
  kafka::ForwarderOptions doors;
  doors.group = application_of(options.kafka) + ".doors";
  doors.instance = application_of(options.kafka) + "-" + options.kafka.instance + "-doors";
  doors.doors = city::door_topics();
  doors.partitions = city->partitions_;
  doors.clock = [city = city.get()] { return city->clock_.now(); };
  doors.keeps_time = [city = city.get()] { return city->keep_time(); };
  doors.session = std::chrono::milliseconds{options.kafka.session_ms};
  doors.say = say;
  // Asked only while run() runs: the front is there by then, or there is none.
  doors.oldest_waiting = [city = city.get()] {
    return city->front_ ? city->front_->oldest_waiting() : std::nullopt;
  };
  doors.outputs = {std::string{operators::AdvanceNotice::kTopic}};
  doors.new_fields = [city = city.get()] { return city->notice_.new_fields(); };
  doors.ahead = [city = city.get()](const streams::Event& event) {
    std::vector<streams::Append> told = city->notice_.of(event);
    // From when it is told on it waits for the engine, however long the event lay at a door.
    for (streams::Append& one : told) one.recorded = city->clock_.now();
    return told;
  };
  Result<connectors::Pseudonym> pseudonym = pseudonym_of(options);
  if (!pseudonym) return pseudonym.error();
  doors.admit = [city = city.get(), pseudonym = *pseudonym,
                 only_vouched = options.kafka.only_vouched](streams::Event& event,
                                                            std::string& bytes) {
    // Unless the HTTP door has said so: here it comes by the second one.
    const streams::Duration ahead = city->clock_.ahead(event.stated);
    if (ahead > streams::Duration{} && connectors::clock_ahead(event) == streams::Duration{}) {
      event.time += ahead;
      connectors::set_clock_ahead(bytes, ahead);
    }
    if (!event.via.empty()) bytes = connectors::without_member(bytes, "via");
    if (connectors::is_complaint(event.type)) {
      if (bytes.find("base64") != bytes.npos || bytes.find('\\') != bytes.npos)
        bytes = connectors::with_data(bytes, event.data);
      connectors::leave_out_own(bytes);
      pseudonym.hide(bytes);
    }
    // No door has looked at this one: the broker let its writer in, and that has to do.
    if (event.type == kFeedbackType && event.vouched.empty() && !only_vouched)
      connectors::set_vouched(bytes, city::kEveryUnit);
  };
  city->forwarder_ = std::make_unique<kafka::Forwarder>(*connection, make_decoder(), doors);
  if (!options.http.empty())
    if (Result<void> opened = city->open_front(options); !opened) return opened.error();
  add_clock_route(city->socket_, city->clock_);
  if (Result<void> started = city->socket_.start_in(options.data); !started) return started.error();
  return city;
}

Result<Time> KafkaCity::last_tick() const {
  Result<std::unique_ptr<kafka::KafkaReader>> reader =
      kafka::KafkaReader::open(connection_, kafka::KafkaReader::End::asked);
  if (!reader) return reader.error();
  return kafka::newest_tick(**reader, {streams::kCityEvents, 0});
}

/// Ticks go on where those of the timekeeper before ended.
Result<void> KafkaCity::keep_time() {
  const Result<Time> last = last_tick();
  if (!last) return last.error();
  clock_.not_before(*last);
  return {};
}

void KafkaCity::add_worker(const RunOptions& options, int number, std::size_t memory) {
  WorkerOptions worker;
  worker.connection = connection_;
  worker.city = files_.name;
  worker.app = application_of(options.kafka);
  worker.instance = options.kafka.instance + "-" + std::to_string(number);
  worker.partitions = partitions_;
  for (const kafka::TopicPlan& plan : city_topics(partitions_))
    worker.output_partitions[plan.name] = plan.partitions;
  worker.commit = std::chrono::milliseconds{options.commit_ms};
  worker.lagging_commit = std::max(worker.commit, worker.lagging_commit);
  worker.session = std::chrono::milliseconds{options.kafka.session_ms};
  worker.memory_bytes = memory;
  worker.queue_kib = (8 << 10) / options.threads;
  worker.first_versions = versions_->active();
  worker.clock = [this] { return clock_.now(); };
  worker.say = [name = worker.instance](const std::string& text) {
    spdlog::info("worker {}: {}", name, text);
  };
  workers_.push_back(std::make_unique<Worker>(topology_, *store_, make_decoder, worker));
}

/// The city's own are active, whatever this process's files say; a city that has none yet takes
/// these.
Result<void> KafkaCity::take_versions() {
  Result<std::unique_ptr<CityVersions>> versions = CityVersions::open(connection_);
  if (!versions) return versions.error();
  versions_ = std::move(*versions);
  if (versions_->active().empty()) {
    if (Result<void> begun = versions_->activate(files_.versions, clock_.now()); !begun)
      return begun;
    if (Result<bool> read = versions_->refresh(); !read) return read.error();
  }
  for (const streams::Version& version : differing(files_.versions, versions_->active()))
    spdlog::warn(
        "{} is active in another version than {} has; `watchfire rules activate` changes it",
        version.name, files_.directory);
  become_notice();
  return {};
}

void KafkaCity::become_notice() {
  {
    const std::lock_guard lock{mutex_};
    active_ = versions_->active();
  }
  notice_.become(std::make_unique<operators::AdvanceNotice>(files_.name, versions_->active(),
                                                            connectors::read_raw_slot));
}

/// Tasks get theirs in `city.events`; the doors from here.
void KafkaCity::follow_versions() {
  const Result<bool> changed = versions_->refresh();
  if (changed && *changed) become_notice();  // an error: the next time
}

void KafkaCity::follow_clocks() {
  if (!committed_) return;
  auto asked = committed_->ask();
  if (!asked) return;  // the next time
  const std::lock_guard lock{mutex_};
  asked_ = std::move(*asked);
}

/// For the board, before it reads on.
Board::Clocks KafkaCity::clocks() {
  const std::lock_guard lock{mutex_};
  for (const auto& [partition, one] : asked_) {
    clocks_[partition].committed = one.clock;
    if (outputs_->received({std::string{kWarnings}, partition}) >= one.end)
      clocks_[partition].readable = one.clock;
  }
  return clocks_;
}

Result<void> KafkaCity::open_front(const RunOptions& options) {
  Result<FrontOptions> front_options = app::front_options(options, files_);
  if (!front_options) return front_options.error();
  Result<std::unique_ptr<kafka::Appender>> appender = kafka::Appender::open(connection_, {});
  if (!appender) return appender.error();
  appender_ = std::move(*appender);
  Result<std::unique_ptr<kafka::KafkaReader>> outputs =
      kafka::KafkaReader::open(connection_, kafka::KafkaReader::End::heard);
  if (!outputs) return outputs.error();
  outputs_ = std::move(*outputs);
  Result<std::unique_ptr<kafka::KafkaReader>> topics =
      kafka::KafkaReader::open(connection_, kafka::KafkaReader::End::asked);
  if (!topics) return topics.error();
  topics_ = std::move(*topics);
  Result<std::unique_ptr<kafka::KafkaReader>> lookups =
      kafka::KafkaReader::open(connection_, kafka::KafkaReader::End::asked);
  if (!lookups) return lookups.error();
  lookups_ = std::move(*lookups);
  const auto extent = [this](const streams::Partition& place) -> Result<TracePorts::Extent> {
    const auto found = lookups_->extent(place);
    if (!found) return found.error();
    return TracePorts::Extent{found->first, found->end};
  };
  Result<std::unique_ptr<kafka::CommittedClocks>> clocks = kafka::CommittedClocks::open(
      connection_, options.kafka.app, partitions_, std::string{kWarnings});
  if (!clocks) return clocks.error();
  committed_ = std::move(*clocks);
  follow_clocks();  // now: notices of long ago are no rows
  Result<std::string> cluster = kafka::cluster_id(connection_);
  if (!cluster) return cluster.error();
  FrontPorts ports{
      *outputs_,
      *topics_,
      TracePorts{*lookups_, extent},
      [this](std::vector<streams::Append> records) {
        return appender_->append(std::move(records));
      },
      [this] { return clock_.now(); },
      [this] { return health(); },
      [this] { return metrics(); },
      [this] {
        const std::lock_guard lock{mutex_};
        return active_;
      },
      [this] { return clock_.status().monotonic; },
      [this](std::size_t) { return std::max(streams::Duration{0}, health().lag - kUsualLag); },
      [](std::size_t) {},
      [this](Time stated) { return clock_.ahead(stated); },
      [this] { return this->clocks(); }};
  front_options->log_identity = *cluster + "/" + connection_.prefix;
  front_options->partitions = front_options->output_partitions = partitions_;
  Result<std::unique_ptr<Front>> front = Front::open(std::move(ports), *front_options);
  if (!front) return front.error();
  front_ = std::move(*front);
  return {};
}

KafkaCity::~KafkaCity() {
  socket_.stop();
  front_.reset();  // it asks for the rest
}

Result<void> KafkaCity::run() {
  Live::watch_signals();
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::optional<Error> failure;
  std::atomic<bool> ended = false;
  const auto keep = [&](const Result<void>& result) {
    if (result) return;
    const std::lock_guard lock{mutex};
    if (!failure) failure = result.error();
    ended = true;
  };
  for (const std::unique_ptr<Worker>& worker : workers_)
    threads.emplace_back([&keep, &worker] { keep(orderly([&] { return worker->run(); })); });
  threads.emplace_back([&keep, this] { keep(orderly([this] { return forwarder_->run(); })); });
  for (int turn = 1; !Live::stop_asked() && !ended; ++turn) {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    if (turn % kTurnsToFollow == 0) follow_versions();
    if (turn % kTurnsToAsk == 0) follow_clocks();
  }
  forwarder_->stop();
  for (const std::unique_ptr<Worker>& worker : workers_) worker->stop();
  for (std::thread& thread : threads) thread.join();
  if (failure) return *failure;
  return {};
}

Figures KafkaCity::figures() const {
  Figures all;
  for (const std::unique_ptr<Worker>& worker : workers_) all.add(worker->figures());
  return all;
}

Health KafkaCity::health() {
  Health health;
  health.city = files_.name;
  const Figures all = figures();
  all.fill(health);
  // A city that has just begun has no tick yet.
  const Time tick = all.clock().value_or(Time{});
  clock_health_.tell(tick == Time{} ? clock_.now() : tick, health);
  for (const std::unique_ptr<Worker>& worker : workers_) {
    const Worker::Counts counts = worker->counts();
    health.lagging = health.lagging || counts.restoring > 0;
    if (health.problem.empty()) health.problem = counts.problem;
  }
  for (const auto& [door, seen] : forwarder_->last_seen())
    health.sources.push_back(source_health(door, seen, health.clock + health.lag));
  return health;
}

connectors::Snapshot KafkaCity::metrics() {
  return figures().metrics(health());
}

}  // namespace app
