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
  return Answer::error;
}

Slot Reading::value_of(const rules::CompiledClause& clause) {
  return cel::evaluate(clause.program, variables_, arena_);
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
    if (variables_[slot].is(Slot::Kind::absent)) continue;
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
