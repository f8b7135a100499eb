// Who is called, and when more are: levels of responders (rescue protocol: 1 the duty room and the
// contracted company, 2 stations near by, 3 the fire service). A further level is added to the same
// order; nobody called before is sent home.

#include <algorithm>

#include "operators/city/words.h"
#include "operators/respond/dispatch.h"

namespace city {
namespace {

using streams::Duration;
using streams::Time;

constexpr Duration kNewlyNamed = std::chrono::hours{24};

struct RoleName {
  std::string_view role, zh, en;
};
constexpr RoleName kRoles[] = {
    {"use_unit", "使用单位值班室", "the use unit's duty room"},
    {"maintenance_unit", "签约维保单位", "the contracted maintenance company"},
    {"station", "附近救援站", "a rescue station near by"},
    {"fire", "消防救援119", "the fire service"},
    {"regulator", "监管部门", "the regulator"},
    {"squad", "综合执法队", "the street's enforcement squad"},
    {"food", "食品监管所", "the food regulator"},
};

Text named(const Responder& responder) {
  for (const RoleName& name : kRoles)
    if (name.role == responder.role)
      return words("{}（{}）", "{} ({})",
                   {Text{std::string{name.zh}, std::string{name.en}}, responder.unit});
  return words("{}", "{}", {responder.unit});
}

Text all_named(const Order& order, int level) {
  Text list;
  for (const Responder& responder : order.responders) {
    if (responder.level != level || responder.role == "officer") continue;
    const Text name = named(responder);
    list.zh += (list.zh.empty() ? "" : "、") + name.zh;
    list.en += (list.en.empty() ? "" : ", ") + name.en;
  }
  return list;
}

/// Does this one's answer and arrival count? In a rescue a duty room's does not.
bool counts(const OpenOrder& open, const Responder& responder) {
  return !open.life || responder.rescuer;
}

bool any_arrived(const OpenOrder& open) {
  return std::any_of(open.order.responders.begin(), open.order.responders.end(),
                     [&](const Responder& responder) {
                       return counts(open, responder) && responder.state >= OrderState::arrived;
                     });
}

}  // namespace

std::vector<std::string> Dispatch::units_of(const OpenOrder& open, std::string_view role) const {
  const Registration& place = registration.get();
  if (role == "use_unit" || role == "maintenance_unit") {
    const std::string& unit = role == "use_unit" ? place.use_unit : place.maintenance_unit;
    if (unit.empty()) return {};
    return {with_kind("unit", unit)};
  }
  return duty_->units(role, place.district.empty() ? open.order.district : place.district);
}

/// P1 and P2 go to whoever is on call at any hour.
std::string_view Dispatch::hours_of(const OpenOrder& open) const {
  return open.order.priority <= Priority::P2 ? kAlways : std::string_view{item_of(open).hours};
}

void Dispatch::start_clock(OpenOrder& open) {
  open.dispatched = now();
  open.started = calendar_->opening(hours_of(open), open.dispatched);
  open.order.finish_by = calendar_->end_of(hours_of(open), open.dispatched, item_of(open).finish);
  open.reminded = 0;
  open.rung = kNone;
  open.clocks.clear();
}

LevelClock Dispatch::clock_of(const OpenOrder& open, int level, Time called) const {
  const Level& numbers = item_of(open).level(level);
  const std::string_view hours = hours_of(open);
  return {level,
          calendar_->opening(hours, called),
          calendar_->end_of(hours, called, numbers.accept),
          calendar_->end_of(hours, called, numbers.arrive),
          false,
          false};
}

/// It waited for its hours of service and has become urgent.
void Dispatch::start_at_once(OpenOrder& open) {
  open.started = now();
  open.order.finish_by = calendar_->end_of(kAlways, open.started, item_of(open).finish);
  for (LevelClock& clock : open.clocks) {
    clock = clock_of(open, clock.level, open.started);
    for (Responder& responder : open.order.responders) {
      if (responder.level != clock.level) continue;
      responder.accept_by = clock.accept_by;
      responder.arrive_by = clock.arrive_by;
    }
  }
}

void Dispatch::say_waiting(OpenOrder& open) {
  const Item& item = item_of(open);
  if (open.started > open.dispatched)
    record(open, "wait", "rule",
           words("不在服务时间，{}起计时", "out of its hours of service: its clocks start at {}",
                 {calendar_->spoken(open.started)}));
  if (item.finish.working_days == 0) return;
  const Time end = *open.order.finish_by;
  record(open, "calendar", "rule",
         calendar_->covers(end)
             ? words("按工作日历，{}办结期限为{}", "by the working calendar {} end at {}",
                     {spoken(item.finish), calendar_->deadline(end, now())})
             : words("该年节假日安排未收录，按周一至周五计，{}办结期限为{}",
                     "that year's holidays are not known, Monday to Friday are assumed: {} end "
                     "at {}",
                     {spoken(item.finish), calendar_->deadline(end, now())}));
}

// `code` and `cause` say what made it necessary: "rule" when the order is made. A level of which
// nobody can be found leads to the next at once; after the last one the district is told.
void Dispatch::call_level(OpenOrder& open, int level, std::string_view code, const Text& cause) {
  for (const LevelClock& clock : open.clocks)
    if (clock.level >= level) return;  // called before
  const Item& item = item_of(open);
  if (level > 1 && static_cast<std::size_t>(level) > item.levels.size()) {
    if (open.rung < kReported) report(open, cause);
    return;
  }
  const Level& numbers = item.level(level);
  const LevelClock clock = clock_of(open, level, now());
  open.clocks.push_back(clock);
  bool found = false;
  for (const Role& role : numbers.responders)
    for (const std::string& unit : units_of(open, role.name)) {
      add_responder(open, level, unit, role, clock, code);
      found = found || role.rescuer || !open.life;
    }
  if (!found && !open.life)
    for (const std::string& unit : units_of(open, item.department)) {
      add_responder(open, level, unit, {item.department, false}, clock, "no_unit");
      found = true;
    }
  const Text who = all_named(open.order, level);
  const Text deadlines = words("{}内签收、{}内到场", "to accept within {}, to be there within {}",
                               {spoken(numbers.accept), spoken(numbers.arrive)});
  if (!who.zh.empty()) {
    if (level == 1)
      record(open, "call", "rule", words("通知{}：{}", "called: {}: {}", {who, deadlines}));
    else
      record(open, "escalate", "rule",
             words("{}；启动第{}级：{}，{}，原响应单位不撤",
                   "{}; level {} is called: {}, {}; nobody "
                   "called before is sent home",
                   {cause, level, who, deadlines}));
  }
  if (found) return;
  const Text missing =
      words("登记与值班表中没有第{}级可派单位",
            "neither the registration nor the duty list has a unit for level {}", {level});
  record(open, "no_unit", "rule", missing);
  open.clocks.back().accept_done = open.clocks.back().arrive_done = true;
  if (open.life) call_level(open, level + 1, "no_unit", missing);
}

// A registration that comes after the order: whoever it names and was called in vain is called now.
void Dispatch::call_registered(Out& out) {
  std::vector<std::string> ids;
  for (const auto& [id, open] : orders.all())
    if (!open.ended && open.order.returns == 0) ids.push_back(id);
  for (const std::string& id : ids) {
    OpenOrder& open = orders.edit(id);
    const Level& numbers = item_of(open).level(1);
    const LevelClock clock = clock_of(open, 1, now());
    std::vector<std::string> called;
    for (const Role& role : numbers.responders) {
      const bool of_registration = role.name == "use_unit" || role.name == "maintenance_unit";
      const bool filled = std::any_of(
          open.order.responders.begin(), open.order.responders.end(),
          [&](const Responder& r) { return r.role == role.name || r.why == "transfer"; });
      if (!of_registration || filled) continue;
      for (const std::string& unit : units_of(open, role.name)) {
        add_responder(open, 1, unit, role, clock, "registered");
        called.push_back(unit);
      }
    }
    if (called.empty()) continue;
    open.clocks.front() = clock;
    if (open.order.district.empty()) open.order.district = registration.get().district;
    record(open, "call", "rule",
           words("登记信息已到，通知{}", "the registration came: {} called", {listed(called)}));
    publish(open, out);
  }
}

void Dispatch::add_responder(OpenOrder& open, int level, const std::string& unit, const Role& role,
                             const LevelClock& clock, std::string_view code) {
  if (responder_of(open.order, unit) != nullptr) return;
  open.order.responders.push_back({.level = level,
                                   .unit = unit,
                                   .role = role.name,
                                   .state = OrderState::dispatched,
                                   .accept_by = clock.accept_by,
                                   .arrive_by = clock.arrive_by,
                                   .eta = std::nullopt,
                                   .why = std::string{code},
                                   .rescuer = role.rescuer,
                                   .declined = {}});
  if (open.life) say_who_named(open, unit, role);
}

// Whoever writes a registration chooses who rescues: while that is new, people are told by whom.
void Dispatch::say_who_named(OpenOrder& open, const std::string& unit, const Role& role) {
  const bool maintains = role.name == "maintenance_unit";
  if (!maintains && role.name != "use_unit") return;
  const NamedUnits& units = named.get();
  const Duration ago = now() - (maintains ? units.maintenance_unit : units.use_unit);
  if (ago >= kNewlyNamed) return;
  const std::string& by = maintains ? units.maintenance_unit_by : units.use_unit_by;
  const Text what = words("{}是{}前才由{}登记到本设备名下的，请核实其身份",
                          "{} was registered here {} ago by {}: make sure who that is",
                          {unit, spoken_roughly(ago), by});
  record(open, "newly_registered", "rule", what);
  const std::vector<std::string>& seats = duty_->seats(open.order.district);
  if (!seats.empty())
    notify(open, seats.front(), "newly_registered",
           words("“{}”：{}", "'{}': {}", {open.order.title, what}));
}

/// A rescue always goes on to somebody else; of other items those that have a further level: the
/// merchant corrects it, then the warden, then the officer.
bool Dispatch::climbs(const OpenOrder& open, int level) const {
  return open.life || static_cast<std::size_t>(level) < item_of(open).levels.size();
}

void Dispatch::on_acceptance_due(OpenOrder& open, LevelClock& clock) {
  clock.accept_done = true;
  if (any_arrived(open)) return;
  const int level = clock.level;
  for (const Responder& responder : open.order.responders)
    if (responder.level == level && counts(open, responder) &&
        responder.state != OrderState::dispatched)
      return;
  const Text cause =
      words("第{}级派出{}无人签收（{}）", "level {} called {} ago, nobody accepted ({})",
            {level, spoken_roughly(clock.accept_by - clock.called), all_named(open.order, level)});
  if (climbs(open, level))
    call_level(open, level + 1, "no_acceptance", cause);
  else
    urge(open, cause);
}

void Dispatch::on_arrival_due(OpenOrder& open, LevelClock& clock) {
  clock.arrive_done = true;
  if (any_arrived(open) || open.order.state == OrderState::handled) return;
  const Text cause =
      words("第{}级派出{}仍无人到场（{}）", "level {} called {} ago, nobody is there yet ({})",
            {clock.level, spoken_roughly(clock.arrive_by - clock.called),
             all_named(open.order, clock.level)});
  if (climbs(open, clock.level))
    call_level(open, clock.level + 1, "late", cause);
  else
    urge(open, cause);
}

}  // namespace city
