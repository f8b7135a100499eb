#include "app/topic_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/masked.h"
#include "streams/hash.h"
#include "streams/json.h"

namespace app {

using connectors::error_response;
using connectors::Reply;
using connectors::Request;
using connectors::Response;

namespace {

constexpr std::string_view kPrefix = "/v1/topics/";
constexpr const char* kCursorHeader = "Next-Cursor";
constexpr std::string_view kDeadLetters = "dead.letters";

std::string offsets_text(const std::vector<std::int64_t>& next) {
  std::string text;
  for (const std::int64_t offset : next) text += (text.empty() ? "" : ".") + std::to_string(offset);
  return text;
}

bool read_offsets(std::string_view text, std::vector<std::int64_t>& next) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < next.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return false;
    const auto [after, failed] = std::from_chars(at, end, next[i]);
    if (failed != std::errc{} || next[i] < 0) return false;
    at = after;
  }
  return at == end;
}

constexpr std::size_t kIdentityDigits = 16;

bool is_identity(std::string_view text) {
  return text.size() == kIdentityDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

const std::vector<std::string>& output_topics() {
  static const std::vector<std::string> kTopics{
      "warnings", "warnings.urgent",  "dispatch.orders", "complaints", "matters",
      "notices",  "inspection.plans", "entity.status",   "rejected",   "dead.letters"};
  return kTopics;
}

TopicFeed::TopicFeed(Ports ports, Options options)
    : ports_(std::move(ports)), options_(std::move(options)), thread_([this] { serve(); }) {}

TopicFeed::~TopicFeed() {
  stop();
}

void TopicFeed::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void TopicFeed::add_routes(connectors::Server& server) {
  server.route("GET", std::string{kPrefix},
               [this](const Request& request, const Reply& reply) { take(request, reply); });
}

void TopicFeed::take(const Request& request, const Reply& reply) {
  const std::vector<std::string>& topics = output_topics();
  if (std::find(topics.begin(), topics.end(), request.tail) == topics.end()) {
    std::string names;
    for (const std::string& topic : topics) names += (names.empty() ? "" : ", ") + topic;
    return reply(error_response(404, "there is no topic '" + request.tail + "': " + names));
  }
  Asked asked{.topic = request.tail,
              .next = std::vector<std::int64_t>(static_cast<std::size_t>(options_.partitions)),
              .until = Clock::now() + options_.wait,
              .reply = reply,
              .masked = request.tail == kDeadLetters && !request.rights->is_engineer(),
              .place = request.left};
  if (auto refused = read_from(request.parameter("from"), asked)) return reply(std::move(*refused));
  const std::string_view wait = request.parameter("wait");
  if (!wait.empty() && wait != "no")
    return reply(error_response(400, "'wait' is no, or is left out: then an answer waits for the "
                                     "next record"));
  if (wait == "no") asked.until = Clock::now();
  if (!asked.place) asked.place = std::make_shared<const std::atomic<bool>>(false);
  const std::lock_guard lock{mutex_};
  if (stopping_) return reply(error_response(503, "the city is being shut down"));
  std::erase_if(places_, [](const Place& left) { return left->load(); });
  if (places_.size() >= options_.waiting)
    return reply(error_response(503, "too many are waiting for records"));
  places_.push_back(asked.place);
  asked_.push_back(std::move(asked));
  wake_.notify_one();
}

std::string TopicFeed::identity_of(std::string_view topic) const {
  std::string text = options_.log_identity;
  text.append("/").append(topic);
  return fmt::format("{:016x}", streams::hash64(text));
}

std::string TopicFeed::cursor_of(const Asked& asked) const {
  return identity_of(asked.topic) + "-" + offsets_text(asked.next);
}

/// Where to begin; or what is wrong.
std::optional<Response> TopicFeed::read_from(std::string_view from, Asked& asked) const {
  if (from.empty() || from == "start") return std::nullopt;
  if (const auto since = streams::parse_time(from)) {
    asked.since = *since;
    return std::nullopt;
  }
  const std::size_t dash = std::min(from.find('-'), from.size());
  const bool knows_its_log = is_identity(from.substr(0, dash));
  if (knows_its_log && from.substr(0, dash) != identity_of(asked.topic))
    return gone(asked, "this cursor is of another log, or of another topic");
  const std::string_view offsets = from.substr(knows_its_log ? std::min(dash + 1, from.size()) : 0);
  if (read_offsets(offsets, asked.next)) {
    asked.from_cursor = true;
    if (knows_its_log) return std::nullopt;
    return error_response(400, "this cursor does not say of which log it is, as those of older "
                               "versions: begin with from=start, or with a time");
  }
  return error_response(
      400, "'from' is start, a time such as 2026-11-22T08:00:00Z, or the Next-Cursor of an answer");
}

/// The records that a cursor names are not there: what was missed is for its owner to decide.
Response TopicFeed::gone(const Asked& asked, std::string_view why) const {
  Asked earliest = asked;
  for (int number = 0; number < options_.partitions; ++number) {
    const auto extent = ports_.extent({asked.topic, number});
    earliest.next[static_cast<std::size_t>(number)] = extent ? extent->first : 0;
  }
  const std::string cursor = cursor_of(earliest);
  return {.status = 410, .body = streams::json_object([&](streams::JsonMembers& member) {
                                   member("error", std::string{why} +
                                                       ": go on with from=start (all that is "
                                                       "kept, some of it again), or with a time");
                                   member("from", std::string_view{"start"});
                                   member("earliest", cursor);
                                 }) +
                                 "\n"};
}

/// Before the first look: a cursor must lie within the log. False: it was answered.
bool TopicFeed::begin(Asked& asked) {
  for (int number = 0; number < options_.partitions; ++number) {
    const auto extent = ports_.extent({asked.topic, number});
    if (!extent) return asked.reply(error_response(503, extent.error().what)), false;
    std::int64_t& next = asked.next[static_cast<std::size_t>(number)];
    if (!asked.from_cursor) next = extent->first;
    if (next > extent->end)
      return asked.reply(gone(asked, "this cursor lies beyond the end of the log")), false;
    if (next < extent->first)
      return asked.reply(gone(asked, "records behind this cursor are no longer kept")), false;
  }
  asked.begun = true;
  return true;
}

void TopicFeed::serve() {
  std::list<Asked> waiting;
  while (true) {
    bool last = false;
    {
      std::unique_lock lock{mutex_};
      wake_.wait_for(lock, options_.look_interval, [this] { return stopping_ || !asked_.empty(); });
      waiting.splice(waiting.end(), asked_);
      last = stopping_;
    }
    std::vector<Place> answered;
    std::erase_if(waiting, [&](Asked& asked) {
      if (!answer(asked, last)) return false;
      answered.push_back(asked.place);
      return true;
    });
    const std::lock_guard lock{mutex_};
    for (const Place& place : answered)
      if (const auto it = std::find(places_.begin(), places_.end(), place); it != places_.end())
        places_.erase(it);
    if (last) return;
  }
}

bool TopicFeed::answer(Asked& asked, bool last) {
  struct Line {
    streams::Time recorded;
    std::string bytes;
  };
  if (!asked.begun && !begin(asked)) return true;
  std::vector<Line> lines;
  bool any = true;
  while (lines.empty() && any) {  // what is passed over ends no answer
    any = false;
    for (int number = 0; number < options_.partitions; ++number) {
      std::int64_t& next = asked.next[static_cast<std::size_t>(number)];
      const auto batch =
          ports_.log.fetch({asked.topic, number}, next,
                     options_.answer_bytes / static_cast<std::size_t>(options_.partitions));
      if (!batch) return asked.reply(error_response(503, batch.error().what)), true;
      for (const streams::LogRecord& record : batch->records) {
        next = record.offset + 1;
        any = true;
        if (record.recorded >= asked.since)
          lines.push_back({record.recorded, asked.masked ? masked_dead_letter(record.bytes)
                                                         : std::string{record.bytes}});
      }
    }
  }
  if (lines.empty() && !last && !*asked.place && Clock::now() < asked.until) return false;
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.recorded < b.recorded; });
  Response response{.type = "application/x-ndjson"};
  for (const Line& line : lines) response.body += line.bytes + "\n";
  response.headers.emplace_back(kCursorHeader, cursor_of(asked));
  asked.reply(std::move(response));
  return true;
}

}  // namespace app
