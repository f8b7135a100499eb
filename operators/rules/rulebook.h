#pragma once

// Rulebook: the active packs, compiled: for every source the fields to extract and what to evaluate
// when one of its events arrives, in order (facts before rules, as declared). Made when a version
// becomes active, read by see/detect for every event. Immutable; any thread.

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "operators/rules/cel/cel.h"
#include "operators/rules/pack.h"
#include "operators/rules/sentence.h"
#include "streams/decoder.h"

namespace rules {

/// Only events of its source have what it reads.
struct CompiledClause {
  cel::Program program;
  std::size_t source;                                        // Rulebook::sources
  std::vector<std::pair<std::uint32_t, std::string>> reads;  // data slots, for evidence
  std::optional<cel::Program> lenient;  // asked where the program has no answer, if the rule may
};

struct CompiledFact {
  Fact fact;
  std::uint64_t semantics;
  CompiledClause when;
  std::optional<CompiledClause> value;
};

/// A rule's sentence, ready to be said: text, and programs whose values stand between.
struct CompiledSentence {
  struct Piece {
    std::string text;
    std::optional<CompiledClause> value;  // else `text`
    std::string field;                    // whose value it is, where the expression is but that
    ValueWords words;                     // of that field, as the pack has them
    bool is_deadline = false;             // `due`, and nothing more
  };
  std::vector<Piece> zh, en;
};

struct CompiledRule {
  Rule rule;
  std::string version;  // of its pack
  std::uint64_t semantics;
  CompiledClause when;
  std::vector<CompiledClause> clear, ends, steps, cancel;  // beside rule.clear and so on
  std::optional<CompiledClause> due, priority;
  struct Cite {
    std::size_t fact;
    CompiledClause when;
  };
  std::vector<Cite> cites, permits;
  CompiledSentence because;  // empty: the rule has none
  /// Something is to be asked of the event that `when` saw.
  bool speaks() const { return priority.has_value() || !cites.empty() || !permits.empty(); }
};

/// One evaluation that an event of a source asks for.
struct Duty {
  enum class Role { fact, when, clear, ends, step, cancel };
  Role role;
  std::size_t index;     // of the rule or fact
  std::size_t part = 0;  // which clear, step, …
  const CompiledClause* clause = nullptr;
  bool holds = false;  // of a hold: that it is not so matters too
};

/// Where evaluation finds what: the event's own, what a decision has, three slots a fact, then the
/// fields of `data`.
inline constexpr std::uint32_t kTimeSlot = 0;
inline constexpr std::uint32_t kSubjectSlot = 1;
inline constexpr std::uint32_t kFirstFactSlot = 7;
/// Only in sentences: kTimeSlot and kSubjectSlot are followed by one for each circumstance.
constexpr std::uint32_t slot_of(Circumstance::What what) {
  return 2 + static_cast<std::uint32_t>(what);
}
static_assert(2 + std::size(kCircumstances) == kFirstFactSlot);
inline constexpr std::uint32_t kFactSlots = 3;  // age, value, time

/// Always the first field of a camera alert: trust is kept per rule and device.
inline constexpr std::string_view kDeviceField = "device";
/// Always the first fields of a permit change: which record a correction names.
inline constexpr std::array<std::string_view, 3> kRecordFields{"record", "no", "action"};
inline constexpr std::size_t kActionField = 2;
inline constexpr std::string_view kPermitTopic = "permit.changes";
inline constexpr std::string_view kCorrected = "corrected";  // an action that replaces a record

struct Source {
  std::string topic;
  std::string type;
  std::vector<std::string> paths;  // of `data`, in slot order
  std::vector<Duty> duties;
  bool reads_facts = false;
};

class Rulebook {
 public:
  /// All packs together; each sees its own facts and fields only. What is wrong is added to
  /// `problems`; a rule with a problem is left out. What may not be meant is added to `doubts`.
  /// `read_raw`: how expressions look into arrays and objects, or null.
  static std::unique_ptr<Rulebook> compile(const std::vector<Pack>& packs, cel::ReadRaw read_raw,
                                           std::vector<Problem>& problems,
                                           std::vector<Problem>* doubts = nullptr);

  const Source* source_of_type(std::string_view type) const {
    for (const Source& source : sources_)
      if (source.type == type) return &source;
    return nullptr;
  }
  const std::vector<Source>& sources() const { return sources_; }
  const std::vector<std::unique_ptr<CompiledRule>>& rules() const { return rules_; }
  const std::vector<std::unique_ptr<CompiledFact>>& facts() const { return facts_; }
  const CompiledRule* rule_with(std::uint64_t semantics) const;
  std::uint32_t first_data_slot() const { return first_data_slot_; }
  std::vector<streams::FieldList> fields() const;

 private:
  friend class RulebookCompiler;
  std::vector<Source> sources_;
  std::vector<std::unique_ptr<CompiledRule>> rules_;
  std::vector<std::unique_ptr<CompiledFact>> facts_;
  std::uint32_t first_data_slot_ = kFirstFactSlot;
};

}  // namespace rules
