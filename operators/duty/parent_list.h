#pragma once

// ParentList: which warnings are only a consequence of another one (从属预警) and are shown under
// it instead of being dispatched on their own: of one entity, while a warning of some other rule
// stands; of a place, once so many of what stands in it have the same. The content of the version
// "parents" (deploy/city/<city>/parents.yaml), read by judge when it becomes active; immutable
// after that.

#include <string>
#include <string_view>
#include <vector>

#include "operators/city/conclusion.h"
#include "operators/duty/reference.h"
#include "streams/result.h"

namespace city {

inline constexpr std::string_view kParentsVersion = "parents";

/// While a warning of one of `parents` stands, the entity's warnings of `children` wait for its
/// end.
struct Covering {
  std::vector<std::string> parents, children;  // rules
};

/// So many of a place's entities with a warning of `children`, each begun within that time of the
/// others, are one warning of the place, and theirs wait for its end.
struct PlaceRule {
  std::string rule;
  Text title;
  std::string children;  // a rule
  int count = 3;
  streams::Duration within{};
  Consequence consequence = Consequence::order;
  std::string item;  // empty: nobody is sent
};

/// So many of a place are kept one by one until they are enough.
inline constexpr int kMaxAtPlace = 1000;

class ParentList {
 public:
  /// Nothing is a consequence of anything.
  ParentList() = default;
  /// An error names `file`, line, column and what is wrong there.
  static streams::Result<ParentList> parse(std::string_view yaml, const std::string& file);

  /// Whether the child's warning waits while the parent's stands on the same entity.
  bool covers(std::string_view parent, std::string_view child) const;
  /// Whether any waits for it on the same entity.
  bool is_parent(std::string_view rule) const;
  /// The rule of places that counts such warnings, or null.
  const PlaceRule* counting(std::string_view child) const;
  const PlaceRule* place(std::string_view rule) const;
  /// All rules whose warnings may wait, wherever they are named.
  const References& children() const { return children_; }
  /// What else it names.
  const References& references() const { return references_; }
  const std::vector<PlaceRule>& places() const { return places_; }

 private:
  friend class ParentReader;

  References references_, children_;
  std::vector<Covering> coverings_;
  std::vector<PlaceRule> places_;
};

}  // namespace city
