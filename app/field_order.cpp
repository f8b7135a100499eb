#include "app/field_order.h"

#include <algorithm>
#include <span>

#include "connectors/json/json_reader.h"
#include "operators/city/vocabulary.h"

namespace app {

using streams::append_json;
using streams::append_json_text;

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

/// Members of the object `json` that are named, without the braces.
std::string members_of(std::string_view json, std::span<const std::string_view> named) {
  std::string out;
  connectors::SimdJsonReader reader{json};
  (void)reader.object([&](std::string_view name, streams::JsonReader& value) {
    if (std::find(named.begin(), named.end(), name) == named.end()) return true;
    std::string text;
    if (!value.raw(text)) return false;
    if (!out.empty()) out += ',';
    append_json_text(out, name);
    out += ':' + text;
    return true;
  });
  return out;
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
void append_words(std::string& out, std::string_view name, const Words& words) {
  out += ',';
  append_json_text(out, name);
  char before = '[';
  out += ':';
  for (const auto& word : words) {
    out += before;
    before = ',';
    out += R"({"code":)";
    append_json_text(out, word.code);
    out += R"(,"zh":)";
    append_json_text(out, word.zh);
    out += R"(,"en":)";
    append_json_text(out, word.en);
    out += '}';
  }
  out += ']';
}

}  // namespace

bool is_drill(const Board::OrderRecord& order) {
  const std::string mark = read_record(*order.event).exercise.text;
  return mark == "true" || mark == R"("true")";
}

std::string field_order_json(const FieldLink& link, const Board::OrderRecord& order,
                             const CityClock& clock) {
  const Record record = read_record(*order.event);
  std::string out = R"({"unit":)";
  append_json_text(out, link.unit);
  out += R"(,"expires":)";
  append_json(out, link.expires);
  out += R"(,"clock":)";
  append_json(out, clock.now);
  out += R"(,"speed":)";
  append_json(out, clock.speed);
  out += R"(,"time":)";
  append_json(out, record.time);
  out += is_drill(order) ? R"(,"exercise":true)" : R"(,"exercise":false)";
  out += R"(,"order":{)" + members_of(record.data.text, kOrder) + '}';
  out += R"(,"place":{)";
  if (order.status) {
    const Status status = read_data<Status>(read_record(*order.status).data);
    out += members_of(status.registration.text, kPlace);
  }
  out += R"(},"warnings":[)";
  for (const Board::Text& warning : order.warnings) {
    if (warning != order.warnings.front()) out += ',';
    out += '{' + members_of(read_record(*warning).data.text, kWarning) + '}';
  }
  out += R"(],"refusals":[)";
  bool any = false;
  for (const Board::Text& refusal : order.refusals) {
    const Record said = read_record(*refusal);
    if (read_data<Refusal>(said.data).by != link.unit) continue;
    if (any) out += ',';
    any = true;
    out += R"({"cause":)";
    append_json_text(out, said.causation);
    out += R"(,"at":)";
    append_json(out, said.time);
    out += ',' + members_of(said.data.text, kRefusal) + '}';
  }
  out += ']';
  append_words(out, "findings", city::kFindings);
  append_words(out, "actions", city::kActions);
  return out + '}';
}

}  // namespace app
