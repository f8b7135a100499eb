#pragma once

// Steps: what people may say about a warning, an order, a receipt or a matter: in which states, by
// whom, with what. The one table (and the documents'): judge and respond ask `refuse` before they
// act, and answer what it returns as `rejected`. What the table cannot say (whose
// claim, which responder, inside the window) each step's own code checks.

#include <cstdint>

#include "operators/city/feedback.h"
#include "operators/city/matter.h"
#include "operators/city/receipt.h"
#include "operators/city/warning.h"

namespace city {

/// What a feedback names; exactly one is legal.
enum class Target { none, several, warning, order, item, complaint, matter };
Target target_of(const Feedback& feedback);
/// The id or item that it names.
const std::string& target_name(const Feedback& feedback);

using Bits = std::uint32_t;

enum class Sender : Bits { seat = 1, officer = 2, unit = 4, checker = 8, leader = 16, party = 32 };
enum class Need : Bits {
  eta = 1,
  reason = 2,
  evidence = 4,
  to = 8,
  until = 16,
  finding = 32,
  action = 64,
  reply_by = 128,
  text = 256,
  who = 512,
  result = 1024,
  entity = 2048,
};
enum class Kind { any, life, other };  // of orders

struct StepRule {
  std::string_view step, zh, en;
  Target of;  // warning, order, complaint or matter
  Kind kind;
  Bits states;  // of the target
  Bits senders;
  Bits needs;
  Text title() const { return {std::string{zh}, std::string{en}}; }
  bool allows_state(int state) const { return (states >> state & 1) != 0; }
  bool allows_sender(Sender sender) const { return (senders & static_cast<Bits>(sender)) != 0; }
  bool requires_field(Need need) const { return (needs & static_cast<Bits>(need)) != 0; }
};

namespace steps {

template <class... T>
constexpr Bits any_of(T... values) {
  return (Bits{0} | ... | static_cast<Bits>(values));
}
template <class... State>
constexpr Bits in(State... states) {
  return (Bits{0} | ... | (Bits{1} << static_cast<Bits>(states)));
}

using W = WarningState;
using O = OrderState;
using R = ReceiptState;
using M = MatterState;
using enum Sender;
using enum Need;

inline constexpr Bits kUndecided = in(W::raised, W::screening, W::confirmed);
inline constexpr Bits kStanding = kUndecided | in(W::dispatched);
inline constexpr Bits kEnded = in(W::resolved, W::dismissed, W::merged, W::suppressed);
inline constexpr Bits kWaiting = in(O::dispatched, O::accepted);
inline constexpr Bits kUnderWay = in(O::dispatched, O::accepted, O::en_route, O::arrived);
inline constexpr Bits kWorking = in(O::accepted, O::en_route, O::arrived);
inline constexpr Bits kOpen = kUnderWay | in(O::handled, O::verified);
inline constexpr Bits kOver = in(O::closed, O::recalled);
inline constexpr Bits kUnanswered = in(R::received, R::assigned, R::contacted, R::redo);
inline constexpr Bits kAnswered = in(R::answered_directly, R::replied);
// An objection stands beside: what is legal is so by the state in which it came.
inline constexpr Bits kUndecidedMatter =
    in(M::opened, M::notified, M::corrected, M::not_corrected, M::case_filed);

}  // namespace steps

// clang-format off
inline constexpr auto kSteps = [] {
  using namespace steps;
  constexpr Bits kTeam = any_of(unit, officer), kDesk = any_of(seat, leader);
  constexpr Bits kCheck = any_of(checker, leader);
  constexpr Target kWarning = Target::warning, kOrder = Target::order;
  constexpr Target kComplaint = Target::complaint, kMatter = Target::matter;
  constexpr Bits kClerk = any_of(officer, unit, seat), kJudge = any_of(officer, leader);
  constexpr Kind any = Kind::any, life = Kind::life, other = Kind::other;
  return std::to_array<StepRule>({
      // On a warning. `confirm` and `dismiss` of a dispatched one: P1 only, kept as `screened`.
      {"confirm",  "确认",     "confirm",  kWarning, any, kStanding,  kDesk, 0},
      {"dismiss",  "排除",     "dismiss",  kWarning, any, kStanding,  kDesk, any_of(reason)},
      {"claim",    "认领",     "claim",    kWarning, any, kStanding,  any_of(seat), 0},
      {"release",  "释放",     "release",  kWarning, any, kStanding,  kDesk, 0},
      {"dispatch", "派单",     "dispatch", kWarning, any, kUndecided, kDesk, 0},
      {"shelve",   "搁置",     "shelve",   kWarning, any, kUndecided, kDesk, any_of(until, reason)},
      {"unshelve", "取消搁置", "unshelve", kWarning, any, kStanding,  kDesk, 0},
      {"reopen",   "重开",     "reopen",   kWarning, any, kEnded,     kDesk, any_of(reason)},
      {"call_logged", "电话记录", "call logged", kWarning, any, kStanding, kDesk,
       any_of(who, result)},
      // Of a complaint that nobody has placed: the receipt takes it (respond/receipts).
      {"resolve_entity", "认定对象", "resolve entity", kWarning, any, kStanding, kDesk,
       any_of(entity)},
      // On an order, by those who do it. A refusal in a rescue needs no evidence: that costs time.
      {"accept",   "签收", "accept",   kOrder, any,  kUnderWay, kTeam, any_of(eta)},
      {"en_route", "出发", "en route", kOrder, any,  kUnderWay, kTeam, 0},
      {"arrived",  "到场", "arrived",  kOrder, any,  kUnderWay, kTeam, 0},
      {"finding",  "反馈核查处置结果", "finding", kOrder, any, in(O::arrived, O::handled), kTeam,
       any_of(finding, action)},
      {"rectified", "报告整改完成", "rectified", kOrder, other, kWorking | in(O::handled),
       any_of(unit, officer, party), 0},
      {"return",   "退单", "return",   kOrder, life,  kUnderWay, kTeam, 0},
      {"return",   "退单", "return",   kOrder, other, kWaiting,  kTeam, any_of(reason, evidence)},
      {"transfer", "转办", "transfer", kOrder, other, kWaiting,  any_of(unit, seat),
       any_of(to, reason)},
      {"pause",    "挂起", "pause",    kOrder, other, kWorking,  kTeam, any_of(reason, until)},
      {"resume",   "恢复", "resume",   kOrder, other, kWorking,  any_of(unit, officer, seat), 0},
      {"extend_request", "申请延期", "extension request", kOrder, other, kWorking, kTeam,
       any_of(until, reason)},
      // On an order, by those who oversee it.
      {"return_accepted", "同意退单", "return accepted", kOrder, other, kWaiting, kDesk, 0},
      {"return_refused",  "驳回退单", "return refused",  kOrder, other, kWaiting, kDesk,
       any_of(reason)},
      {"extend_grant", "批准延期", "extension granted", kOrder, other, kWorking, kDesk, 0},
      {"verify",   "核查通过", "verify", kOrder, other, in(O::handled), kCheck, 0},
      {"reject_result", "核查不通过", "result rejected", kOrder, other, in(O::handled), kCheck,
       any_of(reason)},
      {"recall",   "撤回", "recall",   kOrder, other, kWaiting | in(O::en_route), kDesk,
       any_of(reason)},
      {"supervise", "督办", "supervise", kOrder, any, kOpen, any_of(leader), any_of(reply_by)},
      {"supervise_reply", "答复督办", "reply to supervision", kOrder, any, kOpen,
       any_of(unit, leader), any_of(text)},
      {"call_logged", "电话记录", "call logged", kOrder, any, kOpen, any_of(seat, unit),
       any_of(who, result)},
      // Made by the door that signs the links; a revocation counts on an order that has ended, too.
      {"link_given",   "发出手机链接", "phone's link given",   kOrder, any, kOpen, kDesk,
       any_of(to)},
      {"link_revoked", "收回手机链接", "phone's link revoked", kOrder, any, kOpen | kOver, kDesk,
       any_of(to)},
      {"resolve_entity", "认定对象", "resolve entity", kOrder, any, kOpen, kDesk, any_of(entity)},
      // On a receipt. What was sent out for it to nowhere certain can be ended at the desk; for
      // life at risk after a call.
      {"resolve_entity", "认定对象", "resolve entity", kComplaint, any, kUnanswered, kDesk,
       any_of(entity)},
      {"finding", "直接答复", "answer directly", kComplaint, any, kUnanswered,
       any_of(seat, unit, officer), any_of(finding, action, text)},
      {"dismiss", "不予受理", "decline", kComplaint, any,
       in(R::received, R::assigned, R::contacted),
       any_of(seat, leader, unit), any_of(reason)},
      {"revisited", "回访", "revisit", kComplaint, any, kAnswered, any_of(seat), any_of(result)},
      {"reopen", "重办", "do it again", kComplaint, any, kAnswered, kDesk, any_of(reason)},
      {"call_logged", "电话记录", "call logged", kComplaint, any, kUnanswered, any_of(seat, unit),
       any_of(who, result)},
      // On a matter. Whether an exemption or a case is due, and on what evidence: respond/matters.
      {"notified", "送达责令改正通知书", "notice served", kMatter, any, in(M::opened), kClerk, 0},
      {"objection", "陈述申辩", "objection", kMatter, any, kUndecidedMatter,
       any_of(party, officer, seat), any_of(text)},
      {"corrected", "确认已改正", "corrected", kMatter, any,
       in(M::opened, M::notified, M::not_corrected), any_of(officer, checker), 0},
      {"not_corrected", "确认未改正", "not corrected", kMatter, any, in(M::notified),
       any_of(officer, checker), 0},
      {"exempt",    "不予处罚", "exempt",     kMatter, any, in(M::corrected), kJudge,
       any_of(reason)},
      {"file_case", "立案",     "file a case", kMatter, any,
       in(M::opened, M::notified, M::corrected, M::not_corrected), kJudge, 0},
      {"decide", "作出处罚决定", "decide", kMatter, any, in(M::case_filed), kJudge, 0},
      {"served", "送达处罚决定", "decision served", kMatter, any, in(M::decided), kClerk, 0},
      {"paid",   "缴纳罚款",     "paid",            kMatter, any, in(M::served),  kClerk, 0},
  });
}();
// clang-format on

/// Why this feedback is not legal on a warning in that state, by the table; nothing: it is.
std::optional<Reason> refuse(const Feedback& feedback, WarningState state);
/// The same on an order.
std::optional<Reason> refuse(const Feedback& feedback, OrderState state, bool life);
/// The same on a receipt.
std::optional<Reason> refuse(const Feedback& feedback, ReceiptState state);
/// The same on a matter; `state`: while an objection stands, the one in which it came.
std::optional<Reason> refuse(const Feedback& feedback, MatterState state);
/// The same for what names no warning or order at all, or one that is not there.
Reason no_such_target(const Feedback& feedback);
/// What a complaint without a place is about: said on whatever was raised or sent out for it, it is
/// the receipt's to take or to refuse.
bool is_of_receipt(const Feedback& feedback, std::string_view entity);
/// The same said of what has a place.
Reason entity_known();
/// A drill's word changes nothing real, and only a drill's word what is a drill. `drill`: what it
/// names is one; `said`: the word is.
std::optional<Reason> refuse_mark(bool drill, bool said);

/// The table as a page in markdown: operators/city/steps.md, which a test compares.
std::string document_of_steps();
/// The same for a screen: elements {"step", "of", "zh", "en", "life", "states", "by", "with",
/// "while"}: `life` is null where any order will do, `while` what has to stand beside the state.
void append_steps(streams::JsonElements& element);

/// The answer. `cause_id`: the feedback's event.
Rejected rejection(std::string_view city, std::string_view cause_id, const Feedback& feedback,
                   std::string_view state, Reason reason);

}  // namespace city
