#include "connectors/http/session.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <cctype>

namespace connectors {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr unsigned kHttp11 = 11;
constexpr std::chrono::seconds kLeaveTime{2};
/// The page loads nothing from elsewhere; a browser is held to it.
constexpr const char* kContentPolicy =
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return std::nullopt;
    out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
    i += 2;
  }
  return out;
}

/// "a=1&b=2", each decoded. A '+' is itself.
bool take_query(std::string_view query,
                std::vector<std::pair<std::string, std::string>>& parameters) {
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    const std::size_t equals = std::min(one.find('='), one.size());
    auto name = percent_decoded(one.substr(0, equals));
    auto value = percent_decoded(one.substr(std::min(equals + 1, one.size())));
    if (!name || !value) return false;
    if (!name->empty()) parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

std::string_view host_name(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

}  // namespace

Session::Session(Protocol::socket socket, std::shared_ptr<ServerState> state)
    : stream_(std::move(socket)), state_(std::move(state)), answer_timer_(state_->io) {}

void Session::start() {
  ++state_->connections;
  number_ = ++state_->last_session;
  state_->sessions[number_] = weak_from_this();
  read();
}

void Session::stop() {
  keep_alive_ = false;
  if (step_ == Step::reading || step_ == Step::leaving || step_ == Step::streaming) close();
}

void Session::close() {
  if (step_ == Step::closed) return;
  end_upload();
  if (step_ == Step::streaming) --state_->streams;
  step_ = Step::closed;
  answer_timer_.cancel();
  {
    const std::lock_guard lock{frames_mutex_};
    ended_ = true;
    frames_.clear();
    frames_bytes_ = 0;
  }
  beast::error_code ignored;
  stream_.socket().shutdown(asio::socket_base::shutdown_both, ignored);
  stream_.close();
  --state_->connections;
  state_->sessions.erase(number_);
  if (state_->sessions.empty() && state_->on_idle) state_->on_idle();
}

// ---- requests -----------------------------------------------------------------------------------

void Session::read() {
  step_ = Step::reading;
  ++turn_;
  end_upload();
  parser_.emplace();
  // Until the route is known; admit_body() looks again.
  body_limit_ = std::max(state_->limits.body_bytes, state_->limits.upload_bytes);
  parser_->body_limit(body_limit_);
  parser_->header_limit(state_->limits.header_bytes);
  stream_.expires_after(state_->limits.request_time);
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](beast::error_code failed, std::size_t) {
                            self->on_header(failed);
                          });
}

void Session::on_header(beast::error_code failed) {
  if (step_ == Step::closed) return;
  if (failed == http::error::header_limit) return refuse(431, "the request's headers are too long");
  if (failed == http::error::body_limit) return refuse(413, too_long());
  if (failed && failed.category() == make_error_code(http::error::bad_method).category() &&
      failed != http::error::end_of_stream && failed != http::error::partial_message)
    return refuse(400, "this is not an HTTP/1.1 request: " + failed.message());
  if (failed) return close();

  const auto& message = parser_->get();
  head_ = message.method() == http::verb::head;
  keep_alive_ = message.keep_alive() && !state_->stopping;
  request_ = {};
  request_.method = head_ ? "GET" : std::string{message.method_string()};
  for (const auto& header : message) {
    std::string name{header.name_string()};
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    request_.headers.emplace_back(std::move(name), header.value());
  }
  if (!take_target()) return;
  if (const auto no = forbidden()) {
    keep_alive_ = false;
    return answer(*no);
  }
  if (!admit_body()) return;
  if (beast::iequals(request_.header("expect"), "100-continue")) {
    auto go_on =
        std::make_shared<http::response<http::empty_body>>(http::status::continue_, kHttp11);
    http::async_write(stream_, *go_on,
                      [self = shared_from_this(), go_on](beast::error_code bad, std::size_t) {
                        bad ? self->close() : self->read_body();
                      });
    return;
  }
  read_body();
}

/// Finds the route or the file; answers itself and returns false where there is none.
bool Session::take_target() {
  const std::string_view target = parser_->get().target();
  auto path = percent_decoded(target.substr(0, target.find('?')));
  if (!path || !path->starts_with('/') || path->find('\0') != std::string::npos)
    return refuse(400, "the path of the request can't be read"), false;
  request_.path = std::move(*path);
  const std::size_t query = std::min(target.find('?'), target.size());
  if (!take_query(target.substr(std::min(query + 1, target.size())), request_.parameters))
    return refuse(400, "the query of the request can't be read"), false;
  route_ = nullptr;
  file_ = nullptr;
  if (const auto* methods = state_->find(request_.path, request_.tail)) {
    const auto it = methods->find(request_.method);
    if (it != methods->end()) {
      route_ = &it->second;
      return true;
    }
    return refuse(405,
                  request_.path + " takes " + methods->begin()->first + ", not " + request_.method),
           false;
  }
  if (request_.method == "GET" && state_->files) file_ = state_->files->find(request_.path);
  if (file_ == nullptr) return refuse(404, "there is nothing at " + request_.path), false;
  return true;
}

/// How long the body may be, and whether it is wanted at all; answers itself and returns false
/// where it is not.
bool Session::admit_body() {
  const bool upload = route_ != nullptr && route_->admit;
  const ServerLimits& limits = state_->limits;
  body_limit_ = upload ? limits.upload_bytes : limits.body_bytes;
  const auto length = parser_->content_length();
  if (length && *length > body_limit_) return refuse(413, too_long()), false;
  parser_->body_limit(body_limit_);
  if (!upload) return true;
  if (auto no = route_->admit(request_)) {
    keep_alive_ = false;
    return answer(std::move(*no)), false;
  }
  if (length && *length <= limits.body_bytes) return true;
  if (state_->uploads >= limits.uploads)
    return refuse(503, "too many uploads are under way: send it again later"), false;
  ++state_->uploads;
  uploading_ = true;
  return true;
}

void Session::end_upload() {
  if (uploading_) --state_->uploads;
  uploading_ = false;
}

std::string Session::too_long() const {
  return "the body is longer than " + std::to_string(body_limit_) + " bytes: send smaller batches";
}

/// Who may not: a caller without the token; and a foreign page in a browser on this machine, which
/// can send requests here but not choose their Host and Origin.
std::optional<Response> Session::forbidden() {
  const std::string_view host = request_.header("host");
  if (state_->tokens) {
    const bool open = file_ != nullptr || route_->access == Access::open;
    auto no = state_->tokens->refuse(request_.header("authorization"), request_.path,
                                     request_.rights);
    if (!open && no) return no;
  } else {
    const std::string_view name = host_name(host);
    if (!name.empty() && name != "localhost" && name != "127.0.0.1" && name != "[::1]")
      return error_response(403, "without a token this server answers to localhost only, not to '" +
                                     std::string{name} + "'");
  }
  const std::string_view origin = request_.header("origin");
  if (!origin.empty() && origin.substr(std::min(origin.find("//") + 2, origin.size())) != host)
    return error_response(403, "a page from elsewhere may not send requests here");
  return std::nullopt;
}

void Session::read_body() {
  if (step_ == Step::closed) return;
  stream_.expires_after(state_->limits.request_time);
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](beast::error_code failed, std::size_t) {
                     self->on_request(failed);
                   });
}

void Session::on_request(beast::error_code failed) {
  if (step_ == Step::closed) return;
  if (failed == http::error::body_limit) return refuse(413, too_long());
  if (failed) return close();
  request_.body = std::move(parser_->get().body());
  dispatch();
}

void Session::dispatch() {
  stream_.expires_never();
  step_ = Step::answering;
  if (file_ != nullptr) return answer_file(*file_);
  if (route_->stream) return begin_stream();

  const std::uint64_t turn = turn_;
  answer_timer_.expires_after(state_->limits.answer_time);
  answer_timer_.async_wait([self = shared_from_this(), turn](beast::error_code cancelled) {
    if (cancelled || self->turn_ != turn || self->step_ != Step::answering) return;
    self->keep_alive_ = false;
    self->answer(error_response(503,
                                "no answer in time: whether it took effect is not known; "
                                "sending it again with the same ids is safe"));
  });
  // The timer owns the session meanwhile: an answer that comes too late finds nobody.
  Reply reply = [state = state_, weak = weak_from_this(), turn](Response response) {
    asio::post(state->io, [weak, turn, response = std::move(response)]() mutable {
      const auto self = weak.lock();
      if (self && self->turn_ == turn && self->step_ == Step::answering)
        self->answer(std::move(response));
    });
  };
  route_->handler(std::move(request_), std::move(reply));
}

// ---- answers ------------------------------------------------------------------------------------

void Session::refuse(int status, std::string_view sentence) {
  keep_alive_ = false;
  answer(error_response(status, sentence));
}

template <class Response>
void Session::set_common(Response& message) const {
  message.keep_alive(keep_alive_);
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Content-Security-Policy", kContentPolicy);
  message.set("Referrer-Policy", "no-referrer");
}

void Session::answer(Response response) {
  answer_timer_.cancel();
  keep_alive_ = keep_alive_ && !state_->stopping;
  const auto fill = [&](auto& message) {
    message.set(http::field::content_type, response.type);
    set_common(message);
    message.set(http::field::cache_control, "no-store");  // most of it is about somebody
    for (const auto& [name, value] : response.headers) message.set(name, value);
    message.content_length(response.body.size());
  };
  const auto status = static_cast<http::status>(response.status);
  if (head_) {
    http::response<http::empty_body> message{status, kHttp11};
    fill(message);
    return write(std::move(message), response.status, keep_alive_);
  }
  http::response<http::string_body> message{status, kHttp11};
  fill(message);
  message.body() = std::move(response.body);
  write(std::move(message), response.status, keep_alive_);
}

void Session::answer_file(const StaticFiles::File& file) {
  beast::error_code failed;
  http::file_body::value_type body;
  body.open(file.path.c_str(), beast::file_mode::scan, failed);
  if (failed) return answer(error_response(404, "the file is gone"));
  const std::uint64_t size = body.size();
  const auto fill = [&](auto& message) {
    message.set(http::field::content_type, file.type);
    set_common(message);
    message.set(http::field::cache_control, "no-cache");
    message.content_length(size);
  };
  if (head_) {
    http::response<http::empty_body> message{http::status::ok, kHttp11};
    fill(message);
    return write(std::move(message), 200, keep_alive_);
  }
  http::response<http::file_body> message{http::status::ok, kHttp11};
  fill(message);
  message.body() = std::move(body);
  write(std::move(message), 200, keep_alive_);
}

void Session::write(Message message, int status, bool keep_alive) {
  step_ = Step::writing;
  ++state_->answered[static_cast<std::size_t>(std::clamp(status / 100, 1, 5))];
  stream_.expires_after(state_->limits.write_time);
  beast::async_write(
      stream_, std::move(message),
      [self = shared_from_this(), keep_alive](beast::error_code failed, std::size_t) {
        if (self->step_ == Step::closed) return;
        if (failed || self->state_->stopping) return self->close();
        keep_alive ? self->read() : self->leave();
      });
}

/// Closing with bytes unread would make the caller's side throw the answer away: tells it that no
/// more comes, and takes what it still sends until it has ended or kLeaveTime is over.
void Session::leave() {
  step_ = Step::leaving;
  beast::error_code failed;
  stream_.socket().shutdown(asio::socket_base::shutdown_send, failed);
  if (failed) return close();
  stream_.expires_after(kLeaveTime);
  discard();
}

void Session::discard() {
  stream_.async_read_some(asio::buffer(unread_),
                          [self = shared_from_this()](beast::error_code failed, std::size_t) {
                            failed ? self->close() : self->discard();
                          });
}

// ---- event streams ------------------------------------------------------------------------------

void Session::begin_stream() {
  if (state_->streams >= state_->limits.streams || state_->stopping) {
    keep_alive_ = false;
    return answer(error_response(503, "too many event streams are open"));
  }
  if (head_) return answer({.type = "text/event-stream"});
  step_ = Step::streaming;
  ++state_->streams;
  ++state_->answered[2];
  auto header = std::make_shared<http::response<http::empty_body>>(http::status::ok, kHttp11);
  keep_alive_ = false;
  set_common(*header);
  header->set(http::field::cache_control, "no-store");
  header->set(http::field::content_type, "text/event-stream");
  header->chunked(true);
  auto serializer = std::make_shared<http::response_serializer<http::empty_body>>(*header);
  writing_frames_ = true;
  watch_reader();
  stream_.expires_after(state_->limits.write_time);
  http::async_write_header(
      stream_, *serializer,
      [self = shared_from_this(), header, serializer](beast::error_code failed, std::size_t) {
        if (failed) return self->close();
        self->writing_frames_ = false;
        self->write_frames();
      });
  route_->stream(std::move(request_), shared_from_this());
}

/// A reader of a stream sends nothing: whatever comes, or the end, ends the session.
void Session::watch_reader() {
  stream_.async_read_some(
      asio::buffer(unread_),
      [self = shared_from_this()](beast::error_code, std::size_t) { self->close(); });
}

bool Session::send(std::shared_ptr<const std::string> frames) {
  {
    const std::lock_guard lock{frames_mutex_};
    if (ended_) return false;
    frames_bytes_ += frames->size();
    frames_.push_back(std::move(frames));
    if (frames_bytes_ > state_->limits.stream_queue_bytes) {
      ended_ = true;
      ++state_->dropped_streams;
    }
  }
  asio::post(state_->io, [self = shared_from_this()] { self->write_frames(); });
  return true;
}

void Session::write_frames() {
  if (step_ != Step::streaming || writing_frames_) {
    if (step_ == Step::streaming && ended_) close();
    return;
  }
  std::shared_ptr<const std::string> next;
  {
    const std::lock_guard lock{frames_mutex_};
    if (!ended_ && !frames_.empty()) {
      next = std::move(frames_.front());
      frames_.pop_front();
    }
  }
  if (next == nullptr) {
    if (ended_) close();
    return;
  }
  writing_frames_ = true;
  stream_.expires_after(state_->limits.write_time);
  const auto chunk = http::make_chunk(asio::buffer(*next));
  asio::async_write(stream_, chunk,
                    [self = shared_from_this(), next](beast::error_code failed, std::size_t) {
                      self->writing_frames_ = false;
                      {
                        const std::lock_guard lock{self->frames_mutex_};
                        self->frames_bytes_ -= std::min(self->frames_bytes_, next->size());
                      }
                      if (failed == beast::error::timeout) ++self->state_->dropped_streams;
                      failed ? self->close() : self->write_frames();
                    });
}

}  // namespace connectors
