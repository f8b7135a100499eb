#pragma once

// TextTemplate: "elevator/{unit_id}": text with the names of columns in braces, replaced by a
// row's cells. Part of an adapter (csv_adapter.h); immutable, any thread. There is no way to write
// a brace that stays.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "streams/slot.h"

namespace connectors {

class TextTemplate {
 public:
  TextTemplate() = default;
  /// `problem` gets a sentence if a brace is not closed or names no column.
  TextTemplate(std::string_view text, std::span<const std::string> columns, std::string& problem);

  /// `cells`: a text slot for each column.
  std::string fill(std::span<const streams::Slot> cells) const;
  bool empty() const { return parts_.empty(); }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;
  struct Part {
    std::string text;
    std::size_t column = kNone;  // whose cell comes after the text
  };
  std::vector<Part> parts_;
};

}  // namespace connectors
