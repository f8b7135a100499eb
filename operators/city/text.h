#pragma once

// Text: what a screen shows, Chinese first. Reason: why the software decided as it did, in words
// that a duty officer and a court understand, with a code that programs can count.

#include <string>

#include "streams/json.h"

namespace city {

using streams::field;

struct Text {
  std::string zh;
  std::string en;
  static constexpr auto fields() {
    return std::tuple{field("zh", &Text::zh), field("en", &Text::en)};
  }
  bool operator==(const Text&) const = default;
};

struct Reason {
  std::string code;  // "consequence.life": stable, never translated
  std::string zh;
  std::string en;
  static constexpr auto fields() {
    return std::tuple{field("code", &Reason::code), field("zh", &Reason::zh),
                      field("en", &Reason::en)};
  }
  bool operator==(const Reason&) const = default;
};

enum class Priority { P1, P2, P3, P4 };
constexpr auto names_of(Priority) {
  return std::array<std::string_view, 4>{"P1", "P2", "P3", "P4"};
}

/// What is at stake; it gives the band of the priority (domain, "Priority and screening").
enum class Consequence { life, safety, order, record };
constexpr auto names_of(Consequence) {
  return std::array<std::string_view, 4>{"life", "safety", "order", "record"};
}

}  // namespace city
