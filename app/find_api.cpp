#include "app/find_api.h"

#include "app/masked.h"
#include "app/rule_answers.h"
#include "connectors/http/pseudonym.h"
#include "connectors/json/event_decoder.h"
#include "operators/see/once.h"

namespace app {

using connectors::error_response;
using connectors::Reply;
using connectors::Request;
using connectors::Response;
using streams::append_json_array;
using streams::append_json_object;
using streams::json_object;
using streams::JsonElements;
using streams::JsonMembers;

namespace {

constexpr std::size_t kWaiting = 8;  // requests; more are answered 503
constexpr std::size_t kLongestText = 200;
constexpr std::string_view kDeadLetters = "dead.letters";

/// What a caller said is not shown, through whichever topic it came.
bool is_personal(const TracedRecord& record, connectors::EventDecoder& decoder) {
  std::string padded = record.bytes;
  padded.append(streams::Decoder::kPadding, ' ');
  streams::Event event;
  return decoder.decode({padded.data(), record.bytes.size()}, event) ||
         connectors::is_complaint(event.type);
}

/// How an event came in: envelope and data, but for what a caller said.
void append_arrival(std::string& out, const TracedRecord& record,
                    connectors::EventDecoder& decoder) {
  std::string padded = record.bytes;
  padded.append(streams::Decoder::kPadding, ' ');
  streams::Event event;
  (void)decoder.decode({padded.data(), record.bytes.size()}, event);  // it was decoded before
  append_json_object(out, [&](JsonMembers& member) {
    member("topic", record.topic);
    member("recorded", record.recorded);
    member("id", event.id);
    member("source", event.source);
    member("subject", event.subject);
    member("time", event.time);
    member("exercise", event.exercise);
    member("late", see::is_too_late(event));
    member("data") += connectors::is_complaint(event.type) ? "null" : event.data;
  });
}

}  // namespace

FindApi::FindApi(Ports ports, TraceOptions options)
    : ports_(std::move(ports)),
      options_(options),
      answerer_(kWaiting, "too many are looking for events: ask again") {}

void FindApi::add_routes(connectors::Server& server) {
  server.route("GET", "/api/find", [this](const Request& request, const Reply& reply) {
    const std::string text{request.parameter("text")};
    if (text.size() < 2 || text.size() > kLongestText)
      return reply(error_response(400, "'text' is what to look for: 2 to 200 bytes of it"));
    reply({.body = ports_.board.find_json(text) + "\n"});
  });
  server.route("GET", "/api/trace",
               [this](const Request& request, const Reply& reply) { take(request, reply); });
}

void FindApi::take(const Request& request, const Reply& reply) {
  const std::string event{request.parameter("event")};
  if (event.empty() || event.size() > kLongestText)
    return reply(error_response(400, "'event' is the id of an event"));
  answerer_.ask([this, event] { return answer(event); }, reply);
}

Response FindApi::answer(const std::string& event) const {
  const streams::Result<Trace> found = trace_of(event, ports_.log, options_);
  if (!found) return error_response(503, found.error().what);
  connectors::EventDecoder decoder;
  std::vector<RuleAnswer> rules;
  if (!found->came.empty() && !is_personal(found->came.front(), decoder))
    rules = answers_to(found->came.front().bytes, ports_.versions());
  const auto append_arrivals = [&](std::string& out, const std::vector<TracedRecord>& records) {
    append_json_array(out, [&](JsonElements& element) {
      for (const TracedRecord& record : records) append_arrival(element(), record, decoder);
    });
  };
  std::string body = json_object([&](JsonMembers& member) {
    member("event", event);
    append_arrivals(member("came"), found->came);
    append_arrivals(member("same"), found->same);
    append_json_array(member("traces"), [&](JsonElements& element) {
      for (const TracedRecord& record : found->traces)
        append_json_object(element(), [&](JsonMembers& trace) {
          trace("topic", record.topic);
          trace("record") +=
              record.topic == kDeadLetters ? masked_dead_letter(record.bytes) : record.bytes;
        });
    });
    member("rules", rules);
    member("looked", found->looked);
    member("complete", found->complete);
  });
  return {.body = body + "\n"};
}

}  // namespace app
