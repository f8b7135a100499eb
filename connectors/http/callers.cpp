#include "connectors/http/callers.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cstring>

#include "connectors/http/target.h"

namespace connectors {

namespace ip = boost::asio::ip;

namespace {

std::string subscriber(const ip::address& address) {
  if (address.is_v4()) return address.to_string();
  if (address.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, address.to_v6()).to_string();
  if (address.is_loopback()) return address.to_string();
  ip::address_v6::bytes_type bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return ip::address_v6{bytes}.to_string() + "/64";
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

std::string_view last_of(std::string_view list) {
  const std::size_t comma = list.rfind(',');
  return trimmed(comma == list.npos ? list : list.substr(comma + 1));
}

}  // namespace

Callers::Wrong Callers::wrong_token(const std::string& caller, Clock::time_point now) {
  const auto [it, added] = wrong_.try_emplace(caller);
  Tries& tries = it->second;
  if (now - tries.last > kForgotten) tries.times = 0;
  ++tries.times;
  tries.last = now;
  const Wrong wrong{
      std::min(kLongestWait, kFirstWait * (1 << std::min<std::size_t>(tries.times - 1, 10))),
      tries.times};
  if (added) {
    first_wrong_first_.push_back(caller);
    if (first_wrong_first_.size() > kMostWrong) {
      wrong_.erase(first_wrong_first_.front());
      first_wrong_first_.pop_front();
    }
  }
  return wrong;
}

std::string address_text(const void* address, std::size_t size) {
  sockaddr head{};
  if (size < sizeof head.sa_family) return {};
  std::memcpy(&head, address, std::min(size, sizeof head));
  if (head.sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof v4);
    return subscriber(ip::address_v4{ntohl(v4.sin_addr.s_addr)});
  }
  if (head.sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6;
    std::memcpy(&v6, address, sizeof v6);
    ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return subscriber(ip::address_v6{bytes});
  }
  return {};
}

std::string address_text(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') == text.npos ? text.npos : text.find(']') - 1);
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code bad;
  const ip::address address = ip::make_address(std::string{text}, bad);
  return bad ? std::string{} : subscriber(address);
}

std::string forwarded_for(std::string_view x_forwarded_for, std::string_view forwarded) {
  if (const std::string address = address_text(last_of(x_forwarded_for)); !address.empty())
    return address;
  std::string_view rest = last_of(forwarded);
  while (!rest.empty()) {
    const std::string_view one = trimmed(rest.substr(0, rest.find(';')));
    rest.remove_prefix(std::min(rest.find(';'), rest.size() - 1) + 1);
    if (lower_case(one.substr(0, 4)) != "for=") continue;
    std::string_view value = one.substr(4);
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
      value = value.substr(1, value.size() - 2);
    return address_text(value);
  }
  return {};
}

}  // namespace connectors
