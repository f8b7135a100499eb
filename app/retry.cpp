#include "app/retry.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/output_reader.h"
#include "operators/city/topics.h"

namespace app {

using streams::Append;
using streams::Partition;
using streams::Result;
using streams::Time;

namespace {

const Partition kDeadLetters{"dead.letters", 0};
constexpr std::size_t kFetchBytes = 1 << 20;

bool is_door(const std::string& topic) {
  return std::any_of(city::kDoors.begin(), city::kDoors.end(),
                     [&](const city::Door& door) { return door.topic == topic; });
}

Append second_revision(DeadLetter letter, const std::string& city, Time now) {
  letter.retried = now;
  return {kDeadLetters,
          now,
          streams::json_object([&](streams::JsonMembers& member) {
            member("specversion", "1.0");
            member("id", letter.id + ".2");
            member("source", "/watchfire/" + city);
            member("type", "city.dead_letter.v1");
            member("subject", letter.topic + "/" + std::to_string(letter.offset));
            member("time", now);
            member("data", letter);
          }),
          {}};
}

}  // namespace

Result<std::vector<DeadLetter>> read_dead_letters(streams::Log& log, std::int64_t& offset) {
  connectors::EventDecoder decoder;
  std::vector<DeadLetter> letters;
  while (true) {
    Result<streams::Batch> batch = log.fetch(kDeadLetters, offset, kFetchBytes);
    if (!batch) return batch.error();
    if (batch->records.empty()) return letters;
    for (const streams::LogRecord& record : batch->records)
      if (auto letter = read_output<DeadLetter>(decoder, record.bytes))
        letters.push_back(std::move(*letter));
    offset = batch->records.back().offset + 1;
  }
}

Result<void> Retry::begin(Time now) {
  Result<std::vector<DeadLetter>> letters = read_dead_letters(engine_.log(), next_);
  if (!letters) return letters.error();
  std::set<Content> done;
  if (!again_)
    for (const DeadLetter& letter : *letters)
      if (letter.retried) done.insert(content_of(letter));
  std::erase_if(*letters, [&](const DeadLetter& letter) {
    return letter.retried || done.contains(content_of(letter));
  });
  return put_back(std::move(*letters), now);
}

Result<void> Retry::put_back(std::vector<DeadLetter> letters, Time now) {
  std::vector<Append> records;
  for (DeadLetter& letter : letters) {
    if (letter.topic == streams::kCityEvents) {
      ++left_["came from inside the city and can't be put back"];
      continue;
    }
    if (!is_door(letter.topic)) {
      ++left_["are lines of files that reached no door: mend the file and replay it"];
      continue;
    }
    const Partition door{letter.topic, letter.partition};
    Result<streams::Batch> batch = engine_.log().fetch(door, letter.offset, 1);
    if (!batch) return batch.error();
    if (batch->records.empty() || batch->records.front().offset != letter.offset) {
      ++left_["are older than what their doors keep"];
      continue;
    }
    if (!put_back_.insert(content_of(letter)).second) continue;
    records.push_back({door, now, std::string{batch->records.front().bytes}, {}});
    records.push_back(second_revision(std::move(letter), city_, now));
  }
  if (records.empty()) return {};
  if (Result<void> kept = engine_.log().append(std::move(records), true); !kept) return kept;
  for (const auto& topic : engine_.log().topics())
    if (is_door(topic.name))
      for (const auto& partition : topic.partitions)
        if (partition.end > partition.first) until_ = std::max(until_, partition.last_recorded);
  return {};
}

Result<std::string> Retry::outcome() {
  if (Result<void> settled = engine_.settle(); !settled) return settled.error();
  Result<std::vector<DeadLetter>> since = read_dead_letters(engine_.log(), next_);
  if (!since) return since.error();
  std::set<Content> buried;
  for (const DeadLetter& letter : *since)
    if (!letter.retried && put_back_.contains(content_of(letter)))
      buried.insert(content_of(letter));
  const std::size_t count = put_back_.size();
  std::string text = fmt::format("{} dead letters went through their doors again", count);
  text += processed() ? fmt::format(", {} of them were accepted\n", count - buried.size())
                      : "; the city's clock has not come to them yet\n";
  for (const auto& [sentence, often] : left_) text += fmt::format("  {} {}\n", often, sentence);
  return text;
}

}  // namespace app
