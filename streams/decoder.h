#pragma once

// The Decoder port: bytes of one structured CloudEvent become an Event with slots. connectors/json
// makes it on simdjson. A decoder belongs to one task and its thread; it is told once which fields
// of which type to extract, and again whenever another rule pack becomes active.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "streams/event.h"
#include "streams/json.h"

namespace streams {

/// Why bytes could not become an event: kept with them in `dead.letters`.
struct Reject {
  std::string reason;        // a sentence a person can act on
  std::size_t position = 0;  // byte offset, where known
};

/// Paths below `data` ("mode", "position.lon"), in slot order, for one CloudEvents type.
struct FieldList {
  std::string type;
  std::vector<std::string> paths;
};

class Decoder {
 public:
  virtual ~Decoder() = default;

  virtual void extract(const std::vector<FieldList>& fields) = 0;

  /// `bytes` are followed by at least kPadding readable bytes. On success `event` is filled; its
  /// views live until the next call.
  virtual std::optional<Reject> decode(std::string_view bytes, Event& event) = 0;

  /// A cursor over JSON text (an event's data); valid until the next call of any function here.
  virtual JsonReader& read(std::string_view json) = 0;

  static constexpr std::size_t kPadding = 64;
};

/// One for each task.
using MakeDecoder = std::function<std::unique_ptr<Decoder>()>;

}  // namespace streams
