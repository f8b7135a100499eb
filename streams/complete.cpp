#include "streams/complete.h"

#include "streams/bytes.h"
#include "streams/entity_table.h"

namespace streams {
namespace {

constexpr std::size_t kWipeRows = 50'000;  // in one batch

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
  std::vector<StoreWrite> gone{{key_of(partition), std::nullopt}};
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
  return {};
}

}  // namespace streams
