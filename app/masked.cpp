#include "app/masked.h"

#include <algorithm>
#include <array>

#include "connectors/json/rebuilt.h"
#include "operators/city/topics.h"

namespace app {

using connectors::rebuilt_object;

namespace {

constexpr std::string_view kHotline = "hotline.complaints";
constexpr std::string_view kHidden = "\"(hidden)\"";
constexpr std::array<std::string_view, 6> kShown{"channel", "kind",       "category",
                                                 "about",   "originalNo", "district"};

struct Where {
  std::string topic, bytes;
  static constexpr auto fields() {
    return std::tuple{streams::field("topic", &Where::topic),
                      streams::field("bytes", &Where::bytes)};
  }
};
struct Letter {
  Where data;
  static constexpr auto fields() { return std::tuple{streams::field("data", &Letter::data)}; }
};
struct Buried {
  std::string type;
  static constexpr auto fields() { return std::tuple{streams::field("type", &Buried::type)}; }
};

template <class T>
bool read(std::string_view json, T& value) {
  std::string where;
  connectors::SimdJsonReader reader{json};
  return read_json(reader, value, where);
}

bool is_other_door(std::string_view topic) {
  return topic != kHotline &&
         std::any_of(city::kDoors.begin(), city::kDoors.end(),
                     [&](const city::Door& door) { return door.topic == topic; });
}

std::string quoted(std::string_view text) {
  std::string out;
  streams::append_json_text(out, text);
  return out;
}

/// What may be shown of the bytes that were buried, as JSON text.
std::string shown(const Where& letter) {
  Buried event;
  const bool readable = read(letter.bytes, event);
  const city::Door* door = readable ? city::door_of_type(event.type) : nullptr;
  if (door != nullptr && door->topic != kHotline && letter.topic != kHotline)
    return quoted(letter.bytes);
  if (door == nullptr) {
    if (is_other_door(letter.topic)) return quoted(letter.bytes);
    return quoted("(hidden: " + std::to_string(letter.bytes.size()) + " bytes)");
  }
  return quoted(rebuilt_object(letter.bytes, [](const std::string& name, std::string json) {
    if (name != "data") return json;
    if (!json.starts_with('{')) return std::string{kHidden};
    return rebuilt_object(json, [](const std::string& member, std::string value) {
      const bool stays = std::find(kShown.begin(), kShown.end(), member) != kShown.end();
      const bool nested = value.starts_with('{') || value.starts_with('[');
      return (stays && !nested) || value == "null" ? value : std::string{kHidden};
    });
  }));
}

}  // namespace

std::string masked_dead_letter(std::string_view record) {
  Letter letter;
  const bool good = read(record, letter);
  return rebuilt_object(record, [&](const std::string& name, std::string json) {
    if (name != "data") return json;
    if (!good) return std::string{kHidden};
    return rebuilt_object(json, [&](const std::string& member, std::string value) {
      return member == "bytes" ? shown(letter.data) : value;
    });
  });
}

}  // namespace app
