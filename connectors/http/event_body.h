#pragma once

// event_body: the events that a request brings, by CloudEvents' HTTP binding: one in its headers
// and body (binary mode), one as JSON (structured), many as a JSON array (batch); and one a line.
// Called by Door on the server's thread.

#include <string>
#include <string_view>
#include <vector>

#include "connectors/http/message.h"
#include "streams/decoder.h"

namespace connectors {

struct EventBody {
  std::vector<std::string> events{};  // structured JSON, each as it came but for binary mode
  bool batch = false;                 // an array: it may be empty
  int status = 0;                     // 400 or 415 where the body can't be taken apart; else 0
  std::string problem{};              // then: why
};

/// `decoder`: to walk over an array.
EventBody events_of(const Request& request, streams::Decoder& decoder);

}  // namespace connectors
