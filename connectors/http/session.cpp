#include "connectors/http/session.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>

#include "connectors/http/content_coding.h"
#include "streams/hash.h"
#include "streams/printable.h"

namespace connectors {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr unsigned kHttp11 = 11;

/// Bytes that are none of HTTP, other than those that end before they are whole.
bool broken(beast::error_code failed) {
  return failed && failed.category() == make_error_code(http::error::bad_method).category() &&
         failed != http::error::end_of_stream && failed != http::error::partial_message;
}

}  // namespace

Session::Session(Protocol::socket socket, std::shared_ptr<ServerState> state, std::string address)
    : stream_(std::move(socket)),
      state_(std::move(state)),
      answer_timer_(state_->io),
      address_(std::move(address)),
      trusted_proxy_(state_->trusted_proxies.contains(address_)),
      known_(address_.empty() || trusted_proxy_) {}

void Session::start() {
  ++state_->connections;
  state_->callers.enter(address_);
  if (!known_) ++state_->anonymous;
  number_ = ++state_->last_session;
  state_->sessions[number_] = weak_from_this();
  wait();
}

void Session::stop() {
  keep_alive_ = false;
  if (step_ != Step::answering && step_ != Step::writing) close();
}

void Session::close() {
  if (step_ == Step::closed) return;
  end_request();
  if (step_ == Step::streaming) --state_->streams;
  step_ = Step::closed;
  answer_timer_.cancel();
  frames_.end();
  beast::error_code ignored;
  stream_.socket().shutdown(asio::socket_base::shutdown_both, ignored);
  stream_.close();
  --state_->connections;
  state_->callers.leave(address_);
  if (!known_) --state_->anonymous;
  state_->sessions.erase(number_);
  if (state_->sessions.empty() && state_->on_idle) state_->on_idle();
}

// ---- requests -----------------------------------------------------------------------------------

/// For the first byte of a request.
void Session::wait() {
  constexpr std::size_t kFirstBytes = 4096;
  const bool first = turn_ == 0;
  step_ = Step::waiting;
  ++turn_;
  end_request();
  since_ = Callers::Clock::now();
  if (buffer_.size() > 0) return read();
  stream_.expires_after(first ? state_->limits.first_byte_time : state_->limits.idle_time);
  stream_.async_read_some(
      buffer_.prepare(kFirstBytes),
      [self = shared_from_this(), first](beast::error_code failed, std::size_t size) {
        if (self->step_ == Step::closed) return;
        if (failed == beast::error::timeout && first) self->state_->count(Refusal::slow);
        if (failed) return self->close();
        self->buffer_.commit(size);
        self->read();
      });
}

void Session::skip_line_breaks() {
  const auto bytes = buffer_.data();
  const std::string_view text{static_cast<const char*>(bytes.data()), bytes.size()};
  std::size_t breaks = 0;
  while (text.substr(breaks).starts_with("\r\n")) breaks += 2;
  buffer_.consume(breaks);
}

void Session::read() {
  step_ = Step::reading;
  has_head_ = false;
  skip_line_breaks();
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
  has_head_ = true;
  if (failed == http::error::header_limit) return refuse(431, "the request's headers are too long");
  if (failed == http::error::body_limit) return refuse(413, too_long());
  if (failed == http::error::bad_version) return refuse(505, "this server speaks HTTP/1.1");
  if (broken(failed)) return refuse(400, "this is not an HTTP/1.1 request: " + failed.message());
  if (failed == beast::error::timeout) state_->count(Refusal::slow);
  if (failed) return close();
  keep_alive_ = parser_->get().keep_alive() && !state_->stopping;
  if (auto no = head_.take(parser_->get(), *state_)) {
    keep_alive_ = keep_alive_ && no->status == 204 && parser_->is_done();
    return answer(std::move(*no));
  }
  caller_ = trusted_proxy_ ? head_.forwarded_for() : std::string{};
  if (caller_.empty()) caller_ = address_;
  if (auto no = refused_caller()) {
    keep_alive_ = false;
    const std::chrono::milliseconds wait = wait_of(*no);
    if (wait.count() == 0) return answer(std::move(*no));
    step_ = Step::answering;
    stream_.expires_never();
    answer_timer_.expires_after(wait);
    answer_timer_.async_wait(
        [self = shared_from_this(), no = std::move(*no)](beast::error_code cancelled) mutable {
          if (!cancelled && self->step_ == Step::answering) self->answer(std::move(no));
        });
    return;
  }
  if (!admit_body()) return;
  const std::string_view expected = head_.request.header("expect");
  if (beast::iequals(expected, "100-continue")) {
    auto go_on =
        std::make_shared<http::response<http::empty_body>>(http::status::continue_, kHttp11);
    http::async_write(stream_, *go_on,
                      [self = shared_from_this(), go_on](beast::error_code bad, std::size_t) {
                        bad ? self->close() : self->read_body();
                      });
    return;
  }
  if (!expected.empty()) return refuse(417, "nothing but 'Expect: 100-continue' can be expected");
  read_body();
}

/// Whose requests are refused before they are read: nothing, or the answer.
std::optional<Response> Session::refused_caller() {
  std::optional<Response> no = head_.forbidden(*state_);
  const std::string_view authorization = head_.request.header("authorization");
  if (no && no->status == 401) {
    state_->count(authorization.empty() ? Refusal::no_token : Refusal::wrong_token);
    return no;
  }
  if (no) return no;
  const bool shown =
      state_->tokens && head_.route != nullptr && head_.route->access == Access::token;
  if (shown) state_->callers.right_token(caller_);
  if (shown && !known_) {
    known_ = true;
    --state_->anonymous;
  }
  if (!trusted_proxy_) return std::nullopt;
  if (shown) caller_ = "token " + std::to_string(streams::hash64(authorization));
  if (state_->callers.count(caller_) >= state_->limits.address_connections) {
    state_->count(Refusal::address);
    Response busy = error_response(429, "too many requests of this caller are under way");
    busy.headers.emplace_back("Retry-After", "1");
    return busy;
  }
  state_->callers.enter(caller_);
  counted_ = true;
  return std::nullopt;
}

/// How long an answer waits: a wrong token's, twice as long each time.
std::chrono::milliseconds Session::wait_of(const Response& no) {
  if (no.status != 401 || head_.request.header("authorization").empty()) return {};
  const Callers::Wrong wrong = state_->callers.wrong_token(caller_);
  if ((wrong.times & (wrong.times - 1)) == 0)  // 1, 2, 4, 8, …
    state_->say("a wrong token came from " + streams::printable(caller_) + " for " +
                streams::printable(head_.request.path) + ", " + std::to_string(wrong.times) +
                " in a row");
  return wrong.wait;
}

/// How long the body may be, and whether it is wanted at all; answers itself and returns false
/// where it is not.
bool Session::admit_body() {
  const bool upload = head_.route != nullptr && head_.route->admit;
  const ServerLimits& limits = state_->limits;
  body_limit_ = upload ? limits.upload_bytes : limits.body_bytes;
  const auto length = parser_->content_length();
  if (length && *length > body_limit_) return refuse(413, too_long()), false;
  parser_->body_limit(body_limit_);
  const Coding coding = coding_of(head_.request.header("content-encoding"));
  if (coding == Coding::unknown || (upload && coding != Coding::identity)) {
    Response no = error_response(415, upload ? "a picture is sent as it is, not compressed"
                                             : "Content-Encoding is gzip or deflate, or none");
    no.headers.emplace_back("Accept-Encoding", upload ? "identity" : kCodings);
    keep_alive_ = false;
    return answer(std::move(no)), false;
  }
  if (!upload) return true;
  if (auto no = head_.route->admit(head_.request)) {
    keep_alive_ = false;
    return answer(std::move(*no)), false;
  }
  if (length && *length <= limits.body_bytes) return true;
  if (state_->uploads >= limits.uploads) {
    state_->count(Refusal::uploads);
    return refuse(503, "too many uploads are under way: send it again later"), false;
  }
  ++state_->uploads;
  uploading_ = true;
  return true;
}

/// Gives back what the request held.
void Session::end_request() {
  if (uploading_) --state_->uploads;
  if (counted_) state_->callers.leave(caller_);
  uploading_ = counted_ = false;
  if (left_) *left_ = true;
  left_.reset();
}

std::string Session::too_long() const {
  return "the body is longer than " + std::to_string(body_limit_) + " bytes: send smaller batches";
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
  if (broken(failed)) return refuse(400, "the body is not as HTTP/1.1 has it: " + failed.message());
  if (failed == beast::error::timeout) state_->count(Refusal::slow);
  if (failed) return close();
  head_.request.body = std::move(parser_->get().body());
  if (inflate_body()) dispatch();
}

/// Takes a compressed body apart; answers itself and returns false where that can't be done.
bool Session::inflate_body() {
  const Coding coding = coding_of(head_.request.header("content-encoding"));
  switch (inflate(coding, head_.request.body, body_limit_)) {
    case Inflated::good: return true;
    case Inflated::too_long: return refuse(413, too_long()), false;
    case Inflated::broken: break;
  }
  return refuse(400, "the body is not what its Content-Encoding says"), false;
}

void Session::dispatch() {
  stream_.expires_never();
  step_ = Step::answering;
  if (head_.file != nullptr) return answer_file(*head_.file);
  if (head_.route->stream) return begin_stream();

  if (head_.request.method == "GET") watch_caller();
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
  const std::string what = head_.request.method + " " + head_.request.path;
  try {
    head_.route->handler(std::move(head_.request), reply);
  } catch (const std::exception& e) {  // a broken invariant, which is this request's alone
    state_->say(what + " could not be answered: " + e.what());
    reply(error_response(500, "this request could not be answered, for a fault of the program: "
                              "its log says which"));
  }
}

/// Lets the handler see that its caller has hung up. Who has only ended what it sends gets its
/// answer still, and it comes at once.
void Session::watch_caller() {
  left_ = std::make_shared<std::atomic<bool>>(false);
  head_.request.left = left_;
  stream_.socket().async_wait(
      asio::socket_base::wait_read,
      [self = shared_from_this(), turn = turn_](beast::error_code failed) {
        if (failed || self->turn_ != turn || self->step_ != Step::answering || !self->left_) return;
        char next = 0;
        const auto size = ::recv(self->stream_.socket().native_handle(), &next, 1,
                                 MSG_PEEK | MSG_DONTWAIT);
        if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) *self->left_ = true;
      });
}

}  // namespace connectors
