// rules explain, rules activate, dead-letters: questions about, and repairs of, a data directory.

#include <fmt/format.h>

#include "app/commands.h"
#include "app/home.h"
#include "app/reading.h"
#include "connectors/json/event_decoder.h"
#include "operators/city/topics.h"

namespace app {

using streams::Error;
using streams::Result;
using streams::Time;

namespace {

/// The data of one of our output records, read as T.
template <class T>
std::optional<T> read_output(connectors::EventDecoder& decoder, std::string_view bytes) {
  std::string padded{bytes};
  padded.append(streams::Decoder::kPadding, ' ');
  streams::Event event;
  if (decoder.decode({padded.data(), bytes.size()}, event)) return std::nullopt;
  T value;
  std::string where;
  if (!streams::read_json(decoder.read(event.data), value, where)) return std::nullopt;
  return value;
}

void explain(const city::Warning& warning) {
  fmt::print("{} {} / {}\n", streams::name_of(warning.priority), warning.title.zh,
             warning.title.en);
  fmt::print("  entity   {}\n  rule     {} ({})\n  since    {}\n  state    {}{}, condition {}\n",
             warning.entity, warning.rule, warning.rule_version,
             streams::format_time(warning.since), streams::name_of(warning.state),
             warning.state_reason.empty() ? "" : " (" + warning.state_reason + ")",
             streams::name_of(warning.condition));
  for (const city::Reason& reason : warning.reasons)
    fmt::print("  because  {}: {} / {}\n", reason.code, reason.zh, reason.en);
  for (const city::Evidence& evidence : warning.evidence)
    fmt::print("  evidence {} {} {} {}\n", streams::format_time(evidence.time), evidence.from,
               evidence.id, evidence.data.text);
}

struct DeadLetter {
  std::string id, topic, reason, bytes;
  double partition = 0, offset = 0;
  static constexpr auto fields() {
    using D = DeadLetter;
    using streams::field;
    return std::tuple{
        field("id", &D::id),       field("topic", &D::topic),         field("reason", &D::reason),
        field("bytes", &D::bytes), field("partition", &D::partition), field("offset", &D::offset)};
  }
};

Result<std::vector<DeadLetter>> dead_letters(const std::string& data) {
  Result<Reading> reading = Reading::open(data);
  if (!reading) return reading.error();
  connectors::EventDecoder decoder;
  std::vector<DeadLetter> letters;
  Result<void> read = reading->each("dead.letters", Time{}, [&](const auto&, const auto& record) {
    if (auto letter = read_output<DeadLetter>(decoder, record.bytes))
      letters.push_back(std::move(*letter));
    return true;
  });
  if (!read) return read.error();
  return letters;
}

}  // namespace

int rules_explain(const std::string& warning, const std::string& data) {
  Result<Reading> reading = Reading::open(data);
  if (!reading) return report(reading.error());
  connectors::EventDecoder decoder;
  std::optional<city::Warning> latest;
  int changes = 0;
  Result<void> read = reading->each("warnings", Time{}, [&](const auto&, const auto& record) {
    if (record.bytes.find(warning) == std::string_view::npos) return true;
    auto found = read_output<city::Warning>(decoder, record.bytes);
    if (found && found->id == warning) {
      latest = std::move(found);
      ++changes;
    }
    return true;
  });
  if (!read) return report(read.error());
  if (!latest)
    return report({Error::Kind::usage, "no warning " + warning + " in " + data +
                                           ": its id is `data.id` of a record in `tail warnings`"});
  explain(*latest);
  fmt::print("  changes  {}\n", changes);
  return 0;
}

int rules_activate(const std::string& pack, const std::string& data) {
  RunOptions options;
  options.data = data;
  Result<std::optional<Home>> home = Home::read(data);
  if (!home) return report(home.error());
  if (!*home)
    return report(
        {Error::Kind::usage, data + " is no data directory: `run` or `replay` makes one"});
  Result<std::unique_ptr<RunningCity>> opened = RunningCity::open(options);
  if (!opened) return report(opened.error());
  RunningCity& city = **opened;
  Result<streams::Version> version = read_pack_version(pack, city.files().packs);
  if (!version) return report(version.error());
  if (Result<void> active = city.engine().activate({*version}); !active)
    return report(active.error());
  fmt::print("{}@{} is active from the next record on, in every partition\n", version->name,
             version->hash);
  return 0;
}

int dead_letters_list(const std::string& data) {
  Result<std::vector<DeadLetter>> letters = dead_letters(data);
  if (!letters) return report(letters.error());
  for (const DeadLetter& letter : *letters)
    fmt::print("{} {}/{}/{}\n  {}\n  {}\n", letter.id, letter.topic, letter.partition,
               letter.offset, letter.reason, letter.bytes.substr(0, 400));
  fmt::print("{} dead letters\n", letters->size());
  return 0;
}

int dead_letters_retry(const std::string& data) {
  Result<std::vector<DeadLetter>> letters = dead_letters(data);
  if (!letters) return report(letters.error());
  RunOptions options;
  options.data = data;
  Result<std::unique_ptr<RunningCity>> opened = RunningCity::open(options);
  if (!opened) return report(opened.error());
  RunningCity& city = **opened;
  std::vector<streams::Append> again;
  for (const DeadLetter& letter : *letters) {
    const streams::Partition place{letter.topic, static_cast<int>(letter.partition)};
    Result<streams::Batch> batch =
        city.engine().log().fetch(place, static_cast<std::int64_t>(letter.offset), 1);
    if (!batch) return report(batch.error());
    if (batch->records.empty() || place.topic == streams::kCityEvents) continue;
    again.push_back(streams::Append{
        place, city.engine().epochs().clock(), std::string{batch->records.front().bytes}, {}});
  }
  const std::size_t count = again.size();
  if (Result<void> appended = city.engine().log().append(std::move(again), true); !appended)
    return report(appended.error());
  if (Result<void> ran = city.engine().run_until_end(); !ran) return report(ran.error());
  fmt::print("{} of {} dead letters went through their doors again\n", count, letters->size());
  return 0;
}

}  // namespace app
