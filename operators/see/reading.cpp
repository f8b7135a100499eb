#include "operators/see/reading.h"

#include "operators/city/bounds.h"
#include "operators/city/words.h"
#include "streams/json.h"

namespace see {

using streams::Slot;

namespace {

std::string json_of(const Slot& slot) {
  std::string out;
  switch (slot.kind) {
    case Slot::Kind::boolean:
      return slot.b ? "true" : "false";
    case Slot::Kind::number:
      streams::append_json_number(out, slot.d);
      return out;
    case Slot::Kind::text:
      if (slot.size <= city::kEvidenceTextBytes)
        streams::append_json_text(out, slot.view());
      else
        streams::append_json_text(out, city::clipped(slot.view(), city::kEvidenceTextBytes));
      return out;
    case Slot::Kind::raw:
      return slot.size > city::kEvidenceTextBytes ? "null" : std::string{slot.view()};
    default:
      return "null";
  }
}

}  // namespace

Slot timestamp(streams::Time time) {
  return Slot::millis(Slot::Kind::timestamp, time.time_since_epoch().count());
}

void Reading::take(const streams::Event& event, std::string_view subject,
                   const rules::Source& source, const rules::Rulebook& book) {
  event_ = &event;
  source_ = &source;
  source_number_ = static_cast<std::size_t>(&source - book.sources().data());
  arena_.reset();
  first_data_ = book.first_data_slot();
  variables_.assign(first_data_, Slot{});
  variables_.insert(variables_.end(), event.slots.begin(), event.slots.end());
  variables_.resize(first_data_ + source.paths.size());
  variables_[rules::kTimeSlot] = timestamp(event.time);
  variables_[rules::kSubjectSlot] = Slot::text(subject);
}

Reading::Answer Reading::ask(const rules::CompiledClause& clause) {
  const Slot answer = value_of(clause);
  if (answer.is(Slot::Kind::boolean)) return answer.b ? Answer::yes : Answer::no;
  if (!clause.lenient || clause.source != source_number_) return Answer::error;
  const Slot allowed = cel::evaluate(*clause.lenient, variables_, arena_);
  if (!allowed.is(Slot::Kind::boolean)) return Answer::error;
  return allowed.b ? Answer::yes : Answer::no;
}

Slot Reading::value_of(const rules::CompiledClause& clause) {
  if (clause.source != source_number_) return {};
  return cel::evaluate(clause.program, variables_, arena_);
}

bool Reading::has_any(const rules::CompiledClause& clause) const {
  if (clause.source != source_number_) return false;
  for (const auto& [slot, name] : clause.reads)
    if (!variables_[slot].is(Slot::Kind::absent) && !variables_[slot].is(Slot::Kind::null))
      return true;
  return false;
}

std::string_view Reading::record_field(std::size_t number) const {
  if (source_->topic != rules::kPermitTopic) return {};
  const Slot& field = variables_[first_data_ + number];
  return field.is(Slot::Kind::text) ? field.view() : std::string_view{};
}

std::string Reading::record_name() const {
  if (source_->topic != rules::kPermitTopic) return {};
  std::string name{record_field(0)};
  return name.append("/").append(record_field(1));
}

void Reading::read_as(std::string_view action, streams::Time time) {
  variables_[first_data_ + rules::kActionField] = Slot::text(action);
  variables_[rules::kTimeSlot] = timestamp(time);
}

std::optional<city::Priority> Reading::priority(const rules::CompiledRule& rule) {
  if (!rule.priority) return std::nullopt;
  const Slot slot = value_of(*rule.priority);
  if (!slot.is(Slot::Kind::text)) return std::nullopt;
  return streams::named<city::Priority>(slot.view());
}

std::string_view Reading::device() const {
  if (source_->paths.empty() || source_->paths[0] != rules::kDeviceField) return {};
  const Slot& device = variables_[first_data_];
  return device.is(Slot::Kind::text) ? device.view() : std::string_view{};
}

city::Evidence Reading::evidence(const rules::CompiledClause& clause) const {
  city::Evidence evidence;
  evidence.id = event_->id;
  evidence.source = event_->source;
  evidence.from = source_->topic;
  evidence.time = event_->time;
  evidence.device = city::with_kind("device", device());
  std::string& data = evidence.data.text;
  data = "{";
  for (const auto& [slot, name] : clause.reads) {
    if (clause.source != source_number_ || variables_[slot].is(Slot::Kind::absent)) continue;
    const std::string value = json_of(variables_[slot]);
    if (data.size() + value.size() > city::kEvidenceBytes) continue;  // what fits
    if (data.size() > 1) data += ',';
    streams::append_json_text(data, name);
    data += ':';
    data += value;
  }
  data += '}';
  return evidence;
}

}  // namespace see
