#pragma once

// Sentence: what a rule says of its decision, split into text and the expressions between braces.
// "停在{data.floor}层" is text, data.floor, text; {{ and }} are braces as such. Used by rulebook
// when a pack is loaded, and for each conclusion by see/wording.

#include <optional>
#include <string>
#include <vector>

#include "operators/rules/pack.h"

namespace rules {

inline constexpr std::size_t kSentenceBytes = 600;
inline constexpr std::size_t kSentenceValues = 12;

/// Text as it is, or (`is_value`) an expression and where it stands.
struct SentencePart {
  std::string text;
  bool is_value = false;
  Place place;
  std::size_t offset = 0;  // in the sentence, in bytes
};

/// What is wrong is added to `problems`.
std::vector<SentencePart> split(const Clause& sentence, const std::string& file,
                                std::vector<Problem>& problems);

/// Values that only the rule's own decision has; `name` as expressions write it.
struct Circumstance {
  enum class What { held, count, within, due, since };
  What what;
  std::string_view name;
};
inline constexpr Circumstance kCircumstances[] = {{Circumstance::What::held, "held"},
                                                  {Circumstance::What::count, "count"},
                                                  {Circumstance::What::within, "within"},
                                                  {Circumstance::What::due, "due"},
                                                  {Circumstance::What::since, "since"}};
/// Whether a rule of that kind has it.
bool has(const Rule& rule, Circumstance::What what);

}  // namespace rules
