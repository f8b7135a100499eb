#include "app/api.h"

#include "connectors/json/media_type.h"
#include "operators/city/steps.h"
#include "operators/city/vocabulary.h"

namespace app {

using connectors::append_frame;
using connectors::error_response;
using connectors::Reply;
using connectors::Request;
using connectors::Response;
using streams::append_json_array;
using streams::append_json_object;
using streams::json_object;
using streams::JsonElements;
using streams::JsonMembers;

Api::Api(Ports ports, Options options)
    : ports_(std::move(ports)),
      options_(std::move(options)),
      actions_(ports_.commits, options_.city, options_.partitions) {}

Api::~Api() {
  stop();
}

void Api::add_routes(connectors::Server& server) {
  const auto get = [&](const char* path, auto answer,
                       connectors::Access access = connectors::Access::token) {
    server.route(
        "GET", path,
        [answer](const Request& request, const Reply& reply) { reply(answer(request)); }, access);
  };
  get("/api/board", [this](const Request&) -> Response {
    return {.body = json_object([this](JsonMembers& member) {
                      ports_.board.append_rows(member);
                      member("counts") += ports_.board.counts_json(ports_.clock());
                      member("health") += health_json();
                    }) +
                    "\n"};
  });
  get("/api/warnings/", [this](const Request& request) -> Response {
    const Text warning = ports_.board.warning(request.tail);
    if (!warning)
      return error_response(404, "there is no warning '" + request.tail + "' on the board");
    return {.body = *warning + "\n"};
  });
  get("/api/steps", [this](const Request&) -> Response { return {.body = steps_json()}; });
  get("/api/entities/", [this](const Request& request) -> Response {
    const std::size_t slash = request.tail.find('/');
    if (slash == 0 || slash >= request.tail.size() - 1)
      return error_response(404, "an entity is /api/entities/<kind>/<id>");
    return {.body = ports_.board.entity_json(request.tail) + "\n"};
  });
  get("/api/letters",
      [this](const Request&) -> Response { return {.body = ports_.board.letters_json() + "\n"}; });
  get(
      "/api/health",
      [this](const Request&) -> Response {
        return {.status = ports_.health().healthy() ? 200 : 503, .body = health_json() + "\n"};
      },
      connectors::Access::open);
  get("/metrics", [this](const Request&) -> Response {
    return {.body = connectors::exposition(ports_.metrics),
            .type = std::string{connectors::kExpositionType}};
  });
  server.stream("/api/stream", [this](const Request& request, auto stream) {
    const std::string_view last = request.header("last-event-id");
    const std::lock_guard lock{mutex_};
    joining_.push_back({std::move(stream), last.empty() ? std::optional{ports_.board.last_change()}
                                                        : ports_.board.number_of(last)});
    wake_.notify_one();
  });
  server.route("POST", "/api/actions", [this](Request request, Reply reply) {
    post_action(std::move(request), std::move(reply));
  });
  server.route("POST", "/v1/events", [this](Request request, Reply reply) {
    ports_.door.post(std::move(request), std::move(reply));
  });
}

void Api::post_action(Request request, Reply reply) {
  if (!connectors::is_json(request.header("content-type")))
    return reply(error_response(415, "an action is sent as application/json"));
  Action action;
  const std::string problem = read_action(request.body, request.header("x-seat"),
                                          request.header("idempotency-key"), action);
  if (!problem.empty()) return reply(error_response(400, problem));
  const connectors::Rights& rights = *request.rights;
  std::string why = rights.refuse_sender(action.by);
  if (why.empty()) why = rights.vouch(action.by, std::string{action.vouched}, action.vouched);
  if (!why.empty()) return reply(error_response(403, why));
  if (auto refused = keys_.refuse(request, action.by, request.body))
    return reply(std::move(*refused));
  actions_.take(action, ports_.clock(), reply);
}

/// What people may say (city/steps.h), in which words, which items are for life, and who sits here.
std::string Api::steps_json() const {
  const auto codes = [](std::string& out, const auto& words) {
    append_json_array(out, [&](JsonElements& element) {
      for (const auto& word : words) element(word.code);
    });
  };
  std::string out = json_object([&](JsonMembers& member) {
    append_json_array(member("steps"), city::append_steps);
    codes(member("findings"), city::kFindings);
    codes(member("actions"), city::kActions);
    member("lifeItems", options_.life_items);
    member("seats", options_.seats);
    append_json_object(member("names"), [&](JsonMembers& name) {
      for (const auto& [id, text] : options_.names) name(id, text);
    });
  });
  return out + "\n";
}

std::string Api::health_json() {
  const Health health = ports_.health();
  const std::lock_guard lock{mutex_};
  return json_object([&](JsonMembers& member) {
    member("city", health.city);
    member("build", health.build);
    member("clock", health.clock);
    member("speed", health.speed);
    member("simulated", health.simulated);
    member("exercise", health.exercise);
    member("lagMs", health.lag.count());
    member("lagging", health.lagging);
    member("departedMs", health.departed.count());
    member("standsMs", health.stands.count());
    member("problem", health.problem.empty() ? std::nullopt : std::optional{health.problem});
    member("healthy", health.healthy());
    member("setAside", health.set_aside);
    append_json_array(member("sources"), [&](JsonElements& element) {
      for (const SourceHealth& source : health.sources)
        append_json_object(element(), [&](JsonMembers& of_source) {
          of_source("name", source.name);
          of_source("lastSeen", source.last_seen);
          of_source("silent", source.silent);
        });
    });
    append_json_object(member("counters"), [&](JsonMembers& counter) {
      for (const auto& [name, value] : health.counters) counter(name, value);
    });
    append_json_object(member("board"), [&](JsonMembers& of_board) {
      of_board("problem", board_problem_.empty() ? std::nullopt : std::optional{board_problem_});
    });
  });
}

// ---- following the log --------------------------------------------------------------------------

void Api::start() {
  CHECK(!follower_.joinable());
  stopping_ = false;
  follower_ = std::thread{[this] { follow(); }};
}

void Api::stop() {
  if (!follower_.joinable()) return;
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  follower_.join();
}

void Api::follow() {
  auto next_health = std::chrono::steady_clock::now();
  while (true) {
    std::vector<Reader> joining;
    {
      std::unique_lock lock{mutex_};
      wake_.wait_for(lock, options_.poll_interval,
                     [this] { return stopping_ || !joining_.empty(); });
      if (stopping_) return;
      joining.swap(joining_);
    }
    const auto polled = ports_.board.poll(ports_.clocks());
    {
      const std::lock_guard lock{mutex_};
      board_problem_ = polled ? std::string{} : polled.error().what;
    }
    send_changes();
    for (Reader& reader : joining) greet(std::move(reader));

    const auto now = std::chrono::steady_clock::now();
    if (now < next_health && joining.empty()) continue;
    next_health = now + options_.health_interval;
    auto frames = std::make_shared<std::string>();
    append_frame(*frames, "health", "", health_json());
    append_frame(*frames, "counts", "", ports_.board.counts_json(ports_.clock()));
    send_all(std::move(frames));
  }
}

/// A new reader: what it missed, or the word to load the whole board.
void Api::greet(Reader reader) {
  auto frames = std::make_shared<std::string>();
  auto missed = reader.after ? ports_.board.changes_after(*reader.after) : std::nullopt;
  if (missed) {
    std::erase_if(*missed, [this](const auto& change) { return change.number > sent_; });
    append_changes(*frames, *missed);
  } else {
    append_frame(*frames, "reload", ports_.board.stream_id(sent_), "{}");
  }
  if (frames->empty() || reader.stream->send(std::move(frames)))
    readers_.push_back(std::move(reader.stream));
}

void Api::send_changes() {
  const auto changes = ports_.board.changes_after(sent_);
  sent_ = changes ? sent_ + changes->size() : ports_.board.last_change();
  if (changes && changes->empty()) return;
  auto frames = std::make_shared<std::string>();
  if (changes)
    append_changes(*frames, *changes);
  else
    append_frame(*frames, "reload", ports_.board.stream_id(sent_), "{}");
  send_all(std::move(frames));
}

void Api::send_all(std::shared_ptr<const std::string> frames) {
  std::erase_if(readers_, [&](const auto& reader) { return !reader->send(frames); });
}

void Api::append_changes(std::string& out, const std::vector<Board::Change>& changes) const {
  for (const Board::Change& change : changes)
    append_frame(out, change.kind, ports_.board.stream_id(change.number), *change.event);
}

void Api::add_metrics(const Board::Counters& board, const connectors::Door::Counters& door,
                      const connectors::HttpCounters& http, connectors::Snapshot& snapshot) {
  using connectors::Metric;
  const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
  for (const auto& [priority, open] : board.warnings_open)
    snapshot.set(Metric::warnings_open, {priority}, number(open));
  for (const auto& [key, raised] : board.warnings)
    snapshot.set(Metric::warnings, {key.first, key.second}, number(raised));
  for (const auto& [priority, made] : board.orders)
    snapshot.set(Metric::orders, {priority}, number(made));
  for (const auto& [state, open] : board.orders_open)
    snapshot.set(Metric::orders_open, {state}, number(open));
  for (const auto& [priority, overdue] : board.orders_overdue)
    snapshot.set(Metric::orders_overdue, {priority}, number(overdue));
  snapshot.set(Metric::warnings_shelved, number(board.shelved));
  snapshot.set(Metric::flood, board.flood ? 1 : 0);
  snapshot.set(Metric::feedback_rejected, number(board.rejected));
  for (const auto& [origin, count] : board.dead_letters)
    snapshot.set(Metric::dead_letters, {origin}, number(count));
  const auto hidden = [&](const char* kind, const std::map<std::string, std::uint64_t>& counts) {
    for (const auto& [what, count] : counts)
      snapshot.set(Metric::board_hidden, {kind, what}, number(count));
  };
  hidden("warnings", board.warnings_hidden);
  hidden("orders", board.orders_hidden);
  hidden("complaints", board.receipts_hidden);
  hidden("matters", board.matters_hidden);
  snapshot.set(Metric::board_dropped, {"warnings"}, number(board.dropped_warnings));
  snapshot.set(Metric::board_dropped, {"orders"}, number(board.dropped_orders));
  snapshot.set(Metric::board_dropped, {"complaints"}, number(board.dropped_receipts));
  snapshot.set(Metric::board_dropped, {"matters"}, number(board.dropped_matters));
  snapshot.set(Metric::board_dropped, {"timelines"}, number(board.dropped_timelines));
  snapshot.set(Metric::board_dropped, {"notices"}, number(board.void_notices));
  snapshot.set(Metric::board_dropped, {"unreadable"}, number(board.unreadable));
  for (const auto& topic : door.topics)
    snapshot.set(Metric::events_received, {std::string{topic.name}}, number(topic.received));
  snapshot.set(Metric::events_rejected, {"http"}, number(door.rejected));
  for (std::size_t i = 1; i < 6; ++i)
    snapshot.set(Metric::http_requests, {std::to_string(i) + "xx"}, number(http.answered[i]));
  snapshot.set(Metric::http_connections, number(http.connections));
  snapshot.set(Metric::http_streams, number(http.streams));
  snapshot.set(Metric::http_streams_dropped, number(http.dropped_streams));
  for (std::size_t i = 0; i < http.refused.size(); ++i)
    snapshot.set(Metric::http_refused, {std::string{connectors::kRefusals[i]}},
                 number(http.refused[i]));
}

}  // namespace app
