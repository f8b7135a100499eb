#include "operators/duty/duty_list.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <initializer_list>
#include <set>

namespace city {
namespace {

using streams::Duration;

struct Wrong {
  YAML::Mark mark;
  std::string what;
};

[[noreturn]] void fail(const YAML::Node& node, std::string what) {
  throw Wrong{node.Mark(), std::move(what)};
}

/// A misspelt key would silently leave a default in force.
void only(const YAML::Node& map, std::initializer_list<std::string_view> keys) {
  if (!map.IsMap()) fail(map, "a mapping is expected here");
  for (const auto& entry : map) {
    const std::string key = entry.first.as<std::string>();
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      fail(entry.first, "unknown key '" + key + "'");
  }
}

void read(const YAML::Node& node, std::string& value) {
  if (!node.IsScalar()) fail(node, "text is expected here");
  value = node.as<std::string>();
}

void read(const YAML::Node& node, Duration& value) {
  std::string text;
  read(node, text);
  const auto parsed = streams::parse_duration(text);
  if (!parsed) fail(node, "'" + text + "' is no duration (30m, 2h, 15d)");
  value = *parsed;
}

void read(const YAML::Node& node, Span& value) {
  std::string text;
  read(node, text);
  const std::optional<Span> parsed = Span::parse(text);
  if (!parsed) fail(node, "'" + text + "' is no duration (30m, 2h, 15d) or working days (5wd)");
  value = *parsed;
}

void read(const YAML::Node& node, bool& value) {
  if (!YAML::convert<bool>::decode(node, value)) fail(node, "true or false is expected here");
}

void read(const YAML::Node& node, int& value) {
  if (!YAML::convert<int>::decode(node, value) || value < 0)
    fail(node, "a whole number from 0 is expected here");
}

void read(const YAML::Node& node, Text& value) {
  only(node, {"zh", "en"});
  if (!node["zh"] || !node["en"]) fail(node, "both zh and en are needed");
  read(node["zh"], value.zh);
  read(node["en"], value.en);
}

using Places = std::map<std::string, std::vector<std::string>, std::less<>>;
void read(const YAML::Node& node, Role& role);
void read(const YAML::Node& node, Level& level);
void read(const YAML::Node& node, Ladder& ladder);
void read(const YAML::Node& node, ClosingRecord& closing);
void read(const YAML::Node& node, ScreeningNumbers& numbers);
void read(const YAML::Node& node, PriorityNumbers& numbers);
void read(const YAML::Node& node, Places& places);

template <class T>
void read(const YAML::Node& node, std::vector<T>& values) {
  if (!node.IsSequence()) fail(node, "a list is expected here");
  values.clear();
  for (const YAML::Node& element : node) read(element, values.emplace_back());
}

template <class T>
void read_if(const YAML::Node& map, const char* key, T& value) {
  if (const YAML::Node node = map[key]) read(node, value);
}

void read(const YAML::Node& node, Role& role) {
  only(node, {"role", "rescuer"});
  read_if(node, "role", role.name);
  read_if(node, "rescuer", role.rescuer);
  if (role.name.empty()) fail(node, "a responder needs a role");
}

void read(const YAML::Node& node, Level& level) {
  only(node, {"accept", "arrive", "responders"});
  read_if(node, "accept", level.accept);
  read_if(node, "arrive", level.arrive);
  read_if(node, "responders", level.responders);
  if (level.accept.length() <= Duration::zero() || level.arrive.length() < level.accept.length())
    fail(node, "a level needs accept, and arrive not before it");
  if (level.responders.empty()) fail(node, "a level needs responders");
}

void read(const YAML::Node& node, Ladder& ladder) {
  only(node, {"remind", "urge", "supervise", "reply", "report"});
  read_if(node, "remind", ladder.remind);
  read_if(node, "urge", ladder.urge);
  read_if(node, "supervise", ladder.supervise);
  read_if(node, "reply", ladder.reply);
  read_if(node, "report", ladder.report);
  if (!std::is_sorted(ladder.remind.begin(), ladder.remind.end()) ||
      (!ladder.remind.empty() && ladder.remind.back() >= 100))
    fail(node, "reminders are rising percentages below 100");
  if (ladder.supervise.length() < ladder.urge.length() ||
      ladder.report.length() < ladder.supervise.length())
    fail(node, "the ladder is urge, then supervise, then report");
}

void read(const YAML::Node& node, ClosingRecord& closing) {
  only(node, {"record", "actions", "action"});
  read_if(node, "record", closing.record);
  read_if(node, "actions", closing.actions);
  read_if(node, "action", closing.action);
  if (closing.record.empty() || closing.actions.empty() || closing.action.empty())
    fail(node, "a closing record needs record, actions and action");
}

void read(const YAML::Node& node, Item& item) {
  only(node, {"title", "department", "life", "hours", "finish", "returnWindow", "levels", "ladder",
              "closedBy"});
  read_if(node, "title", item.title);
  read_if(node, "department", item.department);
  read_if(node, "life", item.life);
  read_if(node, "hours", item.hours);
  read_if(node, "finish", item.finish);
  read_if(node, "returnWindow", item.return_window);
  read_if(node, "levels", item.levels);
  read_if(node, "ladder", item.ladder);
  read_if(node, "closedBy", item.closed_by);
  if (item.title.zh.empty()) fail(node, "an item needs a title");
  if (item.department.empty()) fail(node, "an item needs a department");
  if (item.levels.empty()) fail(node, "an item needs a level of responders");
  const auto rescues = [](const Role& role) { return role.rescuer; };
  for (const Level& level : item.levels)
    if (item.life && std::none_of(level.responders.begin(), level.responders.end(), rescues))
      fail(node, "each level of a life item needs a rescuer");
}

void read(const YAML::Node& node, ScreeningNumbers& numbers) {
  only(node, {"P1", "P2", "P3", "P4", "claim", "shelveLimit", "samplePercent", "byPerson"});
  for (const Priority priority : {Priority::P1, Priority::P2, Priority::P3, Priority::P4})
    read_if(node, std::string{streams::name_of(priority)}.c_str(),
            numbers.within[static_cast<std::size_t>(priority)]);
  read_if(node, "claim", numbers.claim);
  read_if(node, "shelveLimit", numbers.shelve_limit);
  read_if(node, "samplePercent", numbers.sample_percent);
  read_if(node, "byPerson", numbers.by_person);
}

void read(const YAML::Node& node, PriorityNumbers& numbers) {
  only(node, {"exposed", "repeats", "repeatsWithin"});
  read_if(node, "exposed", numbers.exposed);
  read_if(node, "repeats", numbers.repeats);
  read_if(node, "repeatsWithin", numbers.repeats_within);
}

void read(const YAML::Node& node, Places& places) {
  if (!node.IsMap()) fail(node, "districts are expected here");
  for (const auto& entry : node) read(entry.second, places[entry.first.as<std::string>()]);
}

const std::vector<std::string>& at_place(const Places& places, std::string_view district) {
  static const std::vector<std::string> kNobody;
  auto it = places.find(district);
  if (it == places.end()) it = places.find("default");
  return it == places.end() ? kNobody : it->second;
}

}  // namespace

class DutyReader {
 public:
  static DutyList list(const YAML::Node& root) {
    DutyList list;
    only(root, {"items", "seats", "units", "screening", "priority"});
    if (const YAML::Node items = root["items"])
      for (const auto& entry : items) {
        Item& item = list.items_[entry.first.as<std::string>()];
        item.name = entry.first.as<std::string>();
        read(entry.second, item);
      }
    read_if(root, "seats", list.seats_);
    if (const YAML::Node units = root["units"])
      for (const auto& entry : units)
        read(entry.second, list.units_[entry.first.as<std::string>()]);
    read_if(root, "screening", list.screening_);
    read_if(root, "priority", list.priority_);
    return list;
  }
};

streams::Result<DutyList> DutyList::parse(std::string_view yaml, const std::string& file) {
  const auto error = [&file](const YAML::Mark& mark, const std::string& what) {
    return streams::Error{streams::Error::Kind::usage,
                          file + ", line " + std::to_string(mark.line + 1) + ": " + what};
  };
  try {
    return DutyReader::list(YAML::Load(std::string{yaml}));
  } catch (const Wrong& wrong) {
    return error(wrong.mark, wrong.what);
  } catch (const YAML::Exception& exception) {
    return error(exception.mark, exception.msg);
  }
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
