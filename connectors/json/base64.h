#pragma once

// Base64 as CloudEvents use it for data that is no text of its format (RFC 4648, section 4). Any
// thread.

#include <optional>
#include <string>
#include <string_view>

namespace connectors {

/// Nothing for what is no base64: another alphabet, wrong or missing padding, bits left over.
std::optional<std::string> base64_decoded(std::string_view text);

/// An event whose data came in `data_base64`, with what that holds in `data` instead: nothing of it
/// is left where nobody would look for what is personal.
std::string with_data(std::string_view event, std::string_view data);

}  // namespace connectors
