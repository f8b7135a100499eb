#pragma once

// text_check: what is wrong with the characters of a file, before anybody reads it as YAML: what
// can't be seen (control characters, byte order marks, directions of writing), is no UTF-8, or is
// read differently by different readers (tabs, directives). Called by Document.

#include <string>
#include <string_view>

#include "operators/yaml/problem.h"

namespace yaml {

/// The text with what was complained about replaced, so that the rest can still be read at its
/// place.
std::string check_text(std::string_view text, Problems& problems);

/// Other than the end of a line and a tab; also those that turn the direction of text.
bool has_control_characters(std::string_view text);

}  // namespace yaml
