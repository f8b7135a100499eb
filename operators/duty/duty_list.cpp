#include "operators/duty/duty_list.h"

#include <algorithm>
#include <set>

#include "operators/duty/reading.h"

namespace city {
namespace {

using streams::Duration;
using yaml::Mapping;
using yaml::Node;

/// A list of mappings through `read`.
template <class T, class Read>
void read_list(Mapping& map, std::string_view key, std::vector<T>& values, Read read) {
  map.each(key, [&](const Node& node) { values.push_back(read(node)); });
}

using Places = std::map<std::string, std::vector<std::string>, std::less<>>;

const std::vector<std::string>& at_place(const Places& places, std::string_view district) {
  static const std::vector<std::string> kNobody;
  auto it = places.find(district);
  if (it == places.end()) it = places.find("default");
  return it == places.end() ? kNobody : it->second;
}

}  // namespace

class DutyReader {
 public:
  DutyReader(DutyList& list, yaml::Problems& problems) : list_(list), problems_(problems) {}

  void read(const Node& root) {
    Mapping file{root, "the duty list", problems_};
    file.members("units", [this](const Node& role, const Node& node) {
      read_places(node, "the units of a role", list_.units_[role.text]);
    });
    roles_known_ = file.has("units");
    file.members("items", [this](const Node& name, const Node& node) {
      Item& item = list_.items_[name.text];
      item.name = name.text;
      read_item(node, item);
    });
    if (const Node* seats = file.get("seats")) read_places(*seats, "the seats", list_.seats_);
    if (const Node* node = file.get("screening")) read_screening(*node, list_.screening_);
    if (const Node* node = file.get("priority")) read_priority(*node, list_.priority_);
    file.members("names", [this](const Node& id, const Node& node) {
      Mapping all{node, "a name", problems_};
      list_.names_[id.text] = {all.required_text("zh", "消防救援119"),
                               all.required_text("en", "the fire service")};
    });
  }

 private:
  /// Kind/id by district.
  void read_places(const Node& node, const std::string& what, DutyList::Places& places) {
    Mapping map{node, what, problems_};
    for (const yaml::Member& place : node.members) {
      std::vector<std::string>& names = places[place.key.text];
      names = map.texts(place.key.text);
      if (!place.value.is_list()) continue;
      if (names.size() > kMaxUnits)
        problems_.add(place.value.place, std::to_string(names.size()) +
                                             " in one place; expected "
                                             "at most " +
                                             std::to_string(kMaxUnits));
      for (const Node& one : place.value.items)
        if (one.is_scalar() && !yaml::is_entity(one.text))
          problems_.add(one.place, "expected an entity such as unit/119, not " + one.shown());
    }
  }

  /// One that nobody fills would call nobody.
  void check_role(const std::string& role, yaml::Place place) {
    if (!roles_known_ || role.empty() || role == "use_unit" || role == "maintenance_unit") return;
    std::vector<std::string> known{"use_unit", "maintenance_unit"};
    for (const auto& [name, units] : list_.units_) known.push_back(name);
    if (!list_.units_.contains(role))
      problems_.add(place, "'units' has no role '" + role + "'" + yaml::meant(role, known));
  }

  Role read_role(const Node& node) {
    Mapping map{node, "a responder", problems_};
    Role role{map.name("role", "use_unit"), map.flag("rescuer", false)};
    check_role(role.name, map.place_of("role"));
    return role;
  }

  Level read_level(const Node& node) {
    Mapping map{node, "a level", problems_};
    (void)map.required("accept", "5m");
    (void)map.required("arrive", "30m");
    (void)map.required("responders", "[{role: use_unit}]");
    Level level{
        read_span(map, "accept").value_or(Span{}), read_span(map, "arrive").value_or(Span{}), {}};
    if (level.arrive.length() > Duration::zero() && level.arrive.length() < level.accept.length())
      problems_.add(map.place(), "a level needs accept, and arrive not before it");
    read_list(map, "responders", level.responders,
              [this](const Node& one) { return read_role(one); });
    if (level.responders.size() > kMaxRoles)
      problems_.add(map.place_of("responders"),
                    "a level has at most " + std::to_string(kMaxRoles) + " roles");
    if (map.has("responders") && level.responders.empty())
      problems_.add(map.place_of("responders"), "a level needs responders");
    return level;
  }

  Ladder read_ladder(const Node& node) {
    Mapping map{node, "a ladder", problems_};
    Ladder ladder;
    if (map.has("remind")) ladder.remind.clear();
    map.each("remind", [&](const Node& one) {
      const auto percent = one.is_scalar() ? yaml::whole_number(one.text, 1, 99) : std::nullopt;
      if (percent && (ladder.remind.empty() || ladder.remind.back() < *percent))
        ladder.remind.push_back(*percent);
      else
        problems_.add(one.place,
                      "reminders are rising percentages from 1 to 99, not " + one.shown());
    });
    ladder.urge = read_span_or_zero(map, "urge").value_or(ladder.urge);
    ladder.supervise = read_span(map, "supervise").value_or(ladder.supervise);
    ladder.reply = read_span(map, "reply").value_or(ladder.reply);
    ladder.report = read_span(map, "report").value_or(ladder.report);
    if (ladder.supervise.length() < ladder.urge.length() ||
        ladder.report.length() < ladder.supervise.length())
      problems_.add(map.place(), "the ladder is urge, then supervise, then report");
    return ladder;
  }

  ClosingRecord read_closing(const Node& node, const std::vector<ClosingRecord>& before) {
    Mapping map{node, "a closing record", problems_};
    (void)map.required("actions", "[completed]");
    ClosingRecord closing{map.name("record", "maintenance"), map.texts("actions"),
                          map.name("action", "maintained")};
    if (map.has("actions") && closing.actions.empty())
      problems_.add(map.place_of("actions"), "a closing record needs actions");
    for (const ClosingRecord& other : before)
      for (const std::string& action : closing.actions)
        if (other.record == closing.record && other.closes_by(action))
          problems_.add(map.place(), "'" + action + "' of " + closing.record +
                                         " closes the order already by an entry before");
    return closing;
  }

  void read_item(const Node& node, Item& item) {
    Mapping map{node, "an item", problems_};
    item.title = read_two_languages(map, "title", {"电梯困人救援", "Rescue of trapped passengers"});
    item.department = map.name("department", "regulator");
    check_role(item.department, map.place_of("department"));
    item.life = map.flag("life", false);
    item.hours = map.text("hours", kAlways);
    if (map.has("hours"))
      list_.references_.push_back({Reference::To::hours, item.hours, map.place_of("hours")});
    item.finish = read_span(map, "finish").value_or(item.finish);
    item.return_window = read_span(map, "returnWindow").value_or(item.return_window);
    if (map.required("levels", "[{accept: 5m, arrive: 30m, responders: [{role: use_unit}]}]"))
      read_list(map, "levels", item.levels, [this](const Node& one) { return read_level(one); });
    if (map.has("levels") && item.levels.empty())
      problems_.add(map.place_of("levels"), "an item needs a level of responders");
    if (item.levels.size() > kMaxLevels)
      problems_.add(map.place_of("levels"),
                    "an item has at most " + std::to_string(kMaxLevels) + " levels");
    if (const Node* ladder = map.get("ladder")) item.ladder = read_ladder(*ladder);
    map.each("closedBy",
             [&](const Node& one) { item.closed_by.push_back(read_closing(one, item.closed_by)); });
    const auto rescues = [](const Role& role) { return role.rescuer; };
    for (const Level& level : item.levels)
      if (item.life && std::none_of(level.responders.begin(), level.responders.end(), rescues))
        problems_.add(map.place_of("levels"), "each level of a life item needs a rescuer");
  }

  void read_screening(const Node& node, ScreeningNumbers& numbers) {
    Mapping map{node, "the numbers of screening", problems_};
    for (const Priority priority : {Priority::P1, Priority::P2, Priority::P3, Priority::P4}) {
      Span& within = numbers.within[static_cast<std::size_t>(priority)];
      within = read_span(map, streams::name_of(priority)).value_or(within);
    }
    numbers.claim = map.time("claim").value_or(numbers.claim);
    numbers.shelve_limit = read_span(map, "shelveLimit").value_or(numbers.shelve_limit);
    numbers.sample_percent = map.number("samplePercent", 0, 100).value_or(numbers.sample_percent);
    if (map.has("byPerson"))
      numbers.by_person = read_references(map, "byPerson", Reference::To::rule, list_.references_);
  }

  void read_priority(const Node& node, PriorityNumbers& numbers) {
    Mapping map{node, "the numbers of priority", problems_};
    if (map.has("exposed")) numbers.exposed = map.texts("exposed");
    numbers.repeats = map.number("repeats", 0, 1000).value_or(numbers.repeats);
    numbers.repeats_within = map.time("repeatsWithin").value_or(numbers.repeats_within);
  }

  DutyList& list_;
  yaml::Problems& problems_;
  bool roles_known_ = false;
};

streams::Result<DutyList> DutyList::parse(std::string_view text, const std::string& file) {
  return read_file_of<DutyList>(text, file, [](const Node& root, DutyList& list, auto& problems) {
    DutyReader{list, problems}.read(root);
  });
}

bool ClosingRecord::closes_by(std::string_view change) const {
  return std::find(actions.begin(), actions.end(), change) != actions.end();
}

const Level& Item::level(int number) const {
  static const Level kOrdinary{Span{std::chrono::minutes{30}}, Span{std::chrono::hours{2}}, {}};
  const auto index = static_cast<std::size_t>(number - 1);
  return index < levels.size() ? levels[index] : kOrdinary;
}

const Item& DutyList::item(std::string_view name) const {
  const auto it = items_.find(name);
  return it == items_.end() ? other_ : it->second;
}

const std::vector<std::string>& DutyList::seats(std::string_view district) const {
  return at_place(seats_, district);
}

std::vector<std::string> DutyList::all_seats() const {
  std::set<std::string> all;
  for (const auto& [district, seats] : seats_) all.insert(seats.begin(), seats.end());
  return {all.begin(), all.end()};
}

const std::vector<std::string>& DutyList::units(std::string_view role,
                                                std::string_view district) const {
  static const std::vector<std::string> kNobody;
  const auto it = units_.find(role);
  return it == units_.end() ? kNobody : at_place(it->second, district);
}

}  // namespace city
