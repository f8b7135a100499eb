#include "connectors/http/endpoint.h"

#include <boost/asio/ip/address.hpp>
#include <charconv>

namespace connectors {

streams::Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto error = [&](const char* why) {
    return streams::Error{streams::Error::Kind::usage, "'" + std::string{text} +
                                                           "' is no HOST:PORT: " + why +
                                                           "; write for example 127.0.0.1:8080"};
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return error("there is no colon");
  const std::string_view port = text.substr(colon + 1);
  std::string_view host = text.substr(0, colon);

  Endpoint endpoint;
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (failed != std::errc{} || end != port.data() + port.size())
    return error("the port is not a number from 0 to 65535");
  if (host.starts_with('[') != host.ends_with(']')) return error("a bracket is missing");
  if (host.starts_with('[')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return error("an IPv6 address stands in brackets");
  }
  if (host.empty() || host == "localhost") return endpoint;

  boost::system::error_code bad;
  const auto address = boost::asio::ip::make_address(host, bad);
  if (bad) return error("the host is neither an address nor localhost");
  endpoint.host = address.to_string();
  endpoint.loopback = address.is_loopback();
  return endpoint;
}

}  // namespace connectors
