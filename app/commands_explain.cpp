// rules explain: why a warning fired, from the log of a data directory.

#include <fmt/format.h>

#include "app/commands.h"
#include "app/output_reader.h"
#include "app/reading.h"
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

}  // namespace app
