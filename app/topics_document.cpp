#include "app/topics_document.h"

#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "app/dead_letter.h"
#include "operators/city/contract.h"
#include "operators/see/register.h"
#include "streams/json_schema.h"

namespace app {
namespace {

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

std::string text(std::string_view plain) {
  std::string out;
  streams::append_json_text(out, plain);
  return out;
}

std::string words_text(std::span<const std::string_view> words) {
  std::string out;
  streams::append_json_array(out, [&](streams::JsonElements& element) {
    for (const std::string_view word : words) element(word);
  });
  return out;
}

std::string schema_of(const city::ContractField& field) {
  using Kind = city::FieldKind;
  const std::string most = std::to_string(field.most_bytes) + " bytes at most";
  switch (field.kind) {
    case Kind::boolean:
      return R"({"type":"boolean"})";
    case Kind::number:
      return R"({"type":"number"})";
    case Kind::id:
    case Kind::text:
      if (field.among.empty()) return R"({"type":"string","description":)" + text(most) + "}";
      return R"({"enum":)" + words_text(field.among) + "}";
    case Kind::texts:
      return R"({"type":"array","items":{"type":"string","description":)" + text(most) + "}}";
    default:
      return R"({"type":"string","description":"RFC 3339, or a date alone"})";
  }
}

/// Any field may be left out or null, and unknown ones are ignored.
Described input(std::string_view topic, std::string_view what) {
  const city::DoorContract* door = city::contract_of(topic);
  std::string schema = R"({"type":"object","properties":)";
  streams::append_json_object(schema, [&](streams::JsonMembers& property) {
    for (const city::ContractField& field : door->fields)
      property(field.name) += R"({"anyOf":[)" + schema_of(field) + R"(,{"type":"null"}]})";
  });
  return {topic, door->type, what, schema + "}"};
}

std::vector<Described> inputs() {
  return {
      input("elevator.telemetry",
            "Status of an elevator, its alarm button and its own end of alarm."),
      input("camera.alerts", "Anything that a machine saw or heard."),
      input("permit.changes", "Any change in an official record."),
      input("hotline.complaints", "Anything that a person reports."),
      input("field.feedback",
            "Anything that people decide or do afterwards; exactly one of warning, order, "
            "complaint, matter, item names the target."),
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
      output<city::Rejected>(
           "rejected",
           "Feedback that was not legal, an id used again for other content; and why."),
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
    R"("clockahead":{"type":"integer","minimum":0,"description":"milliseconds by which a door )"
    R"(says that the city's clock is ahead of the one that 'time' is of; what counts is the sum"},)"
    R"("data":{"type":"object"}},)"
    R"("required":["specversion","id","source","type","subject","time","data"]})";

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
