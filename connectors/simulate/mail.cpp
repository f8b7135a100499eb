#include "connectors/simulate/mail.h"

#include <tuple>

namespace simulate {

bool Mail::Letter::operator<(const Letter& other) const {
  return std::tie(other.recorded, other.door, other.sequence) < std::tie(recorded, door, sequence);
}

void Mail::send(Door door, std::string_view subject, std::string bytes, Time recorded) {
  put(door, subject, std::move(bytes), recorded, true);
}

void Mail::send_unstamped(Door door, std::string_view subject, std::string bytes, Time recorded) {
  put(door, subject, std::move(bytes), recorded, false);
}

void Mail::put(Door door, std::string_view subject, std::string bytes, Time recorded,
               bool stamped) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(contents_.size()));
    contents_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  contents_[slot] = {std::string{subject}, std::move(bytes), stamped};
  letters_.push({slot, sequence_++, recorded, door});
}

std::optional<Time> Mail::next() const {
  if (letters_.empty()) return std::nullopt;
  return letters_.top().recorded;
}

void Mail::take(Time until, std::vector<Arrival>& out) {
  while (!letters_.empty() && letters_.top().recorded <= until) {
    const Letter letter = letters_.top();
    letters_.pop();
    Content& content = contents_[letter.slot];
    if (content.stamped) stamp(content.bytes, letter.recorded);
    out.push_back({letter.recorded, std::string{topic_of(letter.door)}, std::move(content.subject),
                   std::move(content.bytes)});
    free_.push_back(letter.slot);
  }
}

}  // namespace simulate
