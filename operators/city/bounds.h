#pragma once

// Bounds of what the city keeps and publishes: no record is larger than kMaxRecordBytes, whatever
// people write and however often. Each list of a record has its own bound, named here or where it
// is kept; each text is cut, and what was cut off stands whole in the event that brought it. Called
// by whoever publishes a record; one task's thread.

#include <string>
#include <string_view>

#include "streams/schema.h"

namespace city {

inline constexpr std::size_t kMaxRecordBytes = 512'000;

inline constexpr std::size_t kWordsKept = 2 << 10;          // bytes of one text in one language
inline constexpr std::size_t kLinksKept = 200;              // warnings, complaints of an order
inline constexpr std::size_t kOfficersJoined = 64;          // beside the responders who were called
inline constexpr std::size_t kCandidatesKept = 50;          // of what a complaint may be about
inline constexpr std::size_t kEvidenceTextBytes = 1 << 10;  // of one field that a rule read
inline constexpr std::size_t kEvidenceBytes = 4 << 10;      // of all of one event's, as JSON

/// The text, or its beginning with "…" where it is longer; no character is cut in two.
std::string clipped(std::string_view text, std::size_t bytes);

/// Every text of a record within kWordsKept.
template <class T>
void bound_texts(T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    if (value.size() > kWordsKept) value = clipped(value, kWordsKept);
  } else if constexpr (streams::is_vector<T>) {
    for (auto& element : value) bound_texts(element);
  } else if constexpr (streams::is_optional<T>) {
    if (value) bound_texts(*value);
  } else if constexpr (streams::Described<T>) {
    streams::for_each_field(value, [](std::string_view, auto& member) { bound_texts(member); });
  }
}

/// One more link of a list that keeps the newest.
void add_link(std::vector<std::string>& links, std::string link);

}  // namespace city
