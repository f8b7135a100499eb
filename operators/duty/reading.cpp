#include "operators/duty/reading.h"

namespace city {

Text read_two_languages(yaml::Mapping& map, std::string_view key, const Text& example) {
  const yaml::Node* node = map.required(key, "{zh: " + example.zh + ", en: " + example.en + "}");
  if (node == nullptr) return {};
  yaml::Mapping languages{*node, "a text in two languages", map.problems()};
  return {languages.required_text("zh", example.zh), languages.required_text("en", example.en)};
}

std::optional<Span> read_span(yaml::Mapping& map, std::string_view key) {
  const auto parse = [](const std::string& text) {
    const std::optional<Span> span = Span::parse(text);
    return span && span->length() > streams::Duration::zero() ? span : std::nullopt;
  };
  return map.value(key, parse, std::string{kSpanForm} + ", longer than nothing");
}

std::optional<Span> read_span_or_zero(yaml::Mapping& map, std::string_view key) {
  return map.value(
      key, [](const std::string& text) { return Span::parse(text); }, kSpanForm);
}

std::vector<std::string> read_references(yaml::Mapping& map, std::string_view key, Reference::To to,
                                         References& references) {
  map.each(key, [&](const yaml::Node& node) {
    if (node.is_scalar()) references.push_back({to, node.text, node.place});
  });
  return map.texts(key);
}

}  // namespace city
