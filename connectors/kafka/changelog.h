#pragma once

// Changelog: the changed rows of every commit, on a compacted topic with a partition for each task;
// behind a commit's rows lies a marker that says which input it is complete to. Written by the
// Transactor; read here when a task is restored. A reader of one partition at a time; one thread.

#include <algorithm>
#include <functional>

#include "connectors/kafka/consumer.h"
#include "streams/json.h"

namespace connectors::kafka {

inline constexpr std::string_view kChangelog = "changelog";
inline constexpr std::string_view kMarkerKey = "c";

struct MarkerPosition {
  std::string topic;
  std::int64_t next = 0;
  bool operator==(const MarkerPosition&) const = default;
  static constexpr auto fields() {
    return std::tuple{streams::field("topic", &MarkerPosition::topic),
                      streams::field("next", &MarkerPosition::next)};
  }
};

struct Marker {
  std::uint64_t sequence = 0;
  std::vector<MarkerPosition> consumed;  // of this partition number
  static constexpr auto fields() {
    return std::tuple{streams::field("sequence", &Marker::sequence),
                      streams::field("consumed", &Marker::consumed)};
  }
};

std::string marker_of(const streams::Commit& commit, int partition);

class Changelog {
 public:
  /// `block_bytes`: rows are handed over in blocks of about so many, at most a mebibyte.
  explicit Changelog(const Connection& connection, std::size_t block_bytes = kBlockBytes)
      : connection_(connection), block_bytes_(std::min(block_bytes, kBlockBytes)) {}

  using Progress = std::function<void(std::int64_t done, std::int64_t all)>;

  /// Rows from `from` up to `to`, as blocks; behind them the marker that was
  /// found at `to`, which must be there: else the group's offsets and the changelog disagree.
  streams::Result<Marker> read(int partition, streams::Mark from, streams::Mark to,
                               const streams::Log::TakeChanges& take,
                               const Progress& progress = {});

  /// Where no offset is committed: the newest marker and its mark, or nothing where there is none.
  streams::Result<std::optional<std::pair<Marker, streams::Mark>>> newest(int partition);

  /// The first offset that is kept, and the end.
  streams::Result<Consumer::Extent> extent(int partition);

 private:
  streams::Result<void> open();
  /// Records of transactions that have not ended count too.
  streams::Result<std::int64_t> written_end(int partition);

  static constexpr std::size_t kBlockBytes = 1 << 20;

  const Connection connection_;
  const std::size_t block_bytes_;
  std::unique_ptr<Consumer> consumer_;
};

}  // namespace connectors::kafka
