#pragma once

// LawList: which findings are which behaviour before the law: whether it is minor, how long an
// earlier one counts, by when it has to be corrected, what a second one costs, on which articles
// that rests. The content of the version "law" (deploy/city/<city>/law.yaml), read by
// respond/matters when it becomes active; immutable after that.

#include <string>
#include <string_view>
#include <vector>

#include "operators/city/text.h"
#include "operators/duty/reference.h"
#include "streams/result.h"
#include "streams/time.h"

namespace city {

inline constexpr std::string_view kLawVersion = "law";

struct Behaviour {
  std::string name;  // "street.goods_beyond_door"
  Text title;
  std::vector<std::string> rules, items;  // whose violation it is
  bool minor = false;                     // the first one may be exempt
  streams::Duration window{};             // in which an earlier one counts
  streams::Duration correct{};            // from the notice to correct it
  Text fine;                              // what becomes of a second one
  std::vector<std::string> sources;
};

class LawList {
 public:
  /// Names no behaviour: no matter opens.
  LawList() = default;
  /// An error names `file`, line, column and what is wrong there.
  static streams::Result<LawList> parse(std::string_view yaml, const std::string& file);

  const Behaviour* behaviour(std::string_view name) const;
  /// Those that name one of the rules; where none does, those that name the item.
  std::vector<const Behaviour*> of(const std::vector<std::string>& rules,
                                   std::string_view item) const;
  const std::vector<Behaviour>& behaviours() const { return behaviours_; }
  const References& references() const { return references_; }

  /// From a device's public notice until what it sees may support a penalty.
  streams::Duration notice() const { return notice_; }
  /// From a case's filing to its decision, and from that to its service.
  streams::Duration decide() const { return decide_; }
  streams::Duration serve() const { return serve_; }

 private:
  friend class LawReader;

  References references_;
  std::vector<Behaviour> behaviours_;
  streams::Duration notice_ = std::chrono::hours{24 * 30};
  streams::Duration decide_ = std::chrono::hours{24 * 90};
  streams::Duration serve_ = std::chrono::hours{24 * 7};
};

}  // namespace city
