#pragma once

// ContentCoding: bodies that come compressed (RFC 9110, 8.4): gzip and deflate, taken apart within
// a bound, so that a small body cannot become a large one. Called by Session once a body is there.

#include <cstdint>
#include <string>
#include <string_view>

namespace connectors {

/// As it stands in `Accept-Encoding` of a 415.
inline constexpr const char* kCodings = "gzip, deflate";

enum class Coding { identity, gzip, deflate, unknown };
/// Of a header's value: one coding, in any case.
Coding coding_of(std::string_view content_encoding);

enum class Inflated { good, broken, too_long };
/// Replaces `body` by what it holds, `most_bytes` at most.
Inflated inflate(Coding coding, std::string& body, std::uint64_t most_bytes);

}  // namespace connectors
