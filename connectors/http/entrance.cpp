#include "connectors/http/entrance.h"

#include "connectors/json/json_reader.h"
#include "operators/city/complaint.h"
#include "operators/city/topics.h"

namespace connectors {

namespace {

constexpr std::string_view kFeedback = "city.field.feedback.v1";
constexpr std::size_t kDistrict = 0, kBy = 1;  // slots

std::string_view text_of(const streams::Event& event, std::size_t slot) {
  const bool there = slot < event.slots.size() && event.slots[slot].is(streams::Slot::Kind::text);
  return there ? event.slots[slot].view() : std::string_view{};
}

/// A complaint that no task could read would lie in a dead letter, with what somebody said in it.
std::string misread(const streams::Event& complaint) {
  city::Complaint read;
  std::string where;
  SimdJsonReader reader{complaint.data};
  if (read_json(reader, read, where)) return {};
  return "data" + (where.empty() ? "" : "." + where) + " is not as the contract says of " +
         std::string{complaint.type};
}

}  // namespace

std::vector<streams::FieldList> entrance_fields() {
  std::vector<streams::FieldList> fields;
  for (const city::Door& door : city::kDoors) {
    fields.push_back({std::string{door.type}, {"district"}});
    if (door.type == kFeedback) fields.back().paths.emplace_back("by");
  }
  return fields;
}

Entrance enter(const Rights& rights, const Pseudonym& pseudonym, const streams::Event& event,
               std::string& bytes) {
  if (!event.via.empty()) return {"attribute 'via' is the city's own: leave it out", false};
  std::string why = rights.refuse_event(event, text_of(event, kDistrict));
  if (!why.empty()) return {std::move(why), true};
  if (event.type == kFeedback) {
    const std::string_view by = text_of(event, kBy);
    if (why = rights.refuse_sender(by); !why.empty()) return {std::move(why), true};
    std::string vouched;
    if (why = rights.vouch(by, event.vouched, vouched); !why.empty()) return {std::move(why), true};
    if (!vouched.empty()) set_vouched(bytes, vouched);
  }
  if (!is_complaint(event.type)) return {};
  // What is not a receipt's would have none: nobody would hear of it.
  if (city::kind_of(event.subject) != "complaint")
    return {"attribute 'subject' of a complaint is complaint/<id>, its receipt's", false};
  if (why = misread(event); !why.empty()) return {std::move(why), false};
  leave_out_own(bytes);
  pseudonym.hide(bytes);
  return {};
}

}  // namespace connectors
