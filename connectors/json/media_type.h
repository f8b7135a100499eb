#pragma once

// MediaType: a media type as RFC 9110 (8.3.1) writes it, of a header or of `datacontenttype`: type
// and subtype in any case, then parameters. Doors and the decoder ask it what they are given. Any
// thread.

#include <optional>
#include <string>
#include <string_view>

namespace connectors {

struct MediaType {
  std::string name;     // "application/cloudevents+json": in lower case
  std::string charset;  // in lower case; empty: none was named
  /// Text in what is always UTF-8 here, as JSON is.
  bool utf8() const { return charset.empty() || charset == "utf-8" || charset == "us-ascii"; }
};

/// Nothing for what is no media type.
std::optional<MediaType> parse_media_type(std::string_view text);

/// Whether that is JSON: application/json, text/json or anything that ends in +json, in UTF-8.
bool is_json(std::string_view media_type);

}  // namespace connectors
