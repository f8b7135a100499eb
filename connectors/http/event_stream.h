#pragma once

// EventStream: one reader of server-sent events. Whoever has it sends whole frames, from any
// thread; what the reader's connection has not taken waits in a bounded queue, and a reader that
// lets it fill is dropped and counted: it comes back with Last-Event-ID. Made by the server for
// each GET of a stream.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "connectors/http/message.h"

namespace connectors {

class EventStream {
 public:
  virtual ~EventStream() = default;
  /// False: the reader has left or was dropped; nothing more reaches it.
  virtual bool send(std::shared_ptr<const std::string> frames) = 0;
};

using StreamHandler = std::function<void(Request, std::shared_ptr<EventStream>)>;

/// Appends one frame. `id` may be empty; line breaks in `data` (they are blank in JSON) become
/// spaces.
void append_frame(std::string& out, std::string_view event, std::string_view id,
                  std::string_view data);

}  // namespace connectors
