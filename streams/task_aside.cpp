// What a task does when an invariant breaks in its hands, and what comes of the entities that are
// set aside for it. The first time the task only notes where it was and asks to be rolled back:
// undoing one record costs nothing on the way of all others. Fed again, it comes to the same place,
// does not touch what is there, and marks the entity.

#include <algorithm>

#include "streams/task.h"

namespace streams {

void Task::breaks(Broken broken, const char* why) {
  const std::string where =
      broken.topic.empty()
          ? "the timer " + graph_->layout().timers[static_cast<std::size_t>(broken.timer)].name +
                " of " + format_time(broken.at)
          : broken.topic + "/" + std::to_string(options_.partition) + "/" +
                std::to_string(broken.offset);
  broken.why = std::string{why} + " at " + where;
  (void)table_.fail({Error::Kind::abort_task, (broken.entity.empty() ? "a record" : broken.entity) +
                                                  " is set aside: " + broken.why});
  broken_.push_back(std::move(broken));
}

Task::Broken* Task::broke_before(const Broken& at) {
  for (Broken& broken : broken_)
    if (!broken.reached && broken.same(at)) {
      broken.reached = true;
      return &broken;
    }
  return nullptr;
}

SetAside* Task::mark_of(std::string_view entity) {
  for (SetAside& mark : head_.aside)
    if (mark.entity == entity) return &mark;
  return nullptr;
}

EntityTable::Names Task::names_aside() const {
  EntityTable::Names names;
  for (const SetAside& mark : head_.aside) names.insert(mark.entity);
  return names;
}

void Task::pass_by(const Broken& broken, const std::string& topic, const LogRecord& record) {
  if (!broken.entity.empty()) mark_aside(broken.entity, record.recorded, broken.why);
  bury(topic, record, {"this record broke an invariant of the program: " + broken.why});
}

void Task::mark_aside(std::string entity, Time since, std::string reason) {
  if (head_.aside.size() >= kMostSetAside || mark_of(entity) != nullptr) return;
  head_.aside.push_back({std::move(entity), since, std::move(reason)});
  aside_changed_ = true;
  table_.keep_aside(names_aside());
  tell({.what = AsideNews::What::begun, .mark = head_.aside.back()},
       table_.find(head_.aside.back().entity), since);
}

void Task::mark_unreadable() {
  for (const auto& [name, damage] : table_.unreadable())
    if (mark_of(name) == nullptr)
      mark_aside(name, head_.clock, "its state can't be read, and is kept as it is: " + damage);
}

/// Under a mark nothing that its entity remembers is seen or changed.
void Task::keep_away(const Event& event, const std::string& topic, const LogRecord& record) {
  if (event.type == kLetterType)
    ++counts_.letters;
  else
    ++counts_.events;
  mark_unreadable();
  SetAside* mark = mark_of(event.subject);
  std::string reason = std::string{event.subject} + " is set aside";
  if (mark != nullptr) {
    ++mark->buried;
    aside_changed_ = true;
    reason += " since " + format_time(mark->since) + ": " + mark->reason;
    tell({.what = AsideNews::What::buried, .mark = *mark, .event = &event},
         table_.find(event.subject), event.recorded);
  }
  bury(topic, record,
       {reason + "; `watchfire entity restore` lets it go on, `dead-letters retry` then brings "
                 "this back"});
}

void Task::restore(const Event& event, const std::string& topic, const LogRecord& record) {
  const SetAside* mark = mark_of(event.subject);
  if (mark == nullptr)
    return bury(topic, record, {std::string{event.subject} + " is not set aside"});
  const SetAside ended = *mark;
  std::erase_if(head_.aside, [&](const SetAside& one) { return one.entity == ended.entity; });
  aside_changed_ = true;
  table_.keep_aside(names_aside());
  tell({.what = AsideNews::What::ended, .mark = ended}, table_.find(ended.entity), event.recorded);
  mark_unreadable();
}

/// Who tells of it must not be able to stop the task over it.
void Task::tell(AsideNews news, Entity* entity, Time at) {
  if (entity == nullptr) return;  // the store failed
  begin_context(entity, at, at);
  if (news.event != nullptr) {
    graph_->context.cause_id = news.event->id;
    graph_->context.cause_source = news.event->source;
    graph_->context.exercise = news.event->exercise;
  }
  const std::size_t outputs = graph_->outputs.size(), letters = graph_->letters.size();
  try {
    graph_->tell(news);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    graph_->outputs.resize(outputs, Output{nullptr, {}, {}});
    graph_->letters.resize(letters, Output{nullptr, {}, {}});
  }
}

}  // namespace streams
