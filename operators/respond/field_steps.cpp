// What those who do an order say about it. The table in city/steps.h has already said that the
// step, its sender, its fields and the order's state agree; here is what the step does, and what
// the table cannot know: whether the sender was called, where it stands itself, the window of a
// return.

#include <algorithm>

#include "operators/city/bounds.h"
#include "operators/city/vocabulary.h"
#include "operators/city/words.h"
#include "operators/respond/dispatch.h"
#include "operators/respond/order_states.h"

namespace city {
namespace {

constexpr streams::Duration kPauseLimit = std::chrono::hours{24 * 30};

/// The same word once more: it is already so, by the same sender.
bool repeated(const OpenOrder& open, const Feedback& said) {
  const Order& order = open.order;
  const Responder* own = responder_of(order, said.by);
  const auto& verdict = order.verdict;
  const bool own_verdict = verdict && verdict->by == said.by;
  if (open.ended) return false;
  if (said.step == "accept")
    return own != nullptr && own->state != OrderState::dispatched &&
           (own->eta == said.eta || own->state >= OrderState::arrived);
  if (said.step == "en_route") return own != nullptr && own->state >= OrderState::en_route;
  if (said.step == "arrived") return own != nullptr && own->state >= OrderState::arrived;
  if (said.step == "finding")
    return own_verdict && verdict->finding == said.finding && verdict->action == said.action;
  if (said.step == "rectified")
    return own_verdict && order.state == OrderState::handled &&
           verdict->action == "rectified_on_site";
  if (said.step == "return")
    return (order.returning && order.returning->by == said.by) ||
           (own != nullptr && !own->declined.empty());
  if (said.step == "pause")
    return order.pause && order.pause->by == said.by && order.pause->until == said.until;
  if (said.step == "resume") return !order.pause;
  if (said.step == "extend_request")
    return order.extension && order.extension->by == said.by &&
           order.extension->until == said.until;
  if (said.step == "extend_grant") return order.extension && order.extension->granted;
  if (said.step == "supervise_reply")
    return order.supervision && order.supervision->answer == said.text;
  return false;
}

/// The order is where its furthest responder is.
OrderState furthest(const Order& order) {
  OrderState state = OrderState::dispatched;
  for (const Responder& responder : order.responders)
    if (is_under_way(responder.state)) state = std::max(state, responder.state);
  return state;
}

Reason not_called(const Feedback& said) {
  return because("by.not_called",
                 words("“{}”不是本单的响应单位", "'{}' was not called to this order", {said.by}));
}

Text shown(std::string_view text, std::string_view zh, std::string_view en) {
  return text.empty() ? Text{std::string{zh}, std::string{en}} : words("{}", "{}", {text});
}

}  // namespace

struct Dispatch::FieldStep {
  std::string_view step;
  Answer (Dispatch::*act)(OpenOrder&, const Feedback&, Out&);
};

const Dispatch::FieldStep Dispatch::kFieldSteps[] = {
    {"accept", &Dispatch::accept},
    {"en_route", &Dispatch::en_route},
    {"arrived", &Dispatch::arrived},
    {"finding", &Dispatch::finding},
    {"rectified", &Dispatch::rectified},
    {"return", &Dispatch::give_back},
    {"transfer", &Dispatch::transfer},
    {"pause", &Dispatch::pause},
    {"resume", &Dispatch::resume},
    {"extend_request", &Dispatch::extend_request},
    {"extend_grant", &Dispatch::extend_grant},
    {"return_accepted", &Dispatch::return_accepted},
    {"return_refused", &Dispatch::return_refused},
    {"verify", &Dispatch::verify},
    {"reject_result", &Dispatch::reject_result},
    {"supervise", &Dispatch::supervise},
    {"supervise_reply", &Dispatch::supervise_reply},
    {"recall", &Dispatch::recall},
    {"call_logged", &Dispatch::call_logged},
    {"link_given", &Dispatch::link_given},
    {"link_revoked", &Dispatch::link_revoked},
};

void Dispatch::process(const streams::Record<Feedback>& in, Out& out) {
  const Feedback& said = in.value;
  if (target_of(said) == Target::warning) return;  // the judge answers
  if (is_of_receipt(said, in.key())) return;       // receipts
  if (target_of(said) == Target::complaint && kind_of(in.key()) == "complaint") return;  // receipts
  if (target_of(said) == Target::matter) return;                                         // matters
  const auto refuse_with = [&](std::string_view state, Reason why) {
    rejected(rejection(city_, context().cause_id, said, state, with_names(why)));
  };
  std::optional<Reason> why;
  const std::string id = target_order(said, why);
  if (why) return refuse_with("", std::move(*why));
  const OpenOrder& known = *orders.find(id);
  const std::string_view state = streams::name_of(known.order.state);
  why = refuse_mark(known.exercise, context().exercise);
  if (why) return refuse_with(state, std::move(*why));
  if (said.step == "resolve_entity") return refuse_with(state, entity_known());
  const std::optional<Reason> stranger = refuse_stranger(known, said);
  if (!stranger && repeated(known, said)) return;
  why = refuse(said, known.order.state, known.life);
  if (!why) why = stranger;
  if (why) return refuse_with(state, std::move(*why));
  for (const FieldStep& step : kFieldSteps) {
    if (step.step != said.step) continue;
    OpenOrder& open = orders.edit(id);
    Answer answer = (this->*step.act)(open, said, out);
    if (answer.refusal) return refuse_with(state, std::move(*answer.refusal));
    // Whoever sees injured people or smoke calls the fire service, whatever else was said.
    if (open.life && !open.ended && said.injured.value_or(0) > 0)
      call_level(open, 3, "injury",
                 words("{}报告有{}人受伤", "{} reports {} injured",
                       {said.by, static_cast<int>(*said.injured)}));
    if (open.life && !open.ended && (said.cause == "smoke" || said.cause == "fire"))
      call_level(open, 3, "smoke", words("{}报告有烟火", "{} reports smoke or fire", {said.by}));
    if (!answer.published) publish(open, out);
  }
  arm();
}

// The order's id, or the one open order of that item. Empty with a reason where there is none.
std::string Dispatch::target_order(const Feedback& said, std::optional<Reason>& why) const {
  const Target target = target_of(said);
  if (target == Target::order && orders.find(said.order) != nullptr) return said.order;
  if (target != Target::item) {
    why = no_such_target(said);
    return {};
  }
  const Text& listed_title = duty_->item(said.item).title;
  const Text title = listed_title.zh.empty() ? Text{said.item, said.item} : listed_title;
  std::string found;
  for (const auto& [id, open] : orders.all()) {
    if (open.ended || open.order.item != said.item) continue;
    if (!found.empty())
      why = because("item.several",
                    words("该对象有不止一个未办结的“{}”工单",
                          "this entity has more than one open order '{}'", {title}));
    found = id;
  }
  if (found.empty())
    why = because("item.none", words("该对象没有未办结的“{}”工单",
                                     "this entity has no open order '{}'", {title}));
  return found;
}

// accept, en_route, arrived: a responder goes on. An officer on the way, for whom a unit that was
// called is vouched, joins the order.
Dispatch::Answer Dispatch::go_on(OpenOrder& open, const Feedback& said, OrderState to,
                                 const Text& why) {
  Order& order = open.order;
  Responder* own = responder_of(order, said.by);
  if (own == nullptr) {
    const auto joined = std::count_if(order.responders.begin(), order.responders.end(),
                                      [](const Responder& one) { return one.why == "joined"; });
    if (static_cast<std::size_t>(joined) >= kOfficersJoined)
      return {because("responders.many",
                      words("已有{}名执法人员加入本单，请由已派单位反馈",
                            "{} officers have joined this order already: let a unit that was "
                            "called answer",
                            {static_cast<int>(joined)}))};
    order.responders.push_back({.level = 1,
                                .unit = said.by,
                                .role = "officer",
                                .state = OrderState::dispatched,
                                .accept_by = std::nullopt,
                                .arrive_by = std::nullopt,
                                .eta = std::nullopt,
                                .why = "joined",
                                .rescuer = false,
                                .declined = {}});
    own = &order.responders.back();
  }
  own->state = std::max(own->state, to);
  own->declined.clear();
  if (said.eta) own->eta = said.eta;
  record(open, said.step, said.by, why);
  move(open, furthest(order));
  return {};
}

Dispatch::Answer Dispatch::accept(OpenOrder& open, const Feedback& said, Out&) {
  const streams::Duration until = *said.eta - context().time;
  Answer answer = go_on(open, said, OrderState::accepted,
                        words("{}签收，预计{}后到场", "{} accepts, expected there in {}",
                              {said.by, spoken_roughly(until)}));
  if (answer.refusal || !open.life) return answer;
  const Responder& own = *responder_of(open.order, said.by);
  if (!own.rescuer || own.level != 1 || !own.arrive_by || *said.eta <= *own.arrive_by)
    return answer;
  for (const Responder& other : open.order.responders)
    if (other.rescuer && other.eta && other.arrive_by && *other.eta <= *other.arrive_by &&
        other.state != OrderState::dispatched)
      return answer;  // somebody else will be in time
  call_level(open, 2, "eta",
             words("{}预计{}后到场，晚于到场时限（派单后{}）",
                   "{} expects to be there in {}, later than allowed ({} after dispatch)",
                   {said.by, spoken_roughly(until), spoken(*own.arrive_by - open.dispatched)}));
  return answer;
}

Dispatch::Answer Dispatch::en_route(OpenOrder& open, const Feedback& said, Out&) {
  return go_on(open, said, OrderState::en_route, words("{}出发", "{} is on the way", {said.by}));
}

Dispatch::Answer Dispatch::arrived(OpenOrder& open, const Feedback& said, Out&) {
  return go_on(open, said, OrderState::arrived,
               words("{}到场，距派单{}", "{} is there, {} after dispatch",
                     {said.by, spoken_roughly(context().time - open.dispatched)}));
}

Dispatch::Answer Dispatch::finding(OpenOrder& open, const Feedback& said, Out& out) {
  Responder* own = responder_of(open.order, said.by);
  if (own == nullptr) return {not_called(said)};
  if (own->state < OrderState::arrived) {
    const Word& word = word_of(own->state);
    return {because("finding.not_arrived",
                    words("{}当前“{}”，尚未到场，不能反馈现场结果",
                          "{} is {}, not on site: it cannot tell what was found there",
                          {said.by, text_of(word)}))};
  }
  Order& order = open.order;
  order.verdict = Verdict{.finding = said.finding,
                          .action = said.action,
                          .by = said.by,
                          .at = context().time,
                          .people = static_cast<int>(said.people.value_or(0)),
                          .injured = static_cast<int>(said.injured.value_or(0)),
                          .cause = said.cause,
                          .note = said.note};
  open.party = party_of(registration.get(), key());
  const Text found =
      words("{}反馈：{}，{}", "{} found: {}; done: {}",
            {said.by, text_of(*finding_of(said.finding)), text_of(*action_of(said.action))});
  record(open, "finding", said.by, found);
  if (!open.life) {
    own->state = OrderState::handled;
    if (order.state != OrderState::handled) move(open, OrderState::handled);
    return {};
  }
  if (said.action != "rescued") return {};  // whoever is inside is still inside
  own->state = OrderState::handled;
  close(open, said.by,
        words("到场人员{}报告已救出{}人（受伤{}人），距派单{}，救援工单办结",
              "{}, on site, reports {} rescued ({} injured), {} after dispatch: closed",
              {said.by, order.verdict->people, order.verdict->injured,
               spoken_roughly(context().time - open.dispatched)}),
        out);
  return {std::nullopt, true};
}

Dispatch::Answer Dispatch::rectified(OpenOrder& open, const Feedback& said, Out&) {
  Order& order = open.order;
  Responder* own = responder_of(order, said.by);
  if (own == nullptr && kind_of(said.by) != "party") return {not_called(said)};
  if (!order.verdict) order.verdict.emplace().finding = "confirmed";
  order.verdict->action = "rectified_on_site";
  order.verdict->by = said.by;
  order.verdict->at = context().time;
  order.verdict->note = said.note;
  if (own != nullptr) own->state = OrderState::handled;
  if (order.state != OrderState::handled) move(open, OrderState::handled);
  record(open, "rectified", said.by,
         words("{}报告整改完成，待核查", "{} reports it rectified; a checker verifies", {said.by}));
  return {};
}

// A refusal. In a rescue it calls the next level at once and ends nobody's duty; otherwise it waits
// for the dispatcher's decision, and the clock goes on.
Dispatch::Answer Dispatch::give_back(OpenOrder& open, const Feedback& said, Out&) {
  Order& order = open.order;
  Responder* own = responder_of(order, said.by);
  if (own == nullptr) return {not_called(said)};
  const Text reason = shown(said.reason, "未说明理由", "no reason given");
  if (open.life) {
    own->declined = reason.zh;
    own->state = OrderState::dispatched;
    move(open, furthest(order));
    const Text cause = words("{}退单（{}）", "{} refuses ({})", {said.by, reason});
    record(open, "return", said.by, cause);
    const int level = own->level;
    const bool failed =
        level == 1 ||
        std::all_of(order.responders.begin(), order.responders.end(), [level](const Responder& r) {
          return r.level != level || !r.rescuer || !r.declined.empty();
        });
    if (failed) call_level(open, level + 1, "refused", cause);
    return {};
  }
  const Span& window = item_of(open).return_window;
  if (order.returns >= 2)
    return {because("return.designated", {"两次退单后由领导指定承办（托底），不得再退",
                                          "designated by a leader after two returns: it stays"})};
  if (now() > calendar_->end_of(hours_of(open), open.started, window))
    return {because("return.window", words("已过退单期限（起计后{}内）",
                                           "the window for a return ({} from its start) is over",
                                           {spoken(window)}))};
  order.returning = Returning{said.by, said.reason, said.evidence, context().time};
  record(open, "return", said.by,
         words("{}申请退单：{}（依据：{}），待派单方决定",
               "{} returns it: {} (evidence: {}); the dispatcher decides",
               {said.by, said.reason, said.evidence}));
  return {};
}

Dispatch::Answer Dispatch::pause(OpenOrder& open, const Feedback& said, Out&) {
  if (responder_of(open.order, said.by) == nullptr) return {not_called(said)};
  if (open.order.pause)
    return {because("pause.already",
                    words("已由{}挂起", "already paused by {}", {open.order.pause->by}))};
  if (*said.until <= now() || *said.until > now() + kPauseLimit)
    return {because(
        "pause.until",
        words("挂起期限须在今后{}以内", "a pause ends within {} from now", {spoken(kPauseLimit)}))};
  open.order.pause = Pause{said.by, said.reason, now(), *said.until};
  record(open, "pause", said.by,
         words("{}挂起：{}；工单时限停计，诉求人时限不停",
               "{} pauses it: {}; the order's clock stands, a complainant's does not",
               {said.by, said.reason}));
  return {};
}

Dispatch::Answer Dispatch::resume(OpenOrder& open, const Feedback& said, Out&) {
  if (kind_of(said.by) != "seat" && responder_of(open.order, said.by) == nullptr)
    return {not_called(said)};
  end_pause(open, said.by, words("{}恢复办理", "{} goes on", {said.by}));
  return {};
}

Dispatch::Answer Dispatch::extend_request(OpenOrder& open, const Feedback& said, Out&) {
  Order& order = open.order;
  if (responder_of(order, said.by) == nullptr) return {not_called(said)};
  if (*said.until <= *order.finish_by)
    return {because("extension.until", {"申请的期限不晚于现有期限",
                                        "the time asked for is not later than the present one"})};
  order.extension = Extension{said.by, said.reason, *said.until, false};
  record(open, "extend_request", said.by,
         words("{}申请延期{}：{}", "{} asks for {} more: {}",
               {said.by, spoken_roughly(*said.until - *order.finish_by), said.reason}));
  return {};
}

}  // namespace city
