// replay: files through the doors, and the city to its end.

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "app/commands.h"
#include "app/files.h"
#include "app/home.h"
#include "app/live.h"
#include "app/token_list.h"
#include "connectors/json/event_decoder.h"
#include "connectors/replay/file_source.h"
#include "operators/yaml/document.h"
#include "operators/yaml/mapping.h"
#include "streams/hash.h"

namespace app {

using connectors::DeadRecord;
using connectors::DoorRecord;
using connectors::Positions;
using streams::Error;
using streams::Result;

namespace {

constexpr std::size_t kBatchRecords = 10'000;
constexpr std::string_view kHotline = "hotline.complaints";

std::string positions_path(const std::string& data) {
  return data + "/replayed.yaml";
}

Result<Positions> read_positions(const std::string& data) {
  Positions positions;
  if (!std::filesystem::exists(positions_path(data))) return positions;
  Result<std::string> text = read_file(positions_path(data));
  if (!text) return text.error();
  yaml::Problems problems{positions_path(data)};
  const yaml::Document document = yaml::Document::read(*text, problems);
  if (document.root() != nullptr) {
    yaml::Mapping map{*document.root(), "what was replayed", problems};
    const auto count = [](const std::string& digits) -> std::optional<std::int64_t> {
      std::int64_t number = 0;
      const char* const last = digits.data() + digits.size();
      const auto [end, error] = std::from_chars(digits.data(), last, number);
      return error == std::errc{} && end == last ? std::optional{number} : std::nullopt;
    };
    for (const yaml::Member& file : document.root()->members)
      positions[file.key.text] = map.value(file.key.text, count, "a count of records").value_or(0);
  }
  if (problems.all.empty()) return positions;
  return yaml::refusal(std::move(problems.all));
}

Result<void> write_positions(const std::string& data, const Positions& positions) {
  std::string text = "# Files replayed into this directory: content, and records that came out.\n";
  for (const auto& [key, position] : positions)
    text += key + ": " + std::to_string(position) + "\n";
  return write_file(positions_path(data), text);
}

struct DeadLine {
  std::string id, topic, reason, bytes;
  int partition = 0;
  std::int64_t offset = 0;
  static constexpr auto fields() {
    using D = DeadLine;
    using streams::field;
    return std::tuple{
        field("id", &D::id),       field("topic", &D::topic),         field("reason", &D::reason),
        field("bytes", &D::bytes), field("partition", &D::partition), field("offset", &D::offset)};
  }
};

/// A line that no door can take goes to `dead.letters` with its file and line.
streams::Append dead_letter(const DeadRecord& dead, const std::string& city) {
  const std::string line = std::to_string(dead.line);
  const std::string name = std::filesystem::path(dead.file).filename().string();
  const DeadLine letter{.id = streams::make_id("d-", {name, line, dead.bytes}),
                        .topic = name,
                        .reason = dead.reason,
                        .bytes = streams::readable_text(dead.bytes),
                        .offset = dead.line};
  std::string bytes = R"({"specversion":"1.0","id":)";
  streams::append_json_text(bytes, letter.id + ".1");
  bytes += R"(,"source":"/watchfire/)" + city + R"(","type":"city.dead_letter.v1","subject":)";
  streams::append_json_text(bytes, name + "/" + line);
  bytes += R"(,"time":")" + streams::format_time(dead.recorded) + R"(","data":)";
  streams::append_json(bytes, letter);
  return streams::Append{{"dead.letters", 0}, dead.recorded, bytes + "}", {}};
}

class Loader {
 public:
  Loader(RunningCity& city, const ReplayOptions& options) : city_(city), options_(options) {}

  Result<void> load() {
    Result<Positions> done = read_positions(options_.engine.data);
    if (!done) return done.error();
    std::unique_ptr<connectors::CsvAdapter> adapter;
    if (!city_.files().adapter.empty()) {
      Result<std::string> yaml = read_file(city_.files().adapter);
      if (!yaml) return yaml.error();
      auto read = connectors::CsvAdapter::read(*yaml, city_.files().adapter);
      if (!read) return read.error();
      adapter = std::move(*read);
    }
    connectors::EventDecoder decoder;
    auto source = connectors::FileSource::open(options_.files, adapter.get(), decoder, *done);
    if (!source) return source.error();
    const Result<connectors::Pseudonym> pseudonym = pseudonym_of(options_.engine);
    if (!pseudonym) return pseudonym.error();
    while (std::optional<connectors::FileRecord> record = source->next()) {
      if (auto* door = std::get_if<DoorRecord>(&*record); door && door->topic == kHotline)
        pseudonym->hide(door->bytes);
      add(*record);
      if (batch_.size() == kBatchRecords)
        if (Result<void> kept = keep(*source); !kept) return kept;
    }
    if (Result<void> kept = keep(*source); !kept) return kept;
    tell(*source);
    return {};
  }

 private:
  void add(connectors::FileRecord& record) {
    if (const auto* dead = std::get_if<DeadRecord>(&record)) {
      ++reasons_[dead->reason];
      batch_.push_back(dead_letter(*dead, city_.files().name));
      return;
    }
    DoorRecord& door = std::get<DoorRecord>(record);
    ++counts_[door.topic];
    batch_.push_back(
        streams::Append{{door.topic, streams::partition_of(door.subject, city_.partitions())},
                        door.recorded,
                        std::move(door.bytes),
                        {}});
  }

  /// The records first, then where they end: a kill between the two brings some again, and the
  /// entities drop what they have seen.
  Result<void> keep(connectors::FileSource& source) {
    state::EmbeddedLog& log = city_.engine().log();
    if (Result<void> appended = log.append(std::exchange(batch_, {}), false); !appended)
      return appended;
    if (Result<void> flushed = log.flush(); !flushed) return flushed;
    const auto progress = source.progress();
    fmt::print(stderr, "\r{} records, {} dead ", progress.records, progress.dead);
    city_.serve();
    return write_positions(options_.engine.data, source.positions());
  }

  void tell(const connectors::FileSource& source) const {
    fmt::print(stderr, "\n");
    for (const auto& [topic, count] : counts_) fmt::print("  loaded {:<33} {}\n", topic, count);
    for (const auto& [reason, count] : reasons_)
      fmt::print("  dead: {} ({} times)\n", reason, count);
    const auto progress = source.progress();
    if (progress.resumed > 0) fmt::print("  already there: {} records\n", progress.resumed);
    for (const auto& [reason, count] : progress.skipped)
      fmt::print("  left out on purpose: {} ({} times)\n", reason, count);
    for (const std::string& failure : source.failures()) fmt::print("  {}\n", failure);
  }

  RunningCity& city_;
  const ReplayOptions& options_;
  std::vector<streams::Append> batch_;
  std::map<std::string, std::int64_t> counts_, reasons_;
};

}  // namespace

int replay(const ReplayOptions& options) {
  Result<std::unique_ptr<RunningCity>> opened = RunningCity::open(options.engine);
  if (!opened) return report(opened.error());
  RunningCity& city = **opened;
  if (Result<void> loaded = Loader{city, options}.load(); !loaded) return report(loaded.error());
  if (options.load_only) return 0;
  std::unique_ptr<Live> live;
  if (!options.engine.http.empty() || options.speed > 0) {
    Result<std::unique_ptr<Live>> started =
        Live::start(city, options.engine, {.speed = options.speed, .virtual_clock = true});
    if (!started) return report(started.error());
    live = std::move(*started);
  }
  return run_to_end(city, live.get());
}

}  // namespace app
