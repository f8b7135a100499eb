// rules explain: why a warning fired, or what became of an event and why nothing did, from the log
// of a data directory.

#include <fmt/format.h>

#include "app/city_files.h"
#include "app/commands.h"
#include "app/home.h"
#include "app/output_reader.h"
#include "app/reading.h"
#include "app/rule_answers.h"
#include "app/trace.h"
#include "operators/city/topics.h"

namespace app {

using streams::Error;
using streams::Result;
using streams::Time;

namespace {

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

class LogOf : public streams::Reader {
 public:
  explicit LogOf(const Reading& reading) : reading_(reading) {}
  Result<streams::Batch> fetch(const streams::Partition& partition, std::int64_t offset,
                               std::size_t limit_bytes) override {
    return reading_.fetch(partition, offset, limit_bytes);
  }

 private:
  const Reading& reading_;
};

void print_record(const char* what, const TracedRecord& record) {
  fmt::print("  {} {} {} {}\n", what, streams::format_time(record.recorded), record.topic,
             record.bytes);
}

/// What became of an event; an error where there is none of that id.
Result<void> explain_event(const std::string& event, const Reading& reading,
                           const std::string& data) {
  const Result<std::optional<Home>> home = Home::read(data);
  if (!home) return home.error();
  const Result<CityFiles> files = read_city(*home ? (*home)->city : default_city_directory());
  if (!files) return files.error();
  LogOf log{reading};
  const auto extent = [&](const streams::Partition& place) -> Result<TracePorts::Extent> {
    for (const auto& topic : reading.topics())
      for (const auto& partition : topic.partitions)
        if (topic.name == place.topic && partition.number == place.number)
          return TracePorts::Extent{partition.first, partition.end};
    return TracePorts::Extent{};
  };
  const Result<Trace> trace = trace_of(
      event, {log, extent},
      {.partitions = *home ? (*home)->partitions.value_or(1) : 1,
       .most_time = std::chrono::minutes{5}});
  if (!trace) return trace.error();
  if (trace->came.empty())
    return Error{Error::Kind::usage, "no warning and no event " + event + " in " + data +
                                         ": a warning's id is `data.id` of a record in `tail "
                                         "warnings`, an event's is its `id`"};
  for (const TracedRecord& record : trace->came) print_record("came    ", record);
  for (const TracedRecord& record : trace->same) print_record("same    ", record);
  for (const TracedRecord& record : trace->traces) print_record("led to  ", record);
  if (trace->traces.empty()) fmt::print("  led to   nothing that names it\n");
  for (const RuleAnswer& rule : answers_to(trace->came.front().bytes, files->versions))
    fmt::print("  rule     {}: {} / {}\n", rule.rule, rule.why.zh, rule.why.en);
  return {};
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
  if (!latest) {
    const Result<void> explained = explain_event(warning, *reading, data);
    return explained ? 0 : report(explained.error());
  }
  explain(*latest);
  fmt::print("  changes  {}\n", changes);
  return 0;
}

}  // namespace app
