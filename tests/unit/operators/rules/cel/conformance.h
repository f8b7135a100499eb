#pragma once

// Conformance: the cases of the CEL specification, answered through the line interface and
// compared with what they want. Used by the conformance test and by a program that lists failures.

#include <simdjson.h>

#include <charconv>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include "connectors/json/cel_lines.h"

namespace conformance {

namespace dom = simdjson::dom;

/// A double, written in any way.
inline double number(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

inline bool same(const dom::element& want, const dom::element& got) {
  if (want.is_array()) {
    const dom::array a = want.get_array();
    const dom::array b = got.get_array();
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!same(a.at(i), b.at(i))) return false;
    }
    return true;
  }
  if (!want.is_object()) return simdjson::minify(want) == simdjson::minify(got);
  std::string_view type;
  if (want["type"].get(type) != simdjson::SUCCESS) return got["error"].is_string();
  if (got["type"].error() != simdjson::SUCCESS || got["type"].get_string().value() != type) {
    return false;
  }
  if (type != "double") return same(want["value"].value(), got["value"].value());
  return number(want["value"].get_string()) == number(got["value"].get_string());
}

struct Tally {
  int cases = 0;
  int passed = 0;
};

/// Runs all cases of a file; tells each failure by its name, what was wanted and what came.
inline Tally run(std::istream& file,
                 const std::function<void(std::string_view id, const std::string& got)>& failed) {
  Tally tally;
  for (std::string line; std::getline(file, line);) {
    dom::parser parser;
    dom::parser answer_parser;
    const dom::element one = parser.parse(line);
    const std::string answer = connectors::answer(line);
    const bool ok = same(one["want"], answer_parser.parse(answer));
    ++tally.cases;
    tally.passed += ok ? 1 : 0;
    if (!ok) failed(one["id"].get_string(), answer);
  }
  return tally;
}

}  // namespace conformance
