#pragma once

// DutyList: who is on duty and by when what must be done: items with deadlines, levels of
// responders and ladders of supervision, seats, units by role and district, numbers of screening
// and priority. The content of the version named "duty" (deploy/city/<city>/duty.yaml), read by
// judge and respond when it becomes active; immutable after that. The hours of service that an item
// names are the calendar's.

#include <map>
#include <string>
#include <vector>

#include "operators/city/conclusion.h"
#include "operators/city/names.h"
#include "operators/duty/calendar.h"
#include "operators/duty/reference.h"
#include "streams/result.h"

namespace city {

inline constexpr std::string_view kDutyVersion = "duty";

/// Who is called at a level: `use_unit` and `maintenance_unit` come from the entity's registration,
/// every other role from `units` by district.
struct Role {
  std::string name;
  bool rescuer = false;  // of a life item: its acceptance and arrival count
};

struct Level {
  Span accept, arrive;
  std::vector<Role> responders;
};

/// 催办、督办、上报: after the finish deadline (urging also after those of acceptance and arrival),
/// in the item's hours of service.
struct Ladder {
  std::vector<int> remind{50, 75, 90};  // percent of the time until the finish deadline
  Span urge;
  Span supervise{std::chrono::hours{4}};
  Span reply{std::chrono::hours{24}};  // within which the leader owes an answer
  Span report{std::chrono::hours{24}};
};

/// An order of this item closes by itself when such a change of a record comes.
struct ClosingRecord {
  std::string record;  // "maintenance"
  std::vector<std::string> actions;
  std::string action;  // of the verdict: "maintained"
  bool closes_by(std::string_view change) const;
};

/// Of an item: each may add responders to an order, whose record is bounded.
inline constexpr std::size_t kMaxLevels = 8;
inline constexpr std::size_t kMaxRoles = 4;   // of a level
inline constexpr std::size_t kMaxUnits = 16;  // of a role in a district

struct Item {
  std::string name;
  Text title;
  std::string department;  // a role: gets what nobody else can be found for
  bool life = false;
  std::string hours{kAlways};  // of service: below P2 its clocks start when they open
  Span finish{std::chrono::hours{24}};
  Span return_window{std::chrono::hours{2}};
  std::vector<Level> levels;  // level 1 first
  Ladder ladder;
  std::vector<ClosingRecord> closed_by;
  /// Level 1, 2, …; ordinary deadlines and nobody where the list has no such level.
  const Level& level(int number) const;
};

/// Below P2 they run in the hours of service of the item that the warning asks for.
struct ScreeningNumbers {
  std::array<Span, 4> within{Span{std::chrono::minutes{5}}, Span{std::chrono::minutes{10}},
                             Span{std::chrono::hours{2}}, Span{std::chrono::hours{8}}};
  streams::Duration claim = std::chrono::minutes{15};
  Span shelve_limit{std::chrono::hours{24}};
  int sample_percent = 10;             // of distrusted hits that go to the field all the same
  std::vector<std::string> by_person;  // rules that no machine confirms
};

struct PriorityNumbers {
  std::vector<std::string> exposed{"school", "hospital", "nursing_home"};
  int repeats = 3;  // earlier warnings of the entity …
  streams::Duration repeats_within = std::chrono::hours{24 * 30};
};

class DutyList {
 public:
  /// Before any list is active: no seats, no units, one item for everything.
  DutyList() = default;
  /// An error names all that is wrong, with `file`, line and column.
  static streams::Result<DutyList> parse(std::string_view yaml,
                                         const std::string& file = "duty list");

  /// The item of that name, or one with the defaults above.
  const Item& item(std::string_view name) const;
  /// In shift order; those of "default" where the district has none.
  const std::vector<std::string>& seats(std::string_view district) const;
  /// Of every district, each once.
  std::vector<std::string> all_seats() const;
  /// `unit/…` (or another kind/id) that fill a role in a district; the same default.
  const std::vector<std::string>& units(std::string_view role, std::string_view district) const;

  const ScreeningNumbers& screening() const { return screening_; }
  const PriorityNumbers& priority() const { return priority_; }
  const std::map<std::string, Item, std::less<>>& items() const { return items_; }
  const References& references() const { return references_; }
  /// What units, leaders and seats are called.
  const NameList& names() const { return names_; }

 private:
  using Places = std::map<std::string, std::vector<std::string>, std::less<>>;  // by district
  friend class DutyReader;

  std::map<std::string, Item, std::less<>> items_;
  Item other_;
  Places seats_;
  std::map<std::string, Places, std::less<>> units_;  // by role
  ScreeningNumbers screening_;
  PriorityNumbers priority_;
  References references_;
  NameList names_;
};

}  // namespace city
