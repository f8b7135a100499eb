#pragma once

// Wording: why a rule fired (or came near, or ended), in words that a duty officer and a court
// understand: the rule's own sentence with the values that decided; where it has none, one made of
// its title and kind. What is not known is said to be unknown: words never hold a warning up. Used
// by Detect for each conclusion and by the doors' advance notice; one thread.

#include <string_view>
#include <vector>

#include "operators/city/conclusion.h"
#include "operators/duty/active_list.h"
#include "operators/duty/calendar.h"
#include "operators/rules/rulebook.h"
#include "operators/see/watch.h"

namespace see {

/// Of a conclusion, what is not in it.
struct Decision {
  std::string_view entity;
  streams::Time at{};                          // when it was made: an event's time, or a due moment
  const city::Evidence* decided = nullptr;     // the event of `when` that it rests on, or null
  const std::vector<FactState>* facts = nullptr;  // what is kept of the entity, or null
};

class Wording {
 public:
  /// `read_raw`: how evidence is read again, or null: its values are then unknown.
  explicit Wording(cel::ReadRaw read_raw) : read_raw_(read_raw) {}

  /// The version "calendar": whose clocks times are told by. False: it could not be read.
  bool take(const streams::Version& calendar) { return calendar_.take(calendar); }

  city::Reason why(const rules::CompiledRule& rule, const rules::Rulebook& book,
                   const city::Conclusion& conclusion, const Decision& decision);
  /// Why nobody is sent: the record that permits what was seen.
  city::Reason permitted(const city::Evidence& permit, streams::Time now);

 private:
  using Pieces = std::vector<rules::CompiledSentence::Piece>;
  city::Text sentence(const rules::CompiledRule& rule, const rules::Rulebook& book,
                      const city::Conclusion& conclusion, const Decision& decision);
  void fill(const rules::CompiledRule& rule, const rules::Rulebook& book,
            const city::Conclusion& conclusion, const Decision& decision);
  std::string said(const Pieces& pieces, std::string city::Text::*language, streams::Time now);
  city::Text otherwise(const rules::Rule& rule, const city::Conclusion& conclusion,
                       streams::Time now) const;

  cel::ReadRaw read_raw_;
  city::ActiveList<city::Calendar> calendar_;
  std::vector<streams::Slot> variables_;
  cel::Arena arena_;
};

}  // namespace see
