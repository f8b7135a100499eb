#pragma once

// Session: one connection: reads a request, lets its handler answer, writes the answer, and again;
// or becomes an event stream until the reader leaves. Lives as long as an operation of it is under
// way, or as someone holds its stream. The server's thread, but for EventStream::send.

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <deque>
#include <mutex>

#include "connectors/http/server_state.h"

namespace connectors {

class Session : public EventStream, public std::enable_shared_from_this<Session> {
 public:
  using Protocol = boost::asio::generic::stream_protocol;  // TCP, or local to this machine
  Session(Protocol::socket socket, std::shared_ptr<ServerState> state);

  void start();
  /// No further request; what is being answered is finished.
  void stop();
  void close();

  bool send(std::shared_ptr<const std::string> frames) override;

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Message = boost::beast::http::message_generator;
  enum class Step { reading, answering, writing, leaving, streaming, closed };

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

  std::optional<Response> forbidden();
  bool take_target();
  bool admit_body();
  void end_upload();
  std::string too_long() const;
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
  Step step_ = Step::reading;
  std::uint64_t turn_ = 0;  // of requests: an answer to an earlier one is ignored
  Request request_;
  const Route* route_ = nullptr;
  const StaticFiles::File* file_ = nullptr;
  bool head_ = false;
  bool keep_alive_ = false;
  std::uint64_t body_limit_ = 0;  // of this request
  bool uploading_ = false;

  std::mutex frames_mutex_;  // guards the next three
  std::deque<std::shared_ptr<const std::string>> frames_;
  std::size_t frames_bytes_ = 0;
  bool ended_ = false;
  bool writing_frames_ = false;
  char unread_[4096] = {};
};

}  // namespace connectors
