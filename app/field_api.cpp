#include "app/field_api.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/field_action.h"
#include "app/files.h"
#include "connectors/json/json_reader.h"

namespace app {

using connectors::error_response;
using connectors::Reply;
using connectors::Request;
using connectors::Response;
using streams::json_object;
using streams::JsonMembers;

namespace {

constexpr double kHours = 24, kMostHours = 168;
constexpr std::size_t kMostActionBytes = 64 << 10;

constexpr std::string_view kEndPage =
    R"(<!doctype html>
<html lang="zh-CN">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>烽火</title>
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/tokens.css">
  <link rel="stylesheet" href="/phone/phone.css">
</head>
<body><main class="end"><h1>{}</h1><p lang="en">{}</p></main></body>
</html>
)";

/// Who may make a link: a named seat.
bool is_seat(std::string_view by) {
  constexpr std::string_view kSeat = "seat/";
  return by.starts_with(kSeat) && by.size() > kSeat.size();
}

Response end_page(int status, const city::Text& why) {
  return {.status = status,
          .body = fmt::format(kEndPage, why.zh, why.en),
          .type = "text/html; charset=utf-8"};
}

Response ended(const city::Reason& why, int status = 410) {
  std::string body = json_object([&](JsonMembers& member) {
    member("error", why.en);
    member("reason", why);
  });
  return {.status = status, .body = body + "\n"};
}

Response not_here_yet() {
  Response response = error_response(503, "the board has not read this order yet: ask again");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace

/// A link that was made here, and what stands behind it.
struct FieldApi::Opened {
  FieldLink link;
  CityClock clock;
  std::optional<Board::OrderRecord> order;
  std::optional<city::Reason> end;
};

FieldApi::FieldApi(Ports ports, Options options, connectors::Signer signer)
    : ports_(std::move(ports)),
      options_(std::move(options)),
      signer_(std::move(signer)),
      actions_(ports_.commits, options_.city, options_.partitions),
      photos_({.directory = options_.photos}) {}

void FieldApi::add_routes(connectors::Server& server) {
  server.route("POST", "/api/links",
               [this](const Request& request, const Reply& reply) { make_link(request, reply); });
  server.route("POST", "/api/links/revoke", [this](const Request& request, const Reply& reply) {
    revoke_links(request, reply);
  });
  server.route("GET", "/api/photos/", [this](const Request& request, const Reply& reply) {
    const std::size_t slash = request.tail.find('/');
    const std::string order = request.tail.substr(0, slash);
    if (slash == request.tail.npos) return photos_.list(order, reply);
    photos_.get(order, request.tail.substr(slash + 1), reply);
  });
  // The token in the path is what opens it.
  const auto take = [this](Request request, const Reply& reply) {
    answer(std::move(request), reply);
  };
  server.route("GET", "/m/", take, connectors::Access::open);
  server.upload(
      "/m/", take, [this](const Request& request) { return refusal(request); },
      connectors::Access::open);
}

/// Before the body of a POST is read: nobody without a link sends megabytes here.
std::optional<Response> FieldApi::refusal(const Request& request) const {
  const std::string_view tail = request.tail;
  if (!read_token(tail.substr(0, tail.find('/')), signer_))
    return error_response(403, "this link is not valid");
  return std::nullopt;
}

struct FieldApi::Asked {
  std::string order, unit, by, reason;
  std::optional<double> hours;
  std::optional<Board::OrderRecord> known;
  static constexpr auto fields() {
    using A = Asked;
    return std::tuple{field("order", &A::order), field("unit", &A::unit), field("by", &A::by),
                      field("reason", &A::reason), field("hours", &A::hours)};
  }
};

/// What a seat asks for about the links of an order; or the answer, where it may not or can't.
std::optional<Response> FieldApi::read(const Request& request, Asked& asked) const {
  if (!request.header("content-type").starts_with("application/json"))
    return error_response(415, "a link is asked for as application/json");
  std::string where;
  connectors::SimdJsonReader reader{request.body};
  if (!read_json(reader, asked, where))
    return error_response(400, "the body is {\"order\": …, \"unit\": …, \"hours\": …}" +
                                   (where.empty() ? "" : ", and '" + where + "' is not"));
  const std::string by{request.header("x-seat").empty() ? asked.by : request.header("x-seat")};
  if (!is_seat(by) || (!asked.by.empty() && asked.by != by))
    return error_response(400, "who asks for it? Name the seat in header X-Seat, as in seat/3");
  if (const std::string why = request.rights->refuse_sender(by); !why.empty())
    return error_response(403, why);
  asked.by = by;
  asked.known = ports_.board.order(asked.order);
  if (!asked.known)
    return error_response(404, "there is no order '" + asked.order + "' on the board");
  return std::nullopt;
}

void FieldApi::make_link(const Request& request, const Reply& reply) {
  Asked asked;
  if (auto no = read(request, asked)) return reply(std::move(*no));
  const double hours = asked.hours.value_or(kHours);
  if (!(hours > 0 && hours <= kMostHours))
    return reply(
        error_response(400, fmt::format("'hours' is more than 0 and at most {}", kMostHours)));
  const Time now = ports_.clock().now;
  const auto length = std::chrono::seconds{static_cast<std::int64_t>(hours * 3600)};
  const FieldLink link{asked.order, asked.unit,
                       std::chrono::floor<std::chrono::seconds>(now) + length, now};
  const OrderView& order = asked.known->view;
  if (!order.open())
    return reply(error_response(409, "the order has ended: nobody has anything to answer"));
  if (const auto end = end_of(link, &order, now)) return reply(ended(*end, 409));
  options_.say(fmt::format("link: {} lets {} answer {} until {}", asked.by, link.unit, link.order,
                           streams::format_time(link.expires)));
  std::string body = json_object([&](JsonMembers& member) {
    member("path", "/m/" + token_of(link, signer_));
    member("expires", link.expires);
  });
  actions_.take(link_action(asked, "link_given"), now, {.status = 201, .body = body + "\n"}, reply);
}

void FieldApi::revoke_links(const Request& request, const Reply& reply) {
  Asked asked;
  if (auto no = read(request, asked)) return reply(std::move(*no));
  if (asked.unit.empty()) return reply(error_response(400, "'unit' says whose links end"));
  const Time now = ports_.clock().now;
  options_.say(fmt::format("link: {} takes back those of {} for {}", asked.by, asked.unit,
                           asked.order));
  std::string body = json_object([&](JsonMembers& member) { member("revoked", now); });
  actions_.take(link_action(asked, "link_revoked"), now, {.status = 202, .body = body + "\n"},
                reply);
}

Action FieldApi::link_action(const Asked& asked, std::string_view step) {
  Action action;
  action.subject = asked.known->view.entity;
  action.by = asked.by;
  action.exercise = is_drill(*asked.known);
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    action.members += ',';
    streams::append_json_text(action.members, name);
    action.members += ':';
    streams::append_json_text(action.members, value);
  };
  add("step", step);
  add("order", asked.order);
  add("to", asked.unit);
  add("reason", asked.reason);
  return action;
}

void FieldApi::answer(Request request, const Reply& reply) {
  if (request.method == "GET" && request.tail == "worker.js")
    return reply(file("worker.js", "text/javascript; charset=utf-8"));
  const std::size_t slash = request.tail.find('/');
  const std::string what = slash == request.tail.npos ? "" : request.tail.substr(slash);
  std::optional<FieldLink> link =
      read_token(std::string_view{request.tail}.substr(0, slash), signer_);
  if (!link)
    return reply(what.empty() ? end_page(403, {"此链接无效。", "This link is not valid."})
                              : error_response(403, "this link is not valid"));
  Opened opened{std::move(*link), ports_.clock(), {}, {}};
  opened.order = ports_.board.order(opened.link.order);
  opened.end = end_of(opened.link, opened.order ? &opened.order->view : nullptr, opened.clock.now);
  const std::string asked = request.method + " " + what;
  if (asked == "GET ") return reply(page(opened));
  if (opened.end) return reply(ended(*opened.end));
  if (asked == "GET /order") return reply(order(opened));
  if (asked == "POST /actions") return act(request, opened, reply);
  constexpr std::string_view kPhoto = "GET /photos/";
  if (asked.starts_with(kPhoto))
    return photos_.get(opened.link.order, asked.substr(kPhoto.size()), reply);
  if (asked == "POST /photos") {
    if (!opened.order) return reply(not_here_yet());
    return photos_.keep(opened.link.order, std::move(request.body), reply);
  }
  reply(error_response(404, "a link has no '" + what + "' to " + request.method));
}

Response FieldApi::page(const Opened& opened) const {
  if (opened.end) return end_page(410, {opened.end->zh, opened.end->en});
  return file("index.html", "text/html; charset=utf-8");
}

Response FieldApi::file(const std::string& name, std::string type) const {
  streams::Result<std::string> text = read_file(options_.screen + "/" + name);
  if (!text) return error_response(500, "the page is gone");
  return {.body = std::move(*text), .type = std::move(type)};
}

Response FieldApi::order(const Opened& opened) const {
  if (!opened.order) return not_here_yet();
  return {.body = field_order_json(opened.link, *opened.order, opened.clock) + "\n"};
}

void FieldApi::act(const Request& request, const Opened& opened, const Reply& reply) {
  if (!opened.order) return reply(not_here_yet());
  if (!request.header("content-type").starts_with("application/json"))
    return reply(error_response(415, "a step is sent as application/json"));
  if (request.body.size() > kMostActionBytes)
    return reply(
        error_response(413, fmt::format("a step is at most {} bytes long", kMostActionBytes)));
  FieldAction read;
  const std::string problem =
      read_field_action(request.body, opened.link, opened.order->view.entity,
                        request.header("idempotency-key"), read);
  if (!problem.empty()) return reply(error_response(400, problem));
  // When it was pressed, but not before there was an order to press for.
  Time at = opened.clock.now - std::chrono::duration_cast<streams::Duration>(
                                   read.ago * std::max(opened.clock.speed, 0.0));
  if (const auto& history = opened.order->view.history; !history.empty() && history.front().at)
    at = std::min(opened.clock.now, std::max(at, *history.front().at));
  read.action.exercise = is_drill(*opened.order);
  actions_.take(read.action, at, reply);
}

}  // namespace app
