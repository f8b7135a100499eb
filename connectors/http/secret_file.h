#pragma once

// SecretFile: a secret that a person or a program has put into a file: one text, without the blanks
// around it. Nobody but its owner may read it. Read at start by Tokens and Signer; never logged.

#include <string>
#include <string_view>

#include "streams/result.h"

namespace connectors {

/// `what`: "token", in sentences. An error names the file and what is wrong with it.
streams::Result<std::string> read_secret(const std::string& path, std::string_view what,
                                         std::size_t shortest);

}  // namespace connectors
