#include "connectors/kafka/changelog.h"

#include "connectors/json/json_reader.h"
#include "connectors/kafka/city_identity.h"

namespace connectors::kafka {

using streams::Error;
using streams::Mark;
using streams::Result;

namespace {

// Fetched ahead while a task is restored. More than elsewhere: a fetcher that finds its queue full
// sleeps (librdkafka before 2.2), here without anybody who wakes it.
constexpr int kRestoreQueueKib = 32 << 10;

constexpr std::chrono::seconds kPatience{60};  // without any record

/// The broker holds records back that come after one of a transaction without an end.
Error held_back(int partition, std::int64_t at) {
  return {Error::Kind::retry,
          "the changelog of partition " + std::to_string(partition) + " is held back at offset " +
              std::to_string(at) +
              " by a transaction that has not ended; if it lasts longer than a minute the broker "
              "has lost its end: find it with `kafka-transactions.sh find-hanging` and abort it"};
}

Error disagree(int partition, Mark at) {
  return {Error::Kind::fatal,
          "the group's committed offset of partition " + std::to_string(partition) +
              " and its changelog disagree (no marker at " + std::to_string(at) +
              "): offsets were reset, or topics made anew; reset both together, or take another "
              "--app name"};
}

std::optional<Marker> read_marker(std::string_view text) {
  Marker marker;
  std::string where;
  SimdJsonReader reader{text};
  if (!streams::read_json(reader, marker, where)) return std::nullopt;
  return marker;
}

}  // namespace

std::string marker_of(const streams::Commit& commit, int partition) {
  Marker marker{commit.sequence, {}};
  for (const auto& [place, next] : commit.consumed)
    if (place.number == partition) marker.consumed.push_back({place.topic, next});
  std::string text;
  streams::append_json(text, marker);
  return text;
}

Result<void> Changelog::open() {
  if (consumer_) return {};
  ConsumerOptions options;
  options.queue_kib = kRestoreQueueKib;
  Result<std::unique_ptr<Consumer>> consumer = Consumer::open(connection_, options);
  if (!consumer) return consumer.error();
  consumer_ = std::move(*consumer);
  return {};
}

Result<std::int64_t> Changelog::written_end(int partition) {
  ConsumerOptions written;
  written.committed_only = false;
  Result<std::unique_ptr<Consumer>> all = Consumer::open(connection_, written);
  if (!all) return all.error();
  const auto extent = (*all)->extent({std::string{kChangelog}, partition});
  if (!extent) return extent.error();
  return extent->end;
}

Result<Consumer::Extent> Changelog::extent(int partition) {
  if (Result<void> opened = open(); !opened) return opened.error();
  return consumer_->extent({std::string{kChangelog}, partition});
}

Result<Marker> Changelog::read(int partition, Mark from, Mark to,
                               const streams::Log::TakeChanges& take, const Progress& progress) {
  if (Result<void> opened = open(); !opened) return opened.error();
  const streams::Partition place{std::string{kChangelog}, partition};
  if (Result<void> assigned = consumer_->assign({{place, static_cast<std::int64_t>(from)}});
      !assigned)
    return assigned.error();
  std::string block;
  streams::RowWriter rows{block};
  std::optional<Marker> marker;
  std::optional<std::int64_t> held_at;
  auto heard = std::chrono::steady_clock::now();
  const auto hand_over = [&]() -> Result<void> {
    if (block.empty()) return {};
    return take(std::make_shared<const std::string>(std::exchange(block, {})));
  };
  for (auto next = static_cast<std::int64_t>(from); next < static_cast<std::int64_t>(to);) {
    Result<std::optional<Polled>> polled = consumer_->poll(std::chrono::milliseconds{100});
    if (!polled) return polled.error();
    const auto now = std::chrono::steady_clock::now();
    if (!*polled) {
      if (now - heard > kPatience && held_at) return held_back(partition, *held_at);
      if (now - heard > kPatience)
        return Error{Error::Kind::retry,
                     "the changelog of partition " + std::to_string(partition) +
                         " could not be read: nothing came from the broker for a minute"};
      continue;
    }
    heard = now;
    const Polled& record = **polled;
    if (record.end) {  // behind the last committed record; the broker's own count as read
      if (record.offset >= static_cast<std::int64_t>(to)) break;
      const Result<std::int64_t> written = written_end(partition);
      if (!written) return written.error();
      if (*written < static_cast<std::int64_t>(to)) return disagree(partition, to);
      held_at = record.offset;  // until the broker ends that transaction
      continue;
    }
    if (record.offset >= static_cast<std::int64_t>(to)) break;
    next = record.offset + 1;
    if (record.key == kMarkerKey) {
      marker = next == static_cast<std::int64_t>(to) ? read_marker(record.value) : std::nullopt;
      continue;
    }
    if (record.key.empty() || record.key.front() == kIdentitySpace) continue;
    rows.add(record.key, record.null_value ? std::nullopt : std::optional{record.value});
    if (block.size() < block_bytes_) continue;
    if (progress)
      progress(next - static_cast<std::int64_t>(from), static_cast<std::int64_t>(to - from));
    if (Result<void> taken = hand_over(); !taken) return taken.error();
  }
  (void)consumer_->assign({});
  if (!marker) return disagree(partition, to);
  const auto all = static_cast<std::int64_t>(to - from);
  if (progress) progress(all, all);
  if (Result<void> taken = hand_over(); !taken) return taken.error();
  return *marker;
}

Result<std::optional<std::pair<Marker, Mark>>> Changelog::newest(int partition) {
  if (Result<void> opened = open(); !opened) return opened.error();
  const streams::Partition place{std::string{kChangelog}, partition};
  Result<Consumer::Extent> extent = consumer_->extent(place);
  if (!extent) return extent.error();
  if (Result<void> assigned = consumer_->assign({{place, extent->first}}); !assigned)
    return assigned.error();
  std::optional<std::pair<Marker, Mark>> found;
  for (std::int64_t next = extent->first; next < extent->end;) {
    Result<std::optional<Polled>> polled = consumer_->poll(std::chrono::milliseconds{100});
    if (!polled) return polled.error();
    if (!*polled) continue;
    if ((*polled)->end) break;
    next = (*polled)->offset + 1;
    if ((*polled)->key != kMarkerKey) continue;
    if (std::optional<Marker> marker = read_marker((*polled)->value))
      found = {*marker, static_cast<Mark>(next)};
  }
  (void)consumer_->assign({});
  return found;
}

}  // namespace connectors::kafka
