#include "operators/judge/aside.h"

#include <algorithm>
#include <bit>

#include "operators/city/topics.h"
#include "operators/city/words.h"
#include "streams/graph.h"

namespace city {
namespace {

using streams::AsideNews;

constexpr std::string_view kRule = "engine.set_aside";

/// Whether a person should hear of this one, or the next power of two is soon enough.
bool is_worth_saying(const AsideNews& news) {
  if (news.event == nullptr) return true;
  if (news.event->exercise) return false;
  return news.event->type == "city.complaint.filed.v1" ||
         news.event->type == "city.field.feedback.v1" ||
         std::has_single_bit(static_cast<std::uint64_t>(news.mark.buried));
}

std::string_view topic_of(std::string_view type) {
  for (const Door& door : kDoors)
    if (door.type == type) return door.topic;
  return streams::kCityEvents;
}

}  // namespace

void Aside::process(const streams::Record<AsideNews>& in, streams::Emit<Warning>& out) {
  const AsideNews& news = in.value;
  if (!is_worth_saying(news)) return;
  const streams::SetAside& mark = news.mark;
  Warning warning;
  const std::string since = streams::format_time(mark.since);
  warning.id = warning_id(city_, kRule, mark.entity, since, 0);
  warning.story = streams::make_id("s-", {city_, "story", kRule, mark.entity, since});
  warning.rule = kRule;
  warning.entity = mark.entity;
  warning.priority = Priority::P1;
  warning.consequence = Consequence::life;
  warning.since = mark.since;
  warning.count = static_cast<int>(std::min<std::int64_t>(mark.buried, 1'000'000'000)) + 1;
  warning.revision = warning.count + (news.what == AsideNews::What::ended ? 1 : 0);
  warning.title = {"自动研判已停止，须人工处理", "No longer judged by the program: people must"};
  warning.reasons.push_back(
      because(std::string{kRule},
              words("程序无法继续处理{}：其信号不再研判，已派工单不再计时，请人工核实并跟进；"
                    "原因：{}",
                    "the program can't go on with {}: its signals are not judged, its orders not "
                    "timed; somebody has to look after it. Why: {}",
                    {mark.entity, mark.reason})));
  if (mark.buried > 0)
    warning.reasons.push_back(because(
        "engine.buried", words("此后又有{}件来件未研判，存于 dead.letters",
                               "{} more came since and were not judged: they are in dead.letters",
                               {warning.count - 1})));
  if (news.event != nullptr)
    warning.evidence.push_back({std::string{news.event->id}, std::string{news.event->source},
                                std::string{topic_of(news.event->type)}, news.event->time, true,
                                {"{}"}});
  if (news.what == AsideNews::What::ended) {
    warning.state = WarningState::resolved;
    warning.state_reason = "restored";
    warning.condition = Condition::cleared;
  }
  out(warning);
}

}  // namespace city
