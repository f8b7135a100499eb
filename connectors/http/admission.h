#pragma once

// Admission: whether a door may take more than it has, and what it takes all the same. The door
// asks once for each request; where it may not, it asks for each event. Used on the server's
// thread; app/load_admission.h is the city's.

#include <chrono>
#include <optional>
#include <string_view>

namespace connectors {

class Admission {
 public:
  virtual ~Admission() = default;

  /// Nothing: a request of so many bytes is taken whole. Else when its sender should come again.
  virtual std::optional<std::chrono::seconds> refusal(std::size_t bytes) = 0;

  /// Of a refused request: whether this event is taken all the same. `bytes` are followed by
  /// Decoder::kPadding readable ones. It is counted.
  virtual bool passes(std::string_view bytes) = 0;

  /// So many events went on to the log: of a request of so many bytes that was taken whole, or (0)
  /// of one that was refused.
  virtual void took(std::size_t events, std::size_t bytes) = 0;
};

}  // namespace connectors
