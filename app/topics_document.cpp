#include "app/topics_document.h"

#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "app/dead_letter.h"
#include "operators/city/camera_alert.h"
#include "operators/city/complaint.h"
#include "operators/city/permit.h"
#include "operators/city/topics.h"
#include "operators/see/register.h"
#include "streams/json_schema.h"

namespace app {
namespace {

/// What an elevator says; rules read it by name, so it has no type of its own.
struct Telemetry {
  double floor{}, speed{}, load{};
  std::string direction, door, mode;
  std::optional<std::string> fault;
  bool door_zone{}, occupied{}, alarm_button{}, alarm_end{};
  static constexpr auto fields() {
    using T = Telemetry;
    using streams::field;
    return std::tuple{field("floor", &T::floor),       field("speedMps", &T::speed),
                      field("loadKg", &T::load),       field("direction", &T::direction),
                      field("door", &T::door),         field("mode", &T::mode),
                      field("faultCode", &T::fault),   field("doorZone", &T::door_zone),
                      field("occupied", &T::occupied), field("alarmButton", &T::alarm_button),
                      field("alarmEnd", &T::alarm_end)};
  }
};

/// A complaint without what is ours on its way.
struct Filed {
  std::string channel, kind, category, text, address, about, original_no, complainant, district;
  std::vector<std::string> photos;
  static constexpr auto fields() {
    using F = Filed;
    using streams::field;
    return std::tuple{field("channel", &F::channel),        field("kind", &F::kind),
                      field("category", &F::category),      field("text", &F::text),
                      field("address", &F::address),        field("about", &F::about),
                      field("originalNo", &F::original_no), field("complainant", &F::complainant),
                      field("district", &F::district),      field("photos", &F::photos)};
  }
};

struct Described {
  std::string_view topic, type, what;
  std::string schema;
};

template <class T>
std::string schema(bool strict) {
  std::string out;
  streams::append_schema<T>(out, strict);
  return out;
}
template <class T>
Described output(std::string_view topic, std::string_view what) {
  return {topic, T::kType, what, schema<T>(true)};
}

std::vector<Described> inputs() {
  return {
      {"elevator.telemetry", "city.elevator.telemetry.v1",
       "Status of an elevator, its alarm button and its own end of alarm.",
       schema<Telemetry>(false)},
      {"camera.alerts", "city.camera.alert.v1", "Anything that a machine saw or heard.",
       schema<city::CameraAlert>(false)},
      {"permit.changes", "city.permit.changed.v1", "Any change in an official record.",
       schema<city::PermitChange>(false)},
      {"hotline.complaints", "city.complaint.filed.v1", "Anything that a person reports.",
       schema<Filed>(false)},
      {"field.feedback", "city.field.feedback.v1",
       "Anything that people decide or do afterwards; exactly one of warning, order, complaint, "
       "matter, item names the target.",
       schema<city::Feedback>(false)},
  };
}

std::vector<Described> outputs() {
  return {
      output<city::Warning>("warnings", "One episode of a rule, whole at every change."),
      output<city::Warning>("warnings.urgent",
                            "Advance notice of a P1, at least once, under the warning's id."),
      output<city::Order>("dispatch.orders", "What a unit must do, whole at every change."),
      output<city::Receipt>("complaints", "The way of one complaint, whole at every change."),
      output<city::Matter>("matters", "The legal follow-up of a violation, whole at every change."),
      output<city::Notice>("notices", "What must be told to someone."),
      output<city::Rejected>("rejected", "Feedback that was not legal, an id used again for other content; and why."),
      output<see::EntityStatus>("entity.status", "What is known of an entity; compacted."),
      {"dead.letters", "city.dead_letter.v1",
       "What could not be read: bytes, origin, reason; and when it was put through again.",
       schema<DeadLetter>(false)},
  };
}

constexpr std::string_view kEnvelope =
    R"({"type":"object","description":"CloudEvents 1.0, structured mode","properties":{)"
    R"("specversion":{"const":"1.0"},"id":{"type":"string","minLength":1},)"
    R"("source":{"type":"string","minLength":1},"type":{"type":"string"},)"
    R"("subject":{"type":"string","pattern":"^[^/]+(/.+)?$","description":"kind/id of an entity"},)"
    R"("time":{"type":"string","format":"date-time"},)"
    R"("datacontenttype":{"const":"application/json"},)"
    R"("recordedtime":{"type":"string","format":"date-time",)"
    R"("description":"when it reached a door"},)"
    R"("causationid":{"type":"string","description":"the event that led to this one"},)"
    R"("exercise":{"type":"boolean","description":"a drill"},)"
    R"("vouchedunits":{"type":"string","description":"of an officer's step: units for which the )"
    R"(door says that the officer answers, with blanks between; none: it knows of none"},)"
    R"("data":{"type":"object"}},)"
    R"("required":["specversion","id","source","type","subject","time","data"]})";

std::string text(std::string_view plain) {
  std::string out;
  streams::append_json_text(out, plain);
  return out;
}

std::string reference(std::string_view section, std::string_view name) {
  return R"({"$ref":"#/components/)" + std::string{section} + "/" + std::string{name} + "\"}";
}

void add(std::string& list, const std::string& member) {
  list += (list.empty() ? "" : ",") + member;
}

}  // namespace

std::string topics_document() {
  std::map<std::string_view, std::string> messages_of, what_of;
  std::string channels, operations, messages, schemas;
  const auto describe = [&](const std::vector<Described>& all, std::string_view action) {
    for (const Described& one : all) {
      const std::string type = text(one.type);
      if (!messages_of.contains(one.topic))
        add(operations, text(std::string{action} + " " + std::string{one.topic}) +
                            R"(:{"action":)" + text(action) + R"(,"channel":{"$ref":"#/channels/)" +
                            std::string{one.topic} + "\"}}");
      add(messages_of[one.topic], type + ":" + reference("messages", one.type));
      what_of[one.topic] += (what_of[one.topic].empty() ? "" : " ") + std::string{one.what};
      if (schemas.find(type + ":{") != schemas.npos) continue;
      add(schemas, type + ":" + one.schema);
      add(messages, type + R"(:{"name":)" + type +
                        R"(,"contentType":"application/cloudevents+json","payload":{"allOf":[)" +
                        reference("schemas", "cloudEvent") + R"(,{"properties":{"type":{"const":)" +
                        type + R"(},"data":)" + reference("schemas", one.type) + "}}]}}");
    }
  };
  describe(inputs(), "receive");
  describe(outputs(), "send");
  for (const auto& [topic, of] : messages_of)
    add(channels, text(topic) + R"(:{"address":)" + text(topic) + R"(,"description":)" +
                      text(what_of[topic]) + R"(,"messages":{)" + of + "}}");
  return R"({"asyncapi":"3.0.0","info":{"title":"Watchfire","version":"1.0.0","description":)"
         R"("The topics of a city. Kafka's key is the subject. A receiver ignores attributes and )"
         R"(fields that it does not know."},"defaultContentType":"application/cloudevents+json",)"
         R"("channels":{)" +
         channels + R"(},"operations":{)" + operations + R"(},"components":{"messages":{)" +
         messages + R"(},"schemas":{"cloudEvent":)" + std::string{kEnvelope} + "," + schemas +
         "}}}";
}

}  // namespace app
