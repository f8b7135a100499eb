#pragma once

// AdvanceNotice: life at risk told by the doors, before the engine gets to the event. It runs those
// match rules that one event decides and that make a P1: what asks for facts, counts or waits is
// the engine's. A notice is the warning as it will be raised, with the same id, revision 0; it is
// void when the engine does not confirm it, and no order comes of it. Remembers, bounded and for
// this process alone, which episodes it has told of. One thread; the Kafka forwarder's.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operators/judge/priority.h"
#include "operators/see/reading.h"
#include "operators/see/wording.h"
#include "streams/log.h"
#include "streams/version.h"

namespace operators {

class AdvanceNotice {
 public:
  static constexpr std::string_view kTopic = "warnings.urgent";

  /// `versions`: of the city; what is no rule pack is passed over, and so is a pack that can't be
  /// read: `rules check` says why.
  /// `late`: whether the engine leaves out signals that come too late, as a city's does.
  enum class Late { left_out, taken };
  AdvanceNotice(std::string city, const std::vector<streams::Version>& versions,
                cel::ReadRaw read_raw, Late late = Late::left_out);

  /// What the decoder has to extract of an event.
  std::vector<streams::FieldList> fields() const { return book_->fields(); }

  /// Whether a rule makes a P1 of the event, told of before or not.
  bool is_life(const streams::Event& event);

  /// The notices that the event asks for; mostly none.
  std::vector<streams::Append> of(const streams::Event& event);

 private:
  /// Each entity that the event may be about: its own, and what a complaint names.
  template <class Tell>
  void for_each_entity(const streams::Event& event, const Tell& tell) const;
  std::optional<city::Prioritized> life(const rules::Duty& duty);
  void tell(const streams::Event& event, std::string_view entity, const rules::Source& source,
            std::vector<streams::Append>& notices);
  bool is_new(const rules::CompiledRule& rule, std::uint64_t episode, streams::Time now);
  streams::Append notice(const rules::CompiledRule& rule, std::string_view entity,
                         std::vector<city::Reason> reasons);

  const std::string city_;
  const Late late_;
  std::unique_ptr<const rules::Rulebook> book_;
  see::Reading reading_;
  see::Wording wording_;
  std::map<std::uint64_t, streams::Time> told_;  // by rule and entity: its last match
};

}  // namespace operators
