#include "connectors/http/local_client.h"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "connectors/http/local_endpoint.h"

namespace connectors {

namespace http = boost::beast::http;
using Socket = boost::asio::local::stream_protocol::socket;

namespace {

constexpr unsigned kHttp11 = 11;
constexpr std::uint64_t kMostBytes = 64 << 20;  // of an answer

}  // namespace

struct LocalClient::Connection {
  boost::asio::io_context io{1};
  Socket socket{io};
  boost::beast::flat_buffer buffer;
};

LocalClient::LocalClient(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}
LocalClient::LocalClient(LocalClient&&) noexcept = default;
LocalClient::~LocalClient() = default;

std::optional<LocalClient> LocalClient::connect(const std::string& directory) {
  const streams::Result<LocalEndpoint> at = LocalEndpoint::in(directory);
  if (!at) return std::nullopt;
  auto connection = std::make_unique<Connection>();
  boost::system::error_code failed;
  connection->socket.connect(at->address(), failed);
  if (failed) return std::nullopt;
  return LocalClient{std::move(connection)};
}

streams::Result<Response> LocalClient::ask(const Request& request) {
  http::request<http::string_body> message{http::string_to_verb(request.method), request.path,
                                           kHttp11};
  message.set(http::field::host, "localhost");
  for (const auto& [name, value] : request.headers) message.set(name, value);
  message.body() = request.body;
  message.prepare_payload();
  boost::system::error_code failed;
  http::write(connection_->socket, message, failed);
  http::response_parser<http::string_body> answer;
  answer.body_limit(kMostBytes);
  if (!failed) http::read(connection_->socket, connection_->buffer, answer, failed);
  if (failed)
    return streams::Error{streams::Error::Kind::retry,
                          "the process that has the directory open ended before it answered (" +
                              failed.message() + "): try again"};
  return Response{.status = static_cast<int>(answer.get().result_int()),
                  .body = std::move(answer.get().body())};
}

}  // namespace connectors
