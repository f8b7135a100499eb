#pragma once

// BinaryEvent: an event whose attributes came as headers and whose data is the body (CloudEvents'
// binary mode, over HTTP and on Kafka), written as the structured JSON that everything else reads.
// Any thread.

#include <string>
#include <string_view>

namespace connectors {

class BinaryEvent {
 public:
  /// `name` without its prefix; headers know text only, so `exercise` becomes what it says.
  void attribute(std::string_view name, std::string_view value);
  /// The event; `data` is JSON, or empty for none.
  std::string finish(std::string_view content_type, std::string_view data);

 private:
  void name(std::string_view name);
  std::string json_ = "{";
};

}  // namespace connectors
