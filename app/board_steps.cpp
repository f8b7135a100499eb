#include "app/board_steps.h"

namespace app {

using streams::json_object;
using streams::JsonMembers;

std::string_view change_of(const WarningView& now, const WarningView* before) {
  if (now.is_notice()) return "advance";
  if (before == nullptr || before->is_notice()) return now.state;
  if (now.state != before->state) return now.state;
  if (now.claim.text != before->claim.text) return now.claim.text == "null" ? "release" : "claim";
  if (now.shelved.text != before->shelved.text) return !now.is_shelved() ? "unshelve" : "shelve";
  if (now.screened.text != before->screened.text) return "screened";
  if (now.priority != before->priority) return "priority";
  if (now.condition != before->condition) return now.condition;
  return {};
}

std::string warning_step(const WarningView& view, std::string_view change, Time at) {
  return json_object([&](JsonMembers& member) {
    member("kind", "warning");
    member("at", at);
    member("id", view.id);
    member("change", change);
    member("rule", view.rule);
    member("state", view.state);
    member("stateReason", view.state_reason);
    member("priority", view.priority);
    member("title", view.title);
    member("reasons", view.reasons);
    member("claim", view.claim);
    member("shelved", view.shelved);
    member("screened", view.screened);
  });
}

namespace {

template <class View>
void append_step(JsonMembers& member, const View& view, const StepView& step, Time at) {
  member("kind", View::kKind);
  member("at", step.at.value_or(at));
  member("id", view.id);
  member("change", step.step);
  member("by", step.by);
  member("why", step.why);
}

}  // namespace

std::string order_step(const OrderView& order, const StepView& step, Time at) {
  return json_object([&](JsonMembers& member) {
    append_step(member, order, step, at);
    member("item", order.item);
    member("title", order.title);
  });
}

std::string receipt_step(const ReceiptView& receipt, const StepView& step, Time at) {
  return json_object([&](JsonMembers& member) {
    append_step(member, receipt, step, at);
    member("receipt", receipt.entity);
  });
}

std::string matter_step(const MatterView& matter, const StepView& step, Time at) {
  return json_object([&](JsonMembers& member) {
    append_step(member, matter, step, at);
    member("title", matter.title);
  });
}

}  // namespace app
