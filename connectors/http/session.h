#pragma once

// Session: one connection: reads a request, lets its handler answer, writes the answer, and again;
// or becomes an event stream until the reader leaves. Lives as long as an operation of it is under
// way, or as someone holds its stream. The server's thread, but for EventStream::send.

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include "connectors/http/frame_queue.h"
#include "connectors/http/request_head.h"
#include "connectors/http/server_state.h"

namespace connectors {

class Session : public EventStream, public std::enable_shared_from_this<Session> {
 public:
  using Protocol = boost::asio::generic::stream_protocol;  // TCP, or local to this machine
  /// `address`: as Callers knows it; empty: of this machine, through a socket in a directory.
  Session(Protocol::socket socket, std::shared_ptr<ServerState> state, std::string address);

  void start();
  /// No further request; what is being answered is finished.
  void stop();
  void close();

  const std::string& address() const { return address_; }
  /// Somebody who has shown a token, or whose connections have no bound of their own.
  bool known() const { return known_; }
  /// Since when it has been waited for a request; nothing once the head of one is there.
  std::optional<Callers::Clock::time_point> idle_since() const {
    const bool idle = step_ == Step::waiting || (step_ == Step::reading && !has_head_);
    return idle ? std::optional{since_} : std::nullopt;
  }

  bool send(std::shared_ptr<const std::string> frames) override;

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Message = boost::beast::http::message_generator;
  enum class Step { waiting, reading, answering, writing, leaving, streaming, closed };

  void wait();
  void skip_line_breaks();  // in front of a request (RFC 9112, 2.2)
  void read();
  void on_header(boost::beast::error_code failed);
  void read_body();
  void on_request(boost::beast::error_code failed);
  void dispatch();
  void answer(Response response);
  void answer_file(const StaticFiles::File& file);
  void refuse(int status, std::string_view sentence);  // with the body unread: closes after it
  void write(Message message, int status, bool keep_alive);
  void leave();
  void discard();

  std::optional<Response> refused_caller();
  std::chrono::milliseconds wait_of(const Response& no);
  bool inflate_body();
  bool admit_body();
  std::string too_long() const;
  void watch_caller();
  void end_request();
  template <class Response>
  void set_common(Response& response) const;

  void begin_stream();
  void watch_reader();
  void write_frames();

  boost::beast::basic_stream<Protocol> stream_;
  std::shared_ptr<ServerState> state_;
  std::uint64_t number_ = 0;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  boost::asio::steady_timer answer_timer_;
  const std::string address_;
  bool trusted_proxy_ = false;
  bool known_ = false;
  Callers::Clock::time_point since_{};
  Step step_ = Step::waiting;
  bool has_head_ = false;  // of the request that is being read
  std::uint64_t turn_ = 0;  // of requests: an answer to an earlier one is ignored
  RequestHead head_;
  std::string caller_;  // whose request: its address, or what a trusted proxy says of it
  bool counted_ = false;  // among the requests of its caller
  std::shared_ptr<std::atomic<bool>> left_;
  bool keep_alive_ = false;
  std::uint64_t body_limit_ = 0;  // of this request
  bool uploading_ = false;

  FrameQueue frames_;
  bool writing_frames_ = false;
  char unread_[4096] = {};
};

}  // namespace connectors
