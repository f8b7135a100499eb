#pragma once

// HotlineList: what the hotlines go by: words by which a receipt is labelled without keeping its
// text, and what becomes of a receipt whose matter nobody can place. The content of the version
// "hotline" (deploy/city/<city>/hotline.yaml), read by respond/receipts when it becomes active;
// immutable after that. Also by when a receipt must be contacted, decided and answered, and which
// are proposed as one matter.

#include <string>
#include <string_view>
#include <vector>

#include "operators/city/conclusion.h"
#include "operators/duty/calendar.h"
#include "operators/duty/reference.h"
#include "streams/result.h"

namespace city {

inline constexpr std::string_view kHotlineVersion = "hotline";

/// Concluded at the receipt itself where its matter is not certain to be some entity's.
struct UnplacedRule {
  std::string label;               // empty: whatever it says
  std::vector<std::string> kinds;  // empty: of any kind
  std::string rule;                // the warning's
  Text title;
  Consequence consequence = Consequence::order;
  std::string item;  // empty: a person first has to find the place
};

/// A receipt's own time limits, whatever becomes of its order (办理时限).
struct ReceiptClock {
  std::vector<std::string> kinds;     // empty: of any kind
  std::vector<std::string> channels;  // empty: through any
  std::optional<Span> contact;        // the complainant is called (先行联系)
  std::optional<Span> decide;         // accepted or declined (受理或不予受理)
  Span reply = Span::of_working_days(5);
};

/// Which receipts are proposed as one matter: near by, and so many percent of their words the same.
struct AlikeNumbers {
  streams::Duration within{};
  int percent = 0;  // 0: none are
};

class HotlineList {
 public:
  /// Labels nothing and leaves what is unplaced to nobody.
  HotlineList() = default;
  /// An error names `file`, line, column and what is wrong there.
  static streams::Result<HotlineList> parse(std::string_view yaml, const std::string& file);

  /// In the order of the list.
  std::vector<std::string> labels_of(std::string_view text) const;
  /// The first that matches, or null. Of a kind that nobody said any may be meant.
  const UnplacedRule* unplaced(std::string_view kind, const std::vector<std::string>& labels) const;
  /// The first that matches, or one with the defaults above.
  const ReceiptClock& clock(std::string_view kind, std::string_view channel) const;
  /// Hours of service of the hotline's desk.
  const std::string& hours() const { return hours_; }
  /// To do it again after a dissatisfied revisit.
  const Span& redo() const { return redo_; }
  /// How much further an interim answer puts the next one.
  const Span& interim() const { return interim_; }
  const AlikeNumbers& alike() const { return alike_; }
  const std::vector<UnplacedRule>& unplaced() const { return unplaced_; }
  const References& references() const { return references_; }

 private:
  friend class HotlineReader;
  struct Label {
    std::string name;
    std::vector<std::string> words;
  };
  std::vector<Label> labels_;
  std::vector<UnplacedRule> unplaced_;
  std::vector<ReceiptClock> clocks_;
  std::string hours_{kAlways};
  Span redo_ = Span::of_working_days(3);
  Span interim_ = Span::of_working_days(5);
  AlikeNumbers alike_;
  References references_;
};

}  // namespace city
