#include "connectors/json/event_decoder.h"

#include <algorithm>

namespace connectors {
namespace {

using streams::Event;
using streams::Reject;
using streams::Slot;

constexpr std::string_view kTimeExample = "2026-11-22T08:00:00.123+08:00";

struct AttributeText {
  std::string_view name;
  std::string_view use;  // of the required ones: what it is for, with an example
};
constexpr std::array<AttributeText, 12> kAttributeTexts{{
    {"specversion", "it is always \"1.0\""},
    {"id", "it names the event once and for all, as in 01JD8Z6F0R"},
    {"source", "it names the sender, as in /sh/elevator-iot"},
    {"type", "it names the contract, as in city.elevator.telemetry.v1"},
    {"subject", "it names the entity, as in elevator/31010500012345"},
    {"time", ""},
    {"recordedtime", ""},
    {"causationid", ""},
    {"exercise", ""},
    {"vouchedunits", ""},
    {"datacontenttype", ""},
    {"data", "it is the JSON object that says what happened"},
}};

std::vector<std::string> attribute_names() {
  std::vector<std::string> names;
  for (const AttributeText& attribute : kAttributeTexts) names.emplace_back(attribute.name);
  return names;
}

/// A value as a reject shows it: text in quotes and cut, anything else by its kind.
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

bool json_content(std::string_view type) {
  constexpr std::string_view kJson = "application/json";
  return type == kJson || (type.starts_with(kJson) && type[kJson.size()] == ';');
}

}  // namespace

EventDecoder::EventDecoder() : attributes_(attribute_names()) {
  static_assert(kAttributeTexts.size() == kAttributes);
}

void EventDecoder::extract(const std::vector<streams::FieldList>& fields) {
  types_.clear();
  last_type_ = 0;
  data_ = {};
  std::size_t most = 0;
  for (const streams::FieldList& list : fields) {
    types_.push_back({list.type, FieldTree{list.paths}});
    most = std::max(most, list.paths.size());
  }
  slots_.assign(most, Slot{});
}

streams::JsonReader& EventDecoder::read(std::string_view json) {
  reader_.start(json);
  return reader_;
}

std::optional<Reject> EventDecoder::decode(std::string_view bytes, Event& event) {
  if (!walk(bytes)) return walker_.failure();
  if (auto reject = check_required()) return reject;
  // If `type` came behind `data`, or again, the slots are another type's.
  if (text(kType).data() != data_.type && walk_data(data_.at) == nullptr)
    return walker_.failure();
  if (auto reject = check_optional(event)) return reject;
  if (auto reject = read_times(event)) return reject;
  event.id = text(kId);
  event.source = text(kSource);
  event.type = text(kType);
  event.subject = text(kSubject);
  event.data = data_.json;
  event.slots = {slots_.data(), data_.filled->size()};
  return std::nullopt;
}

bool EventDecoder::walk(std::string_view bytes) {
  values_.fill(Slot{});
  data_ = {};
  const Walker::Mark start = walker_.start(bytes);
  if (start == nullptr) return false;
  if (walker_.first(start) != '{')
    return walker_.fail(start, "the text is no object, so no CloudEvent") != nullptr;
  const auto attribute = [&](std::uint32_t number, Walker::Mark at) {
    Slot unread;
    if (number == KeyTable::kNone) return walker_.value(at, unread);
    positions_[number] = *at;
    if (number == kData) {
      data_ = {};
      if (walker_.first(at) == '{') return walk_data(at);
    }
    return walker_.value(at, values_[number]);
  };
  const Walker::Mark end = walker_.object(start, attributes_, attribute);
  return walker_.finish(end);
}

Walker::Mark EventDecoder::walk_data(Walker::Mark at) {
  FieldTree* fields = fields_of_type();
  const Walker::Mark next = fields->fill(walker_, at, {slots_.data(), fields->size()});
  if (next == nullptr) return nullptr;
  const char* type = values_[kType].is(Slot::Kind::text) ? text(kType).data() : nullptr;
  data_ = {at, walker_.passed(at, next), fields, type};
  values_[kData] = Slot::raw(data_.json);
  return next;
}

FieldTree* EventDecoder::fields_of_type() {
  if (!values_[kType].is(Slot::Kind::text)) return &no_fields_;
  const std::string_view type = text(kType);
  for (std::size_t k = 0; k < types_.size(); ++k) {
    const std::size_t i = last_type_ + k < types_.size() ? last_type_ + k
                                                         : last_type_ + k - types_.size();
    if (types_[i].type != type) continue;
    last_type_ = i;
    return &types_[i].tree;
  }
  return &no_fields_;
}

bool EventDecoder::given(Attribute attribute) const {
  return !values_[attribute].is(Slot::Kind::absent) && !values_[attribute].is(Slot::Kind::null);
}

std::string EventDecoder::about(Attribute attribute) {
  std::string text{"attribute '"};
  text += kAttributeTexts[attribute].name;
  text += "' is ";
  return text;
}

Reject EventDecoder::reject(Attribute attribute, std::string_view why) const {
  std::string reason = about(attribute) + shown(values_[attribute]) + ", ";
  reason += why;
  return {std::move(reason), positions_[attribute]};
}

Reject EventDecoder::missing(Attribute attribute) const {
  const bool empty = given(attribute);
  std::string reason = about(attribute) + (empty ? "empty: " : "missing: ");
  reason += kAttributeTexts[attribute].use;
  return {std::move(reason), empty ? positions_[attribute] : 0};
}

std::optional<Reject> EventDecoder::check_required() const {
  for (const Attribute attribute : {kSpecversion, kId, kSource, kType, kSubject}) {
    if (!given(attribute)) return missing(attribute);
    if (!values_[attribute].is(Slot::Kind::text)) return reject(attribute, "not text");
    if (values_[attribute].size == 0) return missing(attribute);
  }
  if (text(kSpecversion) != "1.0")
    return reject(kSpecversion, "not '1.0': no other CloudEvents version is read");
  const std::size_t slash = text(kSubject).find('/');
  if (slash == 0 || slash >= text(kSubject).size() - 1)
    return reject(kSubject, "not <kind>/<id>, as in elevator/31010500012345");
  if (!given(kData)) return missing(kData);
  if (data_.at == nullptr) return reject(kData, "not an object");
  return std::nullopt;
}

std::optional<Reject> EventDecoder::check_optional(Event& event) const {
  if (given(kContentType) &&
      (!values_[kContentType].is(Slot::Kind::text) || !json_content(text(kContentType))))
    return reject(kContentType, "not application/json: no other data is read");
  event.causation = {};
  event.vouched = {};
  event.exercise = false;
  if (given(kCausation)) {
    if (!values_[kCausation].is(Slot::Kind::text))
      return reject(kCausation, "not text: it is the id of the event that led to this one");
    event.causation = text(kCausation);
  }
  if (given(kVouched)) {
    if (!values_[kVouched].is(Slot::Kind::text))
      return reject(kVouched, "not text: it names the units for which an officer answers");
    event.vouched = text(kVouched);
  }
  if (given(kExercise)) {
    const Slot& value = values_[kExercise];
    const bool is_text = value.is(Slot::Kind::text);
    if (!value.is(Slot::Kind::boolean) && !(is_text && (value.view() == "true" ||
                                                        value.view() == "false")))
      return reject(kExercise, "not true or false: it says whether this is a drill");
    event.exercise = is_text ? value.view() == "true" : value.b;
  }
  return std::nullopt;
}

std::optional<Reject> EventDecoder::read_times(Event& event) const {
  std::optional<streams::Time> time, recorded;
  if (auto reject = read_time(kTime, time)) return reject;
  if (auto reject = read_time(kRecordedTime, recorded)) return reject;
  if (!time && !recorded) {
    return Reject{"attributes 'time' and 'recordedtime' are both missing: one of them says when it "
                  "happened, as in " + std::string{kTimeExample},
                  0};
  }
  event.time = time ? *time : *recorded;
  event.recorded = recorded ? *recorded : *time;
  event.stated = time.value_or(streams::Time{});
  return std::nullopt;
}

std::optional<Reject> EventDecoder::read_time(Attribute attribute,
                                              std::optional<streams::Time>& time) const {
  if (!given(attribute)) return std::nullopt;
  if (values_[attribute].is(Slot::Kind::text)) time = streams::parse_time(text(attribute));
  if (time) return std::nullopt;
  return reject(attribute, "not an RFC 3339 time, as in " + std::string{kTimeExample});
}

}  // namespace connectors
