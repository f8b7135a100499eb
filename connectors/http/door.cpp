#include "connectors/http/door.h"

#include "connectors/http/entrance.h"
#include "connectors/http/event_body.h"
#include "operators/city/topics.h"
#include "streams/hash.h"

namespace connectors {

using streams::Error;

struct Door::Batch {
  std::shared_ptr<const Rights> rights;  // of the caller
  bool lacks_rights = false;             // so some were rejected
  std::vector<streams::Append> accepted;
  std::vector<std::size_t> doors;  // of the accepted ones
  std::size_t count = 0;
  std::size_t rejected = 0;
  std::string rejections;                       // JSON array's elements
  std::optional<std::chrono::seconds> refused;  // then: when its sender should come again
  std::string taken;                            // then: places of the accepted ones, likewise
  std::size_t left = 0;                         // not taken although they could be read

  void reject(std::string_view reason) {
    if (rejected++ > 0) rejections += ',';
    rejections += R"({"index":)" + std::to_string(count) + R"(,"reason":)";
    streams::append_json_text(rejections, reason);
    rejections += '}';
  }
  std::string report() const {
    return R"({"accepted":)" + std::to_string(accepted.size()) + R"(,"rejected":[)" + rejections +
           "]}\n";
  }
  /// Of a refused request of which something was left.
  Response refusal() const {
    std::string body = R"({"error":)";
    streams::append_json_text(
        body,
        "the city has more to work off than it can in time: send what is not in 'taken' "
        "again after Retry-After");
    body += R"(,"accepted":)" + std::to_string(accepted.size()) + R"(,"taken":[)" + taken +
            R"(],"left":)" + std::to_string(left) + R"(,"rejected":[)" + rejections + "]}\n";
    Response response{.status = 429, .body = std::move(body)};
    response.headers.emplace_back("Retry-After", std::to_string(refused->count()));
    return response;
  }
};

namespace {

std::string types_taken() {
  std::string text;
  for (const city::Door& door : city::kDoors) {
    if (!text.empty()) text += &door == &city::kDoors.back() ? " and " : ", ";
    text += door.type;
  }
  return text;
}

}  // namespace

Door::Door(std::unique_ptr<streams::Decoder> decoder, GroupCommit& commits, Options options,
           Admission* admission)
    : decoder_(std::move(decoder)),
      commits_(commits),
      options_(std::move(options)),
      admission_(admission),
      received_(city::kDoors.size()) {
  decoder_->extract(entrance_fields());
}

void Door::post(Request request, Reply reply) {
  const EventBody body = events_of(request, *decoder_);
  if (body.status != 0) return reply(error_response(body.status, body.problem));
  Batch batch;
  batch.rights = request.rights;
  if (admission_ != nullptr) batch.refused = admission_->refusal(request.body.size());
  for (const std::string& event : body.events) take(event, batch);
  rejected_ += batch.rejected;
  if (body.batch && batch.count == 0) return reply({.status = 202, .body = batch.report()});
  if (batch.count == 0) return reply(error_response(400, "there is no event in the body"));
  if (batch.accepted.empty())
    return reply(batch.left > 0 ? batch.refusal()
                                : Response{.status = batch.lacks_rights ? 403 : 400,
                                           .body = batch.report()});
  if (batch.left == 0)  // else what was left comes again under the same key
    if (auto refused = keys_.refuse(request, request.header("authorization"), request.body))
      return reply(std::move(*refused));
  hand_over(batch, request.body.size(), std::move(reply));
}

void Door::hand_over(Batch& batch, std::size_t bytes, Reply reply) {
  for (std::size_t door : batch.doors) ++received_[door];
  const std::size_t events = batch.accepted.size();
  Response answer =
      batch.left > 0 ? batch.refusal() : Response{.status = 202, .body = batch.report()};
  const bool taken = commits_.submit(
      std::move(batch.accepted),
      [reply, answer = std::move(answer)](const streams::Result<void>& appended) {
        reply(appended.ok() ? answer : answer_of(appended, {}));
      },
      batch.refused ? GroupCommit::Urgency::first : GroupCommit::Urgency::ordinary);
  if (!taken) return reply(queue_full());
  if (admission_ != nullptr) admission_->took(events, batch.refused ? 0 : bytes);
}

void Door::take(std::string_view bytes, Batch& batch) {
  padded_.assign(bytes);
  padded_.append(streams::Decoder::kPadding, ' ');
  if (batch.refused && !admission_->passes({padded_.data(), bytes.size()})) {
    ++batch.left;
    ++batch.count;
    return;
  }
  const std::string reason = reason_against(bytes, batch);
  if (!reason.empty())
    batch.reject(reason);
  else if (batch.refused)
    batch.taken += (batch.taken.empty() ? "" : ",") + std::to_string(batch.count);
  ++batch.count;
}

/// Why the event in padded_ is not accepted; empty: it was put into the batch.
std::string Door::reason_against(std::string_view bytes, Batch& batch) {
  streams::Event event;
  if (const auto reject = decoder_->decode({padded_.data(), bytes.size()}, event))
    return reject->reason + " (byte " + std::to_string(reject->position) + ")";
  const city::Door* door = city::door_of_type(event.type);
  if (door == nullptr)
    return "no door takes type '" + std::string{event.type} + "': the types are " + types_taken();
  std::string kept{bytes};
  if (Entrance entrance = enter(*batch.rights, options_.pseudonym, event, kept);
      !entrance.refusal.empty()) {
    batch.lacks_rights = batch.lacks_rights || entrance.of_rights;
    return std::move(entrance.refusal);
  }
  const streams::Duration ahead = options_.ahead(event.stated);
  if (ahead != clock_ahead(event)) set_clock_ahead(kept, ahead);
  const int partition = streams::partition_of(event.subject, options_.partitions);
  batch.accepted.push_back({{std::string{door->topic}, partition},
                            options_.clock(),
                            std::move(kept),
                            std::string{event.subject}});
  batch.doors.push_back(static_cast<std::size_t>(door - city::kDoors.data()));
  return {};
}

Door::Counters Door::counters() const {
  Counters counters;
  for (std::size_t i = 0; i < received_.size(); ++i)
    counters.topics.push_back({city::kDoors[i].topic, received_[i]});
  counters.rejected = rejected_;
  return counters;
}

Response answer_of(const streams::Result<void>& appended, std::string accepted) {
  if (appended.ok()) return {.status = 202, .body = std::move(accepted)};
  const Error& error = appended.error();
  Response response =
      error_response(error.kind == Error::Kind::retry ? 503 : 500, "not kept: " + error.what);
  if (error.kind == Error::Kind::retry) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Response queue_full() {
  Response response = error_response(
      429, "more is waiting to be written than this door holds: send it again later");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace connectors
