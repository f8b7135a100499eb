#pragma once

// What the readers of a city's lists have in common: a text in two languages, a span of time, names
// of units and seats. Any thread.

#include <optional>
#include <string_view>

#include "operators/city/text.h"
#include "operators/duty/calendar.h"
#include "operators/duty/reference.h"
#include "operators/yaml/document.h"
#include "operators/yaml/mapping.h"

namespace city {

inline constexpr std::string_view kSpanForm =
    "a duration such as 30m, 2h or 15d, or working days such as 5wd";

/// {zh: …, en: …}; empty after a complaint. `examples` are those of the sentence.
Text read_two_languages(yaml::Mapping& map, std::string_view key, const Text& example);

/// Longer than nothing.
std::optional<Span> read_span(yaml::Mapping& map, std::string_view key);
/// The same, but nothing is legal too.
std::optional<Span> read_span_or_zero(yaml::Mapping& map, std::string_view key);

/// A list of names, each noted as a reference.
std::vector<std::string> read_references(yaml::Mapping& map, std::string_view key, Reference::To to,
                                         References& references);

/// A file through its reader: the list, or all that is wrong with it.
template <class List, class Read>
streams::Result<List> read_file_of(std::string_view text, const std::string& file, Read read) {
  List list;
  yaml::Problems problems{file};
  const yaml::Document document = yaml::Document::read(text, problems);
  if (document.root() != nullptr) read(*document.root(), list, problems);
  if (problems.all.empty()) return list;
  return yaml::refusal(std::move(problems.all));
}

}  // namespace city
