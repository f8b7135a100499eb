#include "connectors/json/key_table.h"

namespace connectors {

KeyTable::KeyTable(const std::vector<std::string>& names) : entries_(2), names_(names) {
  while (entries_.size() < 2 * names.size()) {
    entries_.resize(entries_.size() * 2);
    --shift_;
  }
  for (std::uint32_t number = 0; number < names.size(); ++number) {
    const std::string padded = names[number] + std::string(16, '\0');
    const std::string_view name{padded.data(), names[number].size()};
    if (find(name) != kNone) continue;
    const Words words = words_at(name.data(), masks_of(name.size()));
    std::size_t at = place_of(words, name.size());
    while (entries_[at].number != kNone) at = (at + 1) & (entries_.size() - 1);
    entries_[at] = {words, static_cast<std::uint32_t>(name.size()), number};
  }
}

std::uint32_t KeyTable::find(std::string_view name) const {
  const Words words = words_at(name.data(), masks_of(name.size()));
  for (std::size_t at = place_of(words, name.size());; at = (at + 1) & (entries_.size() - 1)) {
    const Entry& entry = entries_[at];
    if (entry.number == kNone) return kNone;
    if (entry.words == words && entry.size == name.size() &&
        (name.size() <= 16 || names_[entry.number] == name))
      return entry.number;
  }
}

void KeyTable::remember(std::size_t place, std::string_view name, std::uint32_t number) {
  if (place >= kGuesses || name.size() > 15) return;  // the closing quote is the 16th byte
  const Words masks = masks_of(name.size() + 1);
  guesses_[place] = {words_at(name.data(), masks), masks, number};
}

}  // namespace connectors
