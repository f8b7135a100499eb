#pragma once

// DeadLetter: what could not be read, processed or delivered, as `dead.letters` carries it: the
// bytes, where they came from and a reason that a person can act on. Made by the Task and its
// Graph; read by app/dead_letter.h. A value.

#include <cstdint>
#include <string>

#include "streams/schema.h"

namespace streams {

inline const std::string kDeadLetters = "dead.letters";
inline constexpr std::string_view kDeadLetterType = "city.dead_letter.v1";
/// Of a letter that was never written to `city.events`.
inline constexpr std::int64_t kNoOffset = -1;

struct DeadLetter {
  std::string id;
  std::string topic;
  int partition = 0;
  std::int64_t offset = kNoOffset;
  std::string reason;
  std::uint64_t position = 0;
  std::string bytes;
  static constexpr auto fields() {
    using D = DeadLetter;
    return std::tuple{
        field("id", &D::id),         field("topic", &D::topic),   field("partition", &D::partition),
        field("offset", &D::offset), field("reason", &D::reason), field("position", &D::position),
        field("bytes", &D::bytes)};
  }
};

}  // namespace streams
