#pragma once

// Judge: conclusions become warnings. One episode, one warning: it opens or extends them, gives
// each its priority and its story, shows a consequence under what it follows from, sees to their
// screening, and ends them when their order ends. Reads Complaints (who calls again), the alerts
// that a cell is told (where it is), see/detect's Conclusions, people's Feedback on warnings,
// records, respond's OrderNews, other entities' Parts and ParentWords (letters) and the versions
// "duty", "calendar", "parents" and "trust/…"; respond reads the Warnings. One task's thread.

#include <set>

#include "operators/city/camera_alert.h"
#include "operators/city/complaint.h"
#include "operators/city/letters.h"
#include "operators/city/permit.h"
#include "operators/city/steps.h"
#include "operators/duty/active_list.h"
#include "operators/duty/duty_list.h"
#include "operators/duty/parent_list.h"
#include "operators/judge/priority.h"
#include "operators/judge/tracked.h"
#include "streams/operator.h"

namespace city {

class Judge
    : public streams::Operator<Warning(Complaint, CameraAlert, Conclusion, Feedback, PermitChange,
                                       OrderNews, Part, ParentWord, streams::Version)> {
 public:
  explicit Judge(std::string city) : city_(std::move(city)) {}

  streams::Map<std::string, Tracked> warnings = map<std::string, Tracked>("warnings");
  streams::Value<Registration> registration = value<Registration>("registration");
  streams::Value<Openings> openings = value<Openings>("openings");
  streams::Value<Callers> callers = value<Callers>("callers");
  /// Of a place: what stands here and may be part of one condition, by warning.
  streams::Map<std::string, HeldPart> parts = map<std::string, HeldPart>("parts");
  streams::Timer wake = timer("wake", &Judge::on_wake);
  streams::Side<Notice> notices = side<Notice>("notices");
  streams::Side<Rejected> rejected = side<Rejected>("rejected");
  Count bad_versions = count("bad_versions");
  Count trips_avoided = count("trips_avoided");
  Count parts_dropped = count("parts_dropped");

  using Out = streams::Emit<Warning>;
  void process(const streams::Record<Complaint>& in, Out& out) override;
  void process(const streams::Record<CameraAlert>& in, Out& out) override;
  void process(const streams::Record<Conclusion>& in, Out& out) override;
  void process(const streams::Record<Feedback>& in, Out& out) override;
  void process(const streams::Record<PermitChange>& in, Out& out) override;
  void process(const streams::Record<OrderNews>& in, Out& out) override;
  void process(const streams::Record<Part>& in, Out& out) override;
  void process(const streams::Record<ParentWord>& in, Out& out) override;
  void process(const streams::Record<streams::Version>& in, Out& out) override;
  void on_wake(Out& out);

 private:
  // conclusions (judge.cpp; what raises them: rejudge.cpp)
  void open(const Conclusion& conclusion, Out& out);
  void count_repeat(streams::Time opened, bool counts);
  void suppress(Tracked& tracked, const Evidence& permit);
  void extend(Tracked& tracked, const Conclusion& conclusion, Out& out);
  void set_condition(Tracked& tracked, const Conclusion& conclusion, Out& out);
  void remind(const Conclusion& conclusion);
  void tell_overdue(const Tracked& tracked);
  std::vector<std::string> standing_ids() const;
  Tracked* standing_of(std::string_view rule);
  void rejudge_all(Out& out);
  bool rejudge(Tracked& tracked);
  bool name_others(Warning& warning, const std::vector<Reason>& reasons);
  PriorityFacts facts_of(const Warning& warning) const;

  // what is only a consequence (parents.cpp)
  const Tracked* parent_of(const Tracked& child) const;
  void put_under(Tracked& tracked, const std::string& parent, const std::string& entity,
                 const Text& title);
  void raise_anew(Tracked& tracked, const std::string& entity, const Text& title, Out& out);
  void tell_children(Tracked& tracked, Out& out);
  std::string place_of(const Tracked& tracked) const;
  void tell_place(Tracked& tracked);
  void count_parts(const Part& latest, Out& out);
  void conclude_place(const PlaceRule& place, const Part& latest, Out& out);
  void tell_parts(const Tracked& parent);
  void tell_part(const HeldPart& held, const std::string& parent, bool holds);

  // screening (screening.cpp)
  void screen(Tracked& tracked);
  std::optional<Reason> needs_person(const Warning& warning) const;
  void ask_seat(Tracked& tracked, int seat, const Reason& why);
  std::string_view hours_of(const Warning& warning) const;
  void confirm_by_rule(Tracked& tracked, const Reason& why);
  void give_out(Tracked& tracked);
  bool on_due(Tracked& tracked, WarningDue due);  // false: forget it

  // what seats say (seat_steps.cpp); a reason: it was not legal, and nothing was changed
  using Refusal = std::optional<Reason>;
  struct SeatStep;
  static const SeatStep kSeatSteps[];
  Refusal confirm(Tracked& tracked, const Feedback& said);
  Refusal dismiss(Tracked& tracked, const Feedback& said);
  Refusal claim(Tracked& tracked, const Feedback& said);
  Refusal release(Tracked& tracked, const Feedback& said);
  Refusal dispatch(Tracked& tracked, const Feedback& said);
  Refusal shelve(Tracked& tracked, const Feedback& said);
  Refusal unshelve(Tracked& tracked, const Feedback& said);
  Refusal reopen(Tracked& tracked, const Feedback& said);
  Refusal call_logged(Tracked& tracked, const Feedback& said);

  // common (judge.cpp)
  streams::Time now() const { return std::max(context().time, context().recorded); }
  void move(Tracked& tracked, WarningState to, std::string_view code = "");
  void say(Warning& warning, Reason reason);
  void publish(Tracked& tracked, Out& out);
  void notify(std::string_view to, std::string_view kind, std::string_view warning, Text text);
  /// With the names of whoever it speaks of.
  template <class Words>
  Words with_names(const Words& words) const {
    return city::named(words, duty_.names(), key(), registration.get().name);
  }
  void arm();

  const std::string city_;
  // From the active versions, not state: the task hands them over again when it restores.
  DutyList duty_;
  ActiveList<Calendar> calendar_;
  ActiveList<ParentList> parents_;
  std::set<std::string, std::less<>> distrusted_;  // "rule/…", "device/…"
};

}  // namespace city
