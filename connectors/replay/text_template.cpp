#include "connectors/replay/text_template.h"

#include <algorithm>

namespace connectors {

TextTemplate::TextTemplate(std::string_view text, std::span<const std::string> columns,
                           std::string& problem) {
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    parts_.push_back({std::string{text.substr(0, open)}, kNone});
    text.remove_prefix(open);
    if (text.empty()) return;
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) {
      problem = "a brace is opened and not closed";
      return;
    }
    const std::string_view name = text.substr(1, close - 1);
    const auto column = std::find(columns.begin(), columns.end(), name);
    if (column == columns.end()) {
      problem = "there is no column '" + std::string{name} + "'; columns are:";
      for (const std::string& known : columns) problem += " " + known;
      return;
    }
    parts_.back().column = static_cast<std::size_t>(column - columns.begin());
    text.remove_prefix(close + 1);
  }
}

std::string TextTemplate::fill(std::span<const streams::Slot> cells) const {
  std::string text;
  for (const Part& part : parts_) {
    text += part.text;
    if (part.column != kNone) text += cells[part.column].view();
  }
  return text;
}

}  // namespace connectors
