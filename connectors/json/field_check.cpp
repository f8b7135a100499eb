#include "connectors/json/field_check.h"

#include <algorithm>

#include "connectors/json/raw_list.h"
#include "streams/instant.h"
#include "streams/nearest.h"

namespace connectors {

using city::ContractField;
using city::FieldKind;
using streams::Slot;

namespace {

constexpr const char* kNoWord = "none of the words for it";
constexpr const char* kTooLong = "too long";
constexpr const char* kControl = "text with a control character";

/// What is expected, where a value is of another JSON type.
const char* wrong_type(FieldKind kind) {
  switch (kind) {
    case FieldKind::boolean:
      return "not true or false";
    case FieldKind::number:
      return "not a number";
    case FieldKind::texts:
      return "not a list of texts";
    case FieldKind::time:
      return "not an RFC 3339 time with its offset, as in 2026-11-22T08:00:00+08:00";
    case FieldKind::date:
      return "not an RFC 3339 time, as in 2026-11-22T08:00:00+08:00";
    default:
      return "not text";
  }
}

}  // namespace

bool holds_control(std::string_view text, bool breaks) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n' || byte == '\r' || byte == '\t') {
      if (!breaks) return true;
    } else if (byte < 0x20 || byte == 0x7F) {
      return true;
    } else if (byte == 0xC2 && i + 1 < text.size()) {  // U+0080 … U+009F
      if (static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
    }
  }
  return false;
}

std::string shown(const Slot& value) {
  constexpr std::size_t kShownBytes = 60;
  switch (value.kind) {
    case Slot::Kind::text: break;
    case Slot::Kind::boolean: return value.b ? "true" : "false";
    case Slot::Kind::number: return "a number";
    case Slot::Kind::raw: return *value.chars == '[' ? "an array" : "an object";
    default: return "null";
  }
  const std::string_view text = value.view();
  std::size_t end = std::min(text.size(), kShownBytes);
  if (end < text.size())  // not through the middle of a character
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  std::string shown{"'"};
  shown += text.substr(0, end);
  shown += end < text.size() ? "…'" : "'";
  return shown;
}

const char* FieldCheck::fault_of(const ContractField& field, const Slot& value) const {
  if (value.is(Slot::Kind::null)) return nullptr;
  switch (field.kind) {
    case FieldKind::boolean:
      return value.is(Slot::Kind::boolean) ? nullptr : wrong_type(field.kind);
    case FieldKind::number:
      return value.is(Slot::Kind::number) ? nullptr : wrong_type(field.kind);
    case FieldKind::texts:
      return value.is(Slot::Kind::raw) ? list_fault(field, value.view()) : wrong_type(field.kind);
    default:
      return value.is(Slot::Kind::text) ? text_fault(field, value.view()) : wrong_type(field.kind);
  }
}

const char* FieldCheck::text_fault(const ContractField& field, std::string_view text) const {
  if (text.size() > field.most_bytes) return kTooLong;
  if (control_ && holds_control(text, field.kind == FieldKind::text)) return kControl;
  if (!field.among.empty() && !text.empty() &&
      std::find(field.among.begin(), field.among.end(), text) == field.among.end())
    return kNoWord;
  if (field.kind == FieldKind::time && !text.empty() && !streams::parse_instant(text))
    return wrong_type(field.kind);
  return nullptr;
}

const char* FieldCheck::list_fault(const ContractField& field, std::string_view json) const {
  const char* fault = nullptr;
  RawList list;
  const bool good = list.for_each_element(json, [&](const Slot& element) {
    if (fault != nullptr) return;
    fault = element.is(Slot::Kind::text) ? text_fault(field, element.view())
                                         : wrong_type(field.kind);
  });
  return good ? fault : wrong_type(field.kind);
}

void FieldCheck::repeated(std::string_view name, std::size_t at) {
  faults_.push_back({nullptr, at, "data." + std::string{name} + " stands twice: send it once"});
}

/// Of a field that comes twice the last one counts.
void FieldCheck::note(const ContractField& field, std::size_t at, const Slot& value,
                      const char* fault) {
  std::erase_if(faults_, [&](const Fault& other) { return other.field == &field; });
  if (fault == nullptr) return;
  std::string reason{"data."};
  reason.append(field.name).append(" is ").append(shown(value)).append(", ").append(fault);
  if (fault == kNoWord) reason += ": " + streams::nearest_first(value.view(), field.among);
  if (fault == kTooLong)
    reason += ": it may have " + std::to_string(field.most_bytes) + " bytes of UTF-8";
  faults_.push_back({&field, at, std::move(reason)});
}

std::optional<streams::Reject> FieldCheck::reject() const {
  if (faults_.empty() || life_) return std::nullopt;
  return streams::Reject{faults_.front().reason, faults_.front().at};
}

}  // namespace connectors
