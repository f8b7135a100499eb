#include "app/field_action.h"

#include <algorithm>
#include <array>

#include "app/photos.h"
#include "connectors/json/json_reader.h"

namespace app {

namespace {

constexpr std::array<std::string_view, 5> kSteps{"accept", "en_route", "arrived", "finding",
                                                 "return"};
constexpr std::array<std::string_view, 11> kMembers{"step",   "eta",      "finding", "action",
                                                    "people", "injured",  "cause",   "note",
                                                    "reason", "evidence", "photos"};
constexpr std::size_t kLongestKey = 128;
constexpr streams::Duration kLongestAgo = std::chrono::hours{24};

/// An array of pictures that were sent for this order.
bool are_photos(const std::string& json, const std::string& order) {
  connectors::SimdJsonReader reader{json};
  return reader.array([&](streams::JsonReader& element) {
    std::string path;
    return element.text(path) && Photos::is_of(path, order);
  });
}

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string read_field_action(std::string_view body, const FieldLink& link,
                              const std::string& entity, std::string_view key, FieldAction& read) {
  if (key.empty() || key.size() > kLongestKey)
    return "header Idempotency-Key is missing: the phone's own name for the step, so that sending "
           "it twice acts once";
  Action& action = read.action;
  action.subject = entity;
  action.by = link.unit;
  if (link.unit.starts_with("officer/")) action.vouched = link.unit;  // the link is his own
  action.key = link.order + "/" + std::string{key};
  action.from = "phone";
  std::string step, unknown;
  bool good_ago = true, good_photos = true;
  connectors::SimdJsonReader reader{body};
  const bool good = reader.object([&](std::string_view name, streams::JsonReader& value) {
    if (name == "step") return value.text(step);
    if (name == "agoMs") {
      double ms = 0;
      good_ago = value.number(ms) && ms >= 0;
      read.ago =
          std::min(kLongestAgo, streams::Duration{static_cast<std::int64_t>(std::min(ms, 1e12))});
      return good_ago;
    }
    if (!is_one_of(kMembers, name)) {
      unknown = name;
      return false;
    }
    std::string json;
    if (!value.raw(json)) return false;
    if (name == "photos") good_photos = are_photos(json, link.order);
    action.members += ',';
    streams::append_json_text(action.members, name);
    action.members += ':' + json;
    return true;
  });
  if (!unknown.empty())
    return "a link takes no '" + unknown + "': it says itself who acts on which order";
  if (!good_ago) return "'agoMs' is a number of milliseconds, at least 0";
  if (!good_photos) return "'photos' is a list of paths that POST …/photos of this link has given";
  if (!good) return "the body is not a JSON object with text in 'step'";
  if (!is_one_of(kSteps, step))
    return "'step' is one of accept, en_route, arrived, finding and return";
  std::string members = R"(,"step":)";
  streams::append_json_text(members, step);
  members += R"(,"order":)";
  streams::append_json_text(members, link.order);
  action.members = members + action.members;
  return {};
}

}  // namespace app
