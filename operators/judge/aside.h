#pragma once

// Aside: what people are told of an entity that the engine had to set aside (streams/set_aside.h):
// a P1 of its own, because nothing else about the entity is judged, timed or dispatched until it is
// restored. It names why, and says again what came since: each complaint and each word of the
// field, of the rest the first and then twice as many each time. It reads and keeps no state of the
// entity: it ends when that is restored. After judge in the graph; one task's thread.

#include <string>

#include "operators/city/warning.h"
#include "streams/operator.h"
#include "streams/set_aside.h"

namespace city {

class Aside : public streams::Operator<Warning(streams::AsideNews)> {
 public:
  explicit Aside(std::string city) : city_(std::move(city)) {}
  void process(const streams::Record<streams::AsideNews>& in,
               streams::Emit<Warning>& out) override;

 private:
  const std::string city_;
};

}  // namespace city
