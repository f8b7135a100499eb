#include "app/topic_feed.h"

#include <algorithm>
#include <charconv>

#include "app/masked.h"

namespace app {

using connectors::error_response;
using connectors::Reply;
using connectors::Request;
using connectors::Response;

namespace {

constexpr std::string_view kPrefix = "/v1/topics/";
constexpr const char* kCursorHeader = "Next-Cursor";
constexpr std::string_view kDeadLetters = "dead.letters";

std::string cursor_of(const std::vector<std::int64_t>& next) {
  std::string cursor;
  for (const std::int64_t offset : next)
    cursor += (cursor.empty() ? "" : ".") + std::to_string(offset);
  return cursor;
}

bool read_cursor(std::string_view text, std::vector<std::int64_t>& next) {
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

}  // namespace

const std::vector<std::string>& output_topics() {
  static const std::vector<std::string> kTopics{
      "warnings", "warnings.urgent",  "dispatch.orders", "complaints", "matters",
      "notices",  "inspection.plans", "entity.status",   "rejected",   "dead.letters"};
  return kTopics;
}

TopicFeed::TopicFeed(streams::Reader& log, Options options)
    : log_(log), options_(options), thread_([this] { serve(); }) {}

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
              .masked = request.tail == kDeadLetters && !request.rights->is_engineer()};
  const std::string problem = read_from(request.parameter("from"), asked);
  if (!problem.empty()) return reply(error_response(400, problem));
  if (request.parameter("wait") == "no") asked.until = Clock::now();
  const std::lock_guard lock{mutex_};
  if (stopping_) return reply(error_response(503, "the city is being shut down"));
  if (held_ >= options_.waiting)
    return reply(error_response(503, "too many are waiting for records"));
  ++held_;
  asked_.push_back(std::move(asked));
  wake_.notify_one();
}

/// Where to begin; empty, or what is wrong.
std::string TopicFeed::read_from(std::string_view from, Asked& asked) const {
  if (from.empty() || from == "start" || read_cursor(from, asked.next)) return {};
  std::fill(asked.next.begin(), asked.next.end(), 0);
  const auto since = streams::parse_time(from);
  if (!since)
    return "'from' is start, a time such as 2026-11-22T08:00:00Z, or the Next-Cursor of an answer";
  asked.since = *since;
  return {};
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
    const std::size_t answered =
        std::erase_if(waiting, [&](Asked& asked) { return answer(asked, last); });
    const std::lock_guard lock{mutex_};
    held_ -= answered;
    if (last) return;
  }
}

bool TopicFeed::answer(Asked& asked, bool last) {
  struct Line {
    streams::Time recorded;
    std::string bytes;
  };
  std::vector<Line> lines;
  bool any = true;
  while (lines.empty() && any) {  // what is passed over ends no answer
    any = false;
    for (int number = 0; number < options_.partitions; ++number) {
      std::int64_t& next = asked.next[static_cast<std::size_t>(number)];
      const auto batch =
          log_.fetch({asked.topic, number}, next,
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
  if (lines.empty() && !last && Clock::now() < asked.until) return false;
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.recorded < b.recorded; });
  Response response{.type = "application/x-ndjson"};
  for (const Line& line : lines) response.body += line.bytes + "\n";
  response.headers.emplace_back(kCursorHeader, cursor_of(asked.next));
  asked.reply(std::move(response));
  return true;
}

}  // namespace app
