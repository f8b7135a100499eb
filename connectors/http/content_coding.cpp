#include "connectors/http/content_coding.h"

#include <zlib.h>

#include <algorithm>

#include "connectors/http/target.h"

namespace connectors {
namespace {

constexpr int kWindow = 15;
constexpr int kGzip = 16;      // zlib: a gzip header is expected
constexpr std::size_t kStep = 64 << 10;

/// One stream after another, as gzip allows; `window` says which form they have.
Inflated inflate_all(int window, std::string_view from, std::string& to, std::uint64_t most) {
  z_stream stream{};
  if (inflateInit2(&stream, window) != Z_OK) return Inflated::broken;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(from.data()));
  stream.avail_in = static_cast<uInt>(from.size());
  to.clear();
  Inflated result = Inflated::good;
  while (true) {
    const std::size_t had = to.size();
    to.resize(had + kStep);
    stream.next_out = reinterpret_cast<Bytef*>(to.data() + had);
    stream.avail_out = static_cast<uInt>(kStep);
    const int state = ::inflate(&stream, Z_NO_FLUSH);
    to.resize(had + kStep - stream.avail_out);
    if (to.size() > most) {
      result = Inflated::too_long;
      break;
    }
    if (state == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      if (window > kWindow && inflateReset(&stream) == Z_OK) continue;
    }
    if (state == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0)) continue;
    result = Inflated::broken;  // wrong bytes, or they end too early
    break;
  }
  inflateEnd(&stream);
  return result;
}

}  // namespace

Coding coding_of(std::string_view content_encoding) {
  const std::string name = lower_case(content_encoding);
  if (name.empty() || name == "identity") return Coding::identity;
  if (name == "gzip" || name == "x-gzip") return Coding::gzip;
  return name == "deflate" ? Coding::deflate : Coding::unknown;
}

Inflated inflate(Coding coding, std::string& body, std::uint64_t most_bytes) {
  if (coding == Coding::identity) return Inflated::good;
  std::string plain;
  Inflated result =
      inflate_all(coding == Coding::gzip ? kWindow + kGzip : kWindow, body, plain, most_bytes);
  // "deflate" has a zlib header; some senders leave it out.
  if (result == Inflated::broken && coding == Coding::deflate)
    result = inflate_all(-kWindow, body, plain, most_bytes);
  if (result == Inflated::good) body = std::move(plain);
  return result;
}

}  // namespace connectors
