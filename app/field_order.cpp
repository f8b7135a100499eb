#include "app/field_order.h"

#include <algorithm>
#include <span>

#include "connectors/json/json_reader.h"
#include "operators/city/vocabulary.h"

namespace app {

using streams::append_json_array;
using streams::append_json_object;
using streams::json_object;
using streams::JsonElements;
using streams::JsonMembers;

namespace {

constexpr std::string_view kOrder[] = {
    "id",      "entity",    "item",     "title",      "priority", "state",
    "attempt", "returns",   "finishBy", "responders", "verdict",  "supervision",
    "pause",   "extension", "district", "history",    "returning"};
constexpr std::string_view kWarning[] = {"id",        "title",   "priority", "since", "state",
                                         "condition", "reasons", "district", "lon",   "lat"};
constexpr std::string_view kPlace[] = {"name",  "address",    "useUnit",  "maintenanceUnit",
                                       "phone", "rescueCode", "exposure", "district",
                                       "lon",   "lat"};
constexpr std::string_view kRefusal[] = {"step", "state", "reason"};

/// Members of the object `json` that are named.
void append_named(JsonMembers& member, std::string_view json,
                  std::span<const std::string_view> named) {
  connectors::SimdJsonReader reader{json};
  (void)reader.object([&](std::string_view name, streams::JsonReader& value) {
    if (std::find(named.begin(), named.end(), name) == named.end()) return true;
    std::string text;
    if (!value.raw(text)) return false;
    member(name) += text;
    return true;
  });
}

struct Record {
  std::string causation;
  std::optional<Time> time;
  Json exercise, data;
  static constexpr auto fields() {
    using R = Record;
    return std::tuple{field("causationid", &R::causation), field("time", &R::time),
                      field("exercise", &R::exercise), field("data", &R::data)};
  }
};
Record read_record(std::string_view event) {
  Record record;
  std::string where;
  connectors::SimdJsonReader reader{event};
  (void)read_json(reader, record, where);
  return record;
}

struct Status {
  Json registration;
  static constexpr auto fields() {
    return std::tuple{field("registration", &Status::registration)};
  }
};

struct Refusal {
  std::string by;
  static constexpr auto fields() { return std::tuple{field("by", &Refusal::by)}; }
};

template <class T>
T read_data(const Json& data) {
  T value;
  std::string where;
  connectors::SimdJsonReader reader{data.text};
  (void)read_json(reader, value, where);
  return value;
}

template <class Words>
void append_words(std::string& out, const Words& words) {
  append_json_array(out, [&](JsonElements& element) {
    for (const auto& word : words)
      append_json_object(element(), [&](JsonMembers& member) {
        member("code", word.code);
        member("zh", word.zh);
        member("en", word.en);
      });
  });
}

}  // namespace

bool is_drill(const Board::OrderRecord& order) {
  const std::string mark = read_record(*order.event).exercise.text;
  return mark == "true" || mark == R"("true")";
}

std::string field_order_json(const FieldLink& link, const Board::OrderRecord& order,
                             const CityClock& clock) {
  const Record record = read_record(*order.event);
  return json_object([&](JsonMembers& member) {
    member("unit", link.unit);
    member("expires", link.expires);
    member("clock", clock.now);
    member("speed", clock.speed);
    member("time", record.time);
    member("exercise", is_drill(order));
    append_json_object(member("order"),
                       [&](JsonMembers& told) { append_named(told, record.data.text, kOrder); });
    append_json_object(member("place"), [&](JsonMembers& told) {
      if (!order.status) return;
      const Status status = read_data<Status>(read_record(*order.status).data);
      append_named(told, status.registration.text, kPlace);
    });
    append_json_array(member("warnings"), [&](JsonElements& element) {
      for (const Text& warning : order.warnings)
        append_json_object(element(), [&](JsonMembers& told) {
          append_named(told, read_record(*warning).data.text, kWarning);
        });
    });
    append_json_array(member("refusals"), [&](JsonElements& element) {
      for (const Text& refusal : order.refusals) {
        const Record said = read_record(*refusal);
        if (read_data<Refusal>(said.data).by != link.unit) continue;
        append_json_object(element(), [&](JsonMembers& told) {
          told("cause", said.causation);
          told("at", said.time);
          append_named(told, said.data.text, kRefusal);
        });
      }
    });
    append_words(member("findings"), city::kFindings);
    append_words(member("actions"), city::kActions);
  });
}

}  // namespace app
