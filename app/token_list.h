#pragma once

// token_list: tokens.yaml, which says who may send and read what (README of connectors/http, "Who
// may"): read whole, or refused with each problem's place. Followed while the city runs; one that
// can't be read leaves the rights as they were, and says so. Also here: the key under which
// complainants are known. Any thread.

#include "app/commands.h"
#include "connectors/http/pseudonym.h"
#include "connectors/http/tokens.h"

namespace app {

streams::Result<std::vector<connectors::Tokens::Entry>> read_token_list(const std::string& path);

connectors::Tokens::Newer follow_token_list(std::string path,
                                            std::function<void(const std::string&)> say);

/// The key of --complainant-key-file, or of the data directory, where it is made once.
streams::Result<connectors::Pseudonym> pseudonym_of(const RunOptions& options);

}  // namespace app
