#pragma once

// DeadLetter: a record of `dead.letters` as commands read it. Revision 1 tells that a record was
// buried; revision 2, once it was put through its door again, when that was. Any thread.

#include <optional>
#include <string>

#include "streams/log.h"
#include "streams/schema.h"

namespace app {

struct DeadLetter {
  std::string id;
  std::string topic;  // its door; of a line that reached no door: its file
  int partition = 0;
  std::int64_t offset = 0;
  std::string reason;
  std::string bytes;  // as readable text
  std::optional<streams::Time> retried;
  static constexpr auto fields() {
    using D = DeadLetter;
    using streams::field;
    return std::tuple{field("id", &D::id),
                      field("topic", &D::topic),
                      field("partition", &D::partition),
                      field("offset", &D::offset),
                      field("reason", &D::reason),
                      field("bytes", &D::bytes),
                      field("retried", &D::retried)};
  }
};

/// Every record of `dead.letters` from `offset` on, which is moved behind them.
streams::Result<std::vector<DeadLetter>> read_dead_letters(streams::Log& log, std::int64_t& offset);

}  // namespace app
