#pragma once

// HotlineList: what the hotlines go by: words by which a receipt is labelled without keeping its
// text, and what becomes of a receipt whose matter nobody can place. The content of the version
// "hotline" (deploy/city/<city>/hotline.yaml), read by respond/receipts when it becomes active;
// immutable after that.

#include <string>
#include <string_view>
#include <vector>

#include "operators/city/conclusion.h"
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

class HotlineList {
 public:
  /// Labels nothing and leaves what is unplaced to nobody.
  HotlineList() = default;
  /// An error names `file`, line, column and what is wrong there.
  static streams::Result<HotlineList> parse(std::string_view yaml, const std::string& file);

  /// In the order of the list.
  std::vector<std::string> labels_of(std::string_view text) const;
  /// The first that matches, or null.
  const UnplacedRule* unplaced(std::string_view kind, const std::vector<std::string>& labels) const;

 private:
  struct Label {
    std::string name;
    std::vector<std::string> words;
  };
  std::vector<Label> labels_;
  std::vector<UnplacedRule> unplaced_;
};

}  // namespace city
