#pragma once

// Codes: numbers as registers and devices write them: padded, and shaped like a unified social
// credit code. Shared by whatever makes the city's facts. Any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace simulate {

inline std::string padded(std::uint64_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

/// Shaped like a unified social credit code (GB 32100), without its check character.
inline std::string credit_code(std::string_view adcode, std::string_view kind,
                               std::uint64_t number) {
  return "91" + std::string{adcode} + "MA1" + std::string{kind} + padded(number, 6);
}

}  // namespace simulate
