// What a session writes: answers, files, and streams of events.

#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>

#include "connectors/http/session.h"

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

}  // namespace

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
  const bool empty = response.status == 204;
  const auto fill = [&](auto& message) {
    if (!empty) message.set(http::field::content_type, response.type);
    set_common(message);
    message.set(http::field::cache_control, "no-store");  // most of it is about somebody
    for (const auto& [name, value] : response.headers) message.set(name, value);
    if (!empty) message.content_length(response.body.size());
  };
  const auto status = static_cast<http::status>(response.status);
  if (head_.without_body || empty) {
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
  if (head_.without_body) {
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
        keep_alive ? self->wait() : self->leave();
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
    state_->count(Refusal::streams);
    return answer(error_response(503, "too many event streams are open"));
  }
  if (head_.without_body) return answer({.type = "text/event-stream"});
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
  head_.route->stream(std::move(head_.request), shared_from_this());
}

/// A reader of a stream sends nothing: whatever comes, or the end, ends the session.
void Session::watch_reader() {
  stream_.async_read_some(
      asio::buffer(unread_),
      [self = shared_from_this()](beast::error_code, std::size_t) { self->close(); });
}

bool Session::send(std::shared_ptr<const std::string> frames) {
  const FrameQueue::Put put = frames_.put(std::move(frames), state_->limits.stream_queue_bytes);
  if (put == FrameQueue::Put::ended) return false;
  if (put == FrameQueue::Put::overflowed) ++state_->dropped_streams;
  asio::post(state_->io, [self = shared_from_this()] { self->write_frames(); });
  return true;
}

void Session::write_frames() {
  if (step_ != Step::streaming) return;
  if (writing_frames_) return frames_.ended() ? close() : void();
  const FrameQueue::Frames next = frames_.take();
  if (next == nullptr) return frames_.ended() ? close() : void();
  writing_frames_ = true;
  stream_.expires_after(state_->limits.write_time);
  const auto chunk = http::make_chunk(asio::buffer(*next));
  asio::async_write(stream_, chunk,
                    [self = shared_from_this(), next](beast::error_code failed, std::size_t) {
                      self->writing_frames_ = false;
                      self->frames_.written(next->size());
                      if (failed == beast::error::timeout) ++self->state_->dropped_streams;
                      failed ? self->close() : self->write_frames();
                    });
}

}  // namespace connectors
