#pragma once

// A blocking HTTP client for tests, on the same Beast: one request a connection, or a stream read
// frame by frame.

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <map>
#include <string>

namespace test {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using Headers = std::map<std::string, std::string>;

struct Answer {
  int status = 0;
  std::string body;
  http::fields headers;
};

inline asio::ip::tcp::socket connected(asio::io_context& io, std::uint16_t port) {
  asio::ip::tcp::socket socket{io};
  socket.connect({asio::ip::make_address("127.0.0.1"), port});
  return socket;
}

inline Answer send(std::uint16_t port, http::verb verb, const std::string& path,
                   const std::string& body = "", const Headers& headers = {}) {
  asio::io_context io;
  auto socket = connected(io, port);
  http::request<http::string_body> request{verb, path, 11};
  request.set(http::field::host, "127.0.0.1:" + std::to_string(port));
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = body;
  request.prepare_payload();
  boost::beast::error_code ignored;  // a server may refuse before it has read all
  http::write(socket, request, ignored);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(64 << 20);
  if (verb == http::verb::head) parser.skip(true);
  http::read(socket, buffer, parser);
  return {static_cast<int>(parser.get().result_int()), parser.get().body(), parser.get()};
}

inline Answer get(std::uint16_t port, const std::string& path, const Headers& headers = {}) {
  return send(port, http::verb::get, path, "", headers);
}
inline Answer post(std::uint16_t port, const std::string& path, const std::string& type,
                   const std::string& body, Headers headers = {}) {
  headers["Content-Type"] = type;
  return send(port, http::verb::post, path, body, headers);
}

/// A stream of server-sent events: `read_until` gives all text up to and with `mark`.
class StreamReader {
 public:
  StreamReader(std::uint16_t port, const std::string& path, const std::string& last_id = "")
      : socket_(connected(io_, port)) {
    http::request<http::empty_body> request{http::verb::get, path, 11};
    request.set(http::field::host, "127.0.0.1");
    if (!last_id.empty()) request.set("Last-Event-ID", last_id);
    http::write(socket_, request);
  }
  std::string read_until(const std::string& mark) {
    while (text_.find(mark) == std::string::npos) {
      char bytes[4096];
      boost::beast::error_code failed;
      const std::size_t size = socket_.read_some(asio::buffer(bytes), failed);
      if (failed) return text_ + "<closed>";
      text_.append(bytes, size);
    }
    return text_;
  }

 private:
  asio::io_context io_;
  asio::ip::tcp::socket socket_;
  std::string text_;
};

}  // namespace test
