#include "app/api_action.h"

#include <algorithm>
#include <array>

#include "connectors/http/door.h"
#include "connectors/json/json_reader.h"
#include "operators/city/topics.h"
#include "streams/hash.h"

namespace app {

using streams::append_json_object;
using streams::append_json_text;
using streams::json_object;
using streams::JsonMembers;

namespace {

constexpr std::array<std::string_view, 5> kTargets{"warning", "order", "complaint", "matter",
                                                   "item"};

bool is_kind_and_id(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != 0 && slash < text.size() - 1 && slash != std::string_view::npos;
}

}  // namespace

std::string read_action(std::string_view body, std::string_view seat, std::string_view key,
                        Action& action) {
  std::size_t targets = 0;
  std::string step;
  connectors::SimdJsonReader reader{body};
  const bool good = reader.object([&](std::string_view name, streams::JsonReader& value) {
    if (name == "subject") return value.text(action.subject);
    if (name == "by") return value.text(action.by);
    if (name == "exercise") return value.boolean(action.exercise);
    if (name == "vouchedunits") return value.text(action.vouched);
    std::string json;
    if (!value.raw(json)) return false;
    const bool given = json != "null" && json != "\"\"";
    if (name == "step" && given) step = json;
    if (given && std::count(kTargets.begin(), kTargets.end(), name) > 0) ++targets;
    action.members += ',';
    append_json_text(action.members, name);
    action.members += ':' + json;
    return true;
  });
  if (!good)
    return "the body is not a JSON object with text in 'subject', 'by' and 'vouchedunits', true or "
           "false in 'exercise'";
  if (!is_kind_and_id(action.subject))
    return "'subject' names the entity, as in elevator/31010500012345";
  if (!step.starts_with('"')) return "'step' is missing: it says what is done, as in \"claim\"";
  if (targets != 1) return "name exactly one of warning, order, complaint, matter and item";
  if (!seat.empty() && !action.by.empty() && action.by != seat)
    return "header X-Seat and 'by' name two different people";
  if (action.by.empty()) action.by = seat;
  if (!is_kind_and_id(action.by))
    return "who does this? Name the seat in header X-Seat or in 'by', as in seat/3";
  action.key = key;
  return {};
}

std::string action_id(const Action& action, std::string_view city, streams::Time now,
                      std::uint64_t ordinal) {
  if (!action.key.empty()) return streams::make_id("f-", {city, "action", action.by, action.key});
  return streams::make_id("f-", {city, "action", action.by, action.subject, action.members,
                                 streams::format_time(now), std::to_string(ordinal)});
}

streams::Append action_record(const Action& action, std::string_view id, std::string_view city,
                              streams::Time now, int partitions) {
  constexpr std::string_view kType = "city.field.feedback.v1";
  std::string bytes = R"({"specversion":"1.0","id":)";
  append_json_text(bytes, id);
  bytes += R"(,"source":)";
  append_json_text(bytes, "/watchfire/" + std::string{city} + "/" + std::string{action.from});
  bytes += R"(,"type":")" + std::string{kType} + R"(","subject":)";
  append_json_text(bytes, action.subject);
  bytes += R"(,"time":")";
  streams::append_time(bytes, now);
  bytes += R"(",)";
  if (action.exercise) bytes += R"("exercise":true,)";
  if (!action.vouched.empty()) {
    bytes += R"("vouchedunits":)";
    append_json_text(bytes, action.vouched);
    bytes += ',';
  }
  bytes += R"("datacontenttype":"application/json","data":{"by":)";
  append_json_text(bytes, action.by);
  bytes += action.members + "}}";
  return {{std::string{city::door_of_type(kType)->topic},
           streams::partition_of(action.subject, partitions)},
          now,
          std::move(bytes),
          action.subject};
}

void ActionDesk::take(const Action& action, streams::Time at, const connectors::Reply& reply) {
  const std::string id = action_id(action, city_, at, ++taken_);
  streams::Append record = action_record(action, id, city_, at, partitions_);
  const std::string padded = record.bytes + std::string(streams::Decoder::kPadding, ' ');
  streams::Event event;
  if (const auto reject = decoder_.decode({padded.data(), record.bytes.size()}, event))
    return reply(connectors::error_response(400, reject->reason));
  std::string body = json_object([&](JsonMembers& member) {
    member("id", id);
    member("time", at);
    append_json_object(member("position"), [&](JsonMembers& position) {
      position("topic", record.to.topic);
      position("partition", record.to.number);
    });
  });
  keep(std::move(record), {.status = 202, .body = body + "\n"}, reply);
}

void ActionDesk::take(const Action& action, streams::Time at, connectors::Response done,
                      const connectors::Reply& reply) {
  const std::string id = action_id(action, city_, at, ++taken_);
  keep(action_record(action, id, city_, at, partitions_), std::move(done), reply);
}

void ActionDesk::keep(streams::Append record, connectors::Response done,
                      const connectors::Reply& reply) {
  std::vector<streams::Append> records;
  records.push_back(std::move(record));
  const bool taken = commits_.submit(
      std::move(records),
      [reply, done = std::move(done)](const streams::Result<void>& appended) {
        reply(appended.ok() ? done : connectors::answer_of(appended, {}));
      },
      connectors::GroupCommit::Urgency::first);
  if (!taken) reply(connectors::queue_full());
}

}  // namespace app
