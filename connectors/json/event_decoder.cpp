#include "connectors/json/event_decoder.h"

#include <algorithm>

#include "connectors/json/base64.h"
#include "connectors/json/media_type.h"
#include "streams/instant.h"

namespace connectors {
namespace {

using streams::Event;
using streams::Reject;
using streams::Slot;

constexpr streams::Duration kMostAhead = std::chrono::days{366};
constexpr std::string_view kTimeExample = "2026-11-22T08:00:00.123+08:00";

struct AttributeText {
  std::string_view name;
  std::string_view use;  // of the required ones: what it is for, with an example
};
constexpr std::array<AttributeText, 15> kAttributeTexts{{
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
    {"clockahead", ""},
    {"via", ""},
    {"datacontenttype", ""},
    {"data_base64", ""},
    {"data", "it is the JSON object that says what happened"},
}};

using NoFields = std::span<const city::ContractField>;

const city::DoorContract* contract_of_type(std::string_view type) {
  const city::Door* door = city::door_of_type(type);
  return door == nullptr ? nullptr : city::contract_of(door->topic);
}

std::vector<std::string> attribute_names() {
  std::vector<std::string> names;
  for (const AttributeText& attribute : kAttributeTexts) names.emplace_back(attribute.name);
  return names;
}

}  // namespace

EventDecoder::EventDecoder() : attributes_(attribute_names()) {
  static_assert(kAttributeTexts.size() == kAttributes);
  extract({});
}

void EventDecoder::extract(const std::vector<streams::FieldList>& fields) {
  types_.clear();
  last_type_ = 0;
  data_ = {};
  std::size_t most = 0;
  for (const streams::FieldList& list : fields) {
    const auto* const door = contract_of_type(list.type);
    types_.push_back({list.type, FieldTree{list.paths, door ? door->fields : NoFields{}}});
    most = std::max(most, list.paths.size());
  }
  for (const city::DoorContract& door : city::kContract)
    if (std::none_of(types_.begin(), types_.end(),
                     [&](const TypeFields& known) { return known.type == door.type; }))
      types_.push_back({std::string{door.type}, FieldTree{{}, door.fields}});
  slots_.assign(most, Slot{});
}

streams::JsonReader& EventDecoder::read(std::string_view json) {
  reader_.start(json);
  return reader_;
}

std::optional<Reject> EventDecoder::decode(std::string_view bytes, Event& event) {
  if (!walk(bytes)) return walker_.failure();
  if (auto reject = check_once()) return reject;
  if (given(kDataBase64)) {
    if (auto reject = unpack(bytes)) return reject;
    if (!walk({unpacked_.data(), unpacked_.size() - kPadding}))
      return Reject{"attribute 'data_base64' holds no JSON object", positions_[kDataBase64]};
    if (auto reject = check_once()) return reject;
  }
  return read(event);
}

std::optional<Reject> EventDecoder::check_once() const {
  if (repeated_ == kAttributes) return std::nullopt;
  return Reject{"attribute '" + std::string{kAttributeTexts[repeated_].name} +
                    "' stands twice: send it once",
                positions_[repeated_]};
}

/// Makes the event anew with its data in `data`.
std::optional<Reject> EventDecoder::unpack(std::string_view bytes) {
  if (given(kData))
    return reject(kDataBase64, "though there is 'data' too: only one of them counts");
  if (!values_[kDataBase64].is(Slot::Kind::text)) return reject(kDataBase64, "not text");
  if (given(kContentType) &&
      (!values_[kContentType].is(Slot::Kind::text) || !is_json(text(kContentType))))
    return reject(kContentType, "not application/json: no other data is read");
  const std::optional<std::string> json = base64_decoded(text(kDataBase64));
  if (!json) return reject(kDataBase64, "not base64 (RFC 4648, with its padding)");
  unpacked_ = with_data(bytes, *json);
  unpacked_.append(kPadding, ' ');
  return std::nullopt;
}

std::optional<Reject> EventDecoder::read(Event& event) {
  if (auto reject = check_required()) return reject;
  // If `type` came behind `data`, or again, the slots are another type's.
  if (text(kType).data() != data_.type && walk_data(data_.at) == nullptr)
    return walker_.failure();
  if (auto reject = check_size()) return reject;
  if (auto reject = check_names()) return reject;
  if (auto reject = check_optional(event)) return reject;
  if (auto reject = read_times(event)) return reject;
  if (auto reject = check_.reject()) return reject;
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
  repeated_ = kAttributes;
  const Walker::Mark start = walker_.start(bytes);
  if (start == nullptr) return false;
  if (walker_.first(start) != '{')
    return walker_.fail(start, "the text is no object, so no CloudEvent") != nullptr;
  const auto attribute = [&](std::uint32_t number, Walker::Mark at) {
    Slot unread;
    if (number == KeyTable::kNone) return walker_.value(at, unread);
    if (!values_[number].is(Slot::Kind::absent)) repeated_ = static_cast<Attribute>(number);
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
  check_.begin(walker_.may_hold_control());
  const Walker::Mark next = fields->fill(walker_, at, {slots_.data(), fields->size()}, check_);
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

/// Most events are too short to have too much of anything.
std::optional<Reject> EventDecoder::check_size() const {
  constexpr std::size_t kFewTokens = 1024;
  using Limits = EventLimits;
  const std::size_t bytes = walker_.position(walker_.end());
  if (!from_outside() || (walker_.tokens() <= kFewTokens && bytes <= Limits::kTextBytes))
    return std::nullopt;
  const auto too = [](const char* what, std::size_t most, const char* unit) {
    return Reject{std::string{"the event "} + what + " more than " + std::to_string(most) + unit,
                  0};
  };
  if (bytes > Limits::kBytes) return too("has", Limits::kBytes, " bytes");
  const Walker::Extent extent = walker_.extent();
  if (extent.values > Limits::kValues) return too("has", Limits::kValues, " members and elements");
  if (extent.longest_text > Limits::kTextBytes)
    return too("holds a text of", Limits::kTextBytes, " bytes");
  return std::nullopt;
}

/// What becomes a key or is carried on must be short and printable.
std::optional<Reject> EventDecoder::check_names() const {
  const std::size_t most = from_outside() ? city::kMostIdBytes : EventLimits::kOwnIdBytes;
  const bool control = walker_.may_hold_control();
  for (const Attribute attribute : {kId, kSource, kType, kSubject, kCausation}) {
    if (!values_[attribute].is(Slot::Kind::text)) continue;
    if (text(attribute).size() > most)
      return reject(attribute, "longer than " + std::to_string(most) + " bytes");
    if (control && holds_control(text(attribute), false))
      return reject(attribute, "text with a control character");
  }
  return std::nullopt;
}

std::optional<Reject> EventDecoder::check_optional(Event& event) const {
  if (given(kContentType) &&
      (!values_[kContentType].is(Slot::Kind::text) || !is_json(text(kContentType))))
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
  event.via = {};
  if (values_[kVia].is(Slot::Kind::text)) event.via = text(kVia);
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
  streams::Duration clock_ahead{};
  if (time && given(kClockAhead)) {
    const Slot& ahead = values_[kClockAhead];
    if (!ahead.is(Slot::Kind::number) || !(ahead.d >= 0) ||
        ahead.d > static_cast<double>(kMostAhead.count()))
      return reject(kClockAhead, "not a number of milliseconds from 0 to " +
                                     std::to_string(kMostAhead.count()) +
                                     ": a door says by it how far the city's clock is ahead");
    clock_ahead = streams::Duration{static_cast<streams::Duration::rep>(ahead.d)};
  }
  event.time = time ? *time + clock_ahead : *recorded;
  event.recorded = recorded ? *recorded : *time;
  event.stated = time.value_or(streams::Time{});
  return std::nullopt;
}

std::optional<Reject> EventDecoder::read_time(Attribute attribute,
                                              std::optional<streams::Time>& time) const {
  if (!given(attribute)) return std::nullopt;
  if (values_[attribute].is(Slot::Kind::text)) time = streams::parse_instant(text(attribute));
  if (time) return std::nullopt;
  return reject(attribute,
                "not an RFC 3339 time with its offset, as in " + std::string{kTimeExample});
}

}  // namespace connectors
