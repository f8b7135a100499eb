#pragma once

// Picture: a JPEG or a PNG without what a camera writes beside the picture: where it was taken,
// with which device, by whom, comments, a second picture behind the end. What decides how it looks
// stays: colours, and which side is up. When it was taken is read first. Called by Photos; any
// thread.

#include <optional>
#include <string>
#include <string_view>

namespace app {

struct Picture {
  std::string bytes;     // without position
  std::string taken_at;  // as the camera wrote it, RFC 3339 but for an offset that it did not know
};

/// Nothing where its parts can't be told from each other: then nobody knows what is in it.
std::optional<Picture> bare_jpeg(std::string_view bytes);
std::optional<Picture> bare_png(std::string_view bytes);

}  // namespace app
