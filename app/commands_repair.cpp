// rules activate, dead-letters, clock accept, entity, repair: repairs of a data directory, through
// the process that has it open or, where nobody has, by opening it.

#include <fmt/format.h>

#include "app/activation.h"
#include "app/commands.h"
#include "app/files.h"
#include "app/home.h"
#include "app/local_socket.h"
#include "app/output_reader.h"
#include "app/reading.h"
#include "app/retry.h"
#include "state/embedded_log.h"

namespace app {

using connectors::LocalClient;
using connectors::Request;
using streams::Error;
using streams::Result;
using streams::Time;

namespace {

/// The running process's answer, printed as if it were ours.
int pass_on(LocalClient& client, const Request& request) {
  const Result<connectors::Response> answer = client.ask(request);
  if (!answer) return report(answer.error());
  if (answer->status == 200) {
    fmt::print("{}", answer->body);
    return 0;
  }
  return report({answer->status == 400 ? Error::Kind::usage : Error::Kind::fatal, answer->body});
}

Result<std::unique_ptr<RunningCity>> open_again(const std::string& data) {
  Result<std::optional<Home>> home = Home::read(data);
  if (!home) return home.error();
  if (!*home)
    return Error{Error::Kind::usage, data + " is no data directory: `run` or `replay` makes one"};
  RunOptions options;
  options.data = data;
  return RunningCity::open(options);
}

/// Behind the newest record of each partition that this opening can read.
Result<std::map<streams::Partition, std::int64_t>> ends_of(state::Database& database) {
  state::EmbeddedLogOptions options;
  options.latest_only = {"entity.status"};
  const auto log = state::EmbeddedLog::open(database, options);
  if (!log) return log.error();
  std::map<streams::Partition, std::int64_t> ends;
  for (const auto& topic : (*log)->topics())
    for (const auto& partition : topic.partitions)
      ends[{topic.name, partition.number}] = partition.end;
  return ends;
}

}  // namespace

int entity_list(const std::string& data) {
  if (std::optional<LocalClient> client = LocalClient::connect(data))
    return pass_on(*client, {.method = "GET", .path = "/entities"});
  const Result<std::unique_ptr<RunningCity>> opened = open_again(data);
  if (!opened) return report(opened.error());
  fmt::print("{}", set_aside_list((*opened)->engine()));
  return 0;
}

int entity_restore(const std::string& data, const std::string& entity) {
  if (std::optional<LocalClient> client = LocalClient::connect(data))
    return pass_on(*client, {.method = "POST", .path = "/entities", .body = entity});
  const Result<std::unique_ptr<RunningCity>> opened = open_again(data);
  if (!opened) return report(opened.error());
  const Result<std::string> restored = (*opened)->engine().restore(entity);
  if (!restored) return report(restored.error());
  fmt::print("{}", *restored);
  return 0;
}

// What lies behind the damage is read first, by an opening that leaves out what is damaged.
int repair(const std::string& data) {
  std::map<streams::Partition, std::int64_t> before;
  {
    const auto seen = state::Database::open_read_only(data, {.give_up_damage = true});
    if (!seen) return report(seen.error());
    Result<std::map<streams::Partition, std::int64_t>> ends = ends_of(**seen);
    if (ends)
      before = std::move(*ends);
    else
      fmt::print("what is lost can't be told: {}\n", ends.error().what);
  }
  const auto kept = state::Database::open(data, {.give_up_damage = true});
  if (!kept) return report(kept.error());
  const Result<std::map<streams::Partition, std::int64_t>> after = ends_of(**kept);
  if (!after) return report(after.error());
  std::int64_t lost = 0;
  for (const auto& [partition, end] : before) {
    const auto now = after->find(partition);
    const std::int64_t from = now == after->end() ? 0 : now->second;
    if (from >= end) continue;
    fmt::print("{}/{}: records {} to {} are lost\n", partition.topic, partition.number, from,
               end - 1);
    lost += end - from;
  }
  fmt::print("{} opens again; {} records are lost\n", data, lost);
  return 0;
}

int rules_activate(const ActivateOptions& options) {
  const auto& [pack, data, city, kafka] = options;
  if (!kafka.brokers.empty()) return rules_activate_on_kafka(options);
  if (pack.empty() || data.empty())
    return report({Error::Kind::usage, "rules activate needs a pack and --data DIR, or --brokers"});
  const Result<std::string> text = read_file(pack);
  if (!text) return report(text.error());
  if (std::optional<LocalClient> client = LocalClient::connect(data))
    return pass_on(
        *client,
        {.method = "POST", .path = "/rules", .headers = {{"x-file", pack}}, .body = *text});
  const Result<std::unique_ptr<RunningCity>> opened = open_again(data);
  if (!opened) return report(opened.error());
  const Result<std::string> changed = activate_pack((*opened)->engine(), *text, pack);
  if (!changed) return report(changed.error());
  fmt::print("{}", *changed);
  return 0;
}

int clock_accept(const std::string& data) {
  std::optional<LocalClient> client = LocalClient::connect(data);
  if (!client)
    return report({Error::Kind::usage, "no process has " + data +
                                           " open: a city that starts takes the machine's clock, "
                                           "and says so where it can't be right"});
  return pass_on(*client, {.method = "POST", .path = "/clock/accept"});
}

int dead_letters_list(const std::string& data) {
  Result<Reading> reading = Reading::open(data);
  if (!reading) return report(reading.error());
  connectors::EventDecoder decoder;
  std::vector<DeadLetter> letters;
  std::map<std::string, Time> retried;
  Result<void> read = reading->each("dead.letters", Time{}, [&](const auto&, const auto& record) {
    std::optional<DeadLetter> letter = read_output<DeadLetter>(decoder, record.bytes);
    if (letter && letter->retried)
      retried[letter->id] = *letter->retried;
    else if (letter)
      letters.push_back(std::move(*letter));
    return true;
  });
  if (!read) return report(read.error());
  for (const DeadLetter& letter : letters) {
    const auto again = retried.find(letter.id);
    fmt::print("{} {}/{}/{}{}\n  {}\n  {}\n", letter.id, letter.topic, letter.partition,
               letter.offset,
               again == retried.end() ? "" : " retried " + streams::format_time(again->second),
               letter.reason, letter.bytes.substr(0, 400));
  }
  fmt::print("{} dead letters\n", letters.size());
  return 0;
}

int dead_letters_retry(const std::string& data, bool again) {
  if (std::optional<LocalClient> client = LocalClient::connect(data)) {
    Request request{.method = "POST", .path = "/dead-letters"};
    if (again) request.headers.emplace_back("x-again", "yes");
    return pass_on(*client, request);
  }
  const Result<std::unique_ptr<RunningCity>> opened = open_again(data);
  if (!opened) return report(opened.error());
  Engine& engine = (*opened)->engine();
  Retry retry{engine, (*opened)->files().name, again};
  const Time now = engine.epochs().clock() + streams::Duration{1};
  if (Result<void> put = retry.begin(now); !put) return report(put.error());
  if (Result<void> ran = engine.run_until_end(); !ran) return report(ran.error());
  const Result<std::string> outcome = retry.outcome();
  if (!outcome) return report(outcome.error());
  fmt::print("{}", *outcome);
  return 0;
}

}  // namespace app
