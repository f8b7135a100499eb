#include "streams/complete.h"

#include <limits>

#include "streams/bytes.h"
#include "streams/entity_table.h"

namespace streams {
namespace {

constexpr std::size_t kWipeRows = 50'000;  // in one batch
constexpr Mark kBeingWiped = std::numeric_limits<Mark>::max();

std::string key_of(int partition) {
  return "complete/" + std::to_string(partition);
}

}  // namespace

StoreWrite complete_row(int partition, const Complete& complete) {
  std::string value;
  append_sortable(value, complete.mark);
  append_sortable(value, static_cast<std::uint64_t>(complete.written.time_since_epoch().count()));
  return {key_of(partition), std::move(value)};
}

Result<std::optional<Complete>> read_complete(Store& store, int partition) {
  Result<std::optional<std::string>> value = store.get(key_of(partition));
  if (!value) return value.error();
  if (!*value) return std::optional<Complete>{};
  Complete complete{read_sortable(**value), {}};
  if ((*value)->size() >= 16) {
    const std::uint64_t written = read_sortable(std::string_view{**value}.substr(8));
    complete.written = Time{Duration{static_cast<Duration::rep>(written)}};
  }
  return std::optional{complete};
}

Result<void> wipe(Store& store, int partition) {
  // Until the last row is gone the copy is complete to a mark that no log has: whoever finds what
  // an interrupted wipe has left must not take it for an empty store, but begin again.
  if (Result<void> begun = store.write({complete_row(partition, {kBeingWiped, {}})}); !begun)
    return begun;
  std::vector<StoreWrite> gone;
  for (const char space : EntityTable::kSpaces) {
    const std::string prefix = EntityTable::space_prefix(space, partition);
    while (true) {
      const Result<void> scanned =
          store.scan(prefix, [&gone](std::string_view key, std::string_view) {
            gone.push_back({std::string{key}, std::nullopt});
            return gone.size() < kWipeRows;
          });
      if (!scanned) return scanned;
      const bool more = gone.size() >= kWipeRows;
      if (Result<void> written = store.write(std::exchange(gone, {})); !written) return written;
      if (!more) break;
    }
  }
  return store.write({{key_of(partition), std::nullopt}});
}

}  // namespace streams
