#include "connectors/http/pseudonym.h"

#include "connectors/json/rebuilt.h"

namespace connectors {

namespace {

constexpr std::string_view kMark = "h:";
constexpr std::string_view kOwn = "watchfire.";
/// In front of what is signed, so that no other text under the same key is a pseudonym.
constexpr std::string_view kPurpose = "watchfire complainant 1\n";

}  // namespace

bool is_complaint(std::string_view type) {
  return type == "city.complaint.filed.v1";
}

void leave_out_own(std::string& bytes) {
  if (bytes.find(kOwn) == bytes.npos && bytes.find('\\') == bytes.npos) return;
  bool found = false;
  std::string without = rebuilt_object(bytes, [&](const std::string& name, std::string json) {
    if (name != "data" || !json.starts_with('{')) return json;
    return rebuilt_object(json, [&](const std::string& member, std::string value) {
      const bool own = member.starts_with(kOwn);
      found = found || own;
      return own ? std::string{} : value;
    });
  });
  if (found) bytes = std::move(without);
}

bool is_pseudonym(std::string_view text) {
  constexpr std::size_t kMost = 128;
  if (!text.starts_with(kMark)) return false;
  const std::string_view digits = text.substr(kMark.size());
  return !digits.empty() && digits.size() <= kMost &&
         digits.find_first_not_of("0123456789abcdef") == digits.npos;
}

std::string Pseudonym::of(std::string_view name) const {
  return std::string{kMark} + hex(key_.sign(std::string{kPurpose} + std::string{name}));
}

void Pseudonym::hide(std::string& bytes) const {
  if (bytes.find("complainant") == bytes.npos && bytes.find('\\') == bytes.npos) return;
  bool hidden = false;
  const auto replaced = [&](const std::string& name, std::string json) {
    if (name != "complainant" || json == "null" || json == "\"\"") return json;
    SimdJsonReader reader{json};
    std::string text;
    const bool is_text = json.starts_with('"') && reader.text(text);
    if (is_text && is_pseudonym(text)) return json;
    hidden = true;
    return "\"" + of(is_text ? text : json) + "\"";
  };
  std::string whole = rebuilt_object(bytes, [&](const std::string& name, std::string json) {
    return name == "data" && json.starts_with('{') ? rebuilt_object(json, replaced) : json;
  });
  if (hidden) bytes = std::move(whole);
}

}  // namespace connectors
