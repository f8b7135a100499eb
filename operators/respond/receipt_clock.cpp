// A receipt's own clock: by when its complainant is called and answered, on working days and in the
// desk's hours, whatever becomes of the order. What is not answered in time gets a dated interim
// answer, and whoever works on it is urged: no receipt is left without a word.

#include <algorithm>

#include "operators/city/words.h"
#include "operators/respond/receipts.h"

namespace city {
namespace {

using streams::Time;

bool is_answered(ReceiptState state) {
  return (steps::kUnanswered >> static_cast<Bits>(state) & 1) == 0;
}

}  // namespace

void Receipts::start_clock() {
  Receipt& receipt = open.edit().receipt;
  const ReceiptClock& clock = hotline_->clock(receipt.kind, receipt.channel);
  const std::string& hours = hotline_->hours();
  const Time start = now();
  const auto by = [&](const std::optional<Span>& span) -> std::optional<Time> {
    if (!span) return std::nullopt;
    return calendar_->end_of(hours, start, *span);
  };
  receipt.contact_by = by(clock.contact);
  receipt.decide_by = by(clock.decide);
  receipt.reply_by = by(clock.reply);
  receipt.calendar_version = calendar_.version;
  record("calendar", "rule",
         words("办理时限{}，应于{}前答复", "{} to answer: by {}",
               {spoken(clock.reply), calendar_->deadline(*receipt.reply_by, now())}));
  arm();
}

void Receipts::arm() {
  const OpenReceipt& mine = open.get();
  const Receipt& receipt = mine.receipt;
  if (is_answered(receipt.state)) return due.cancel();
  Time next = receipt.reply_by.value_or(Time::max());
  if (receipt.contact_by && !receipt.contacted && !mine.contact_late)
    next = std::min(next, *receipt.contact_by);
  if (next == Time::max())
    due.cancel();
  else if (due.due() != next)
    due.set(next);
}

void Receipts::on_due(Out& out) {
  OpenReceipt& mine = open.edit();
  Receipt& receipt = mine.receipt;
  const Time at = context().time;
  if (receipt.contact_by && *receipt.contact_by <= at && !receipt.contacted && !mine.contact_late) {
    mine.contact_late = true;
    const Text text = words("应于{}前先行联系诉求人，尚未联系",
                            "the complainant was to be called by {} and was not",
                            {calendar_->deadline(*receipt.contact_by, now())});
    record("contact_overdue", "rule", text);
    tell(mine.unit, "urge", words("{}：{}", "{}: {}", {receipt.receipt, text}),
         mine.cause_id);
  }
  if (receipt.reply_by && *receipt.reply_by <= at) answer_meanwhile();
  publish(out, mine.cause_id);
  arm();
}

void Receipts::answer_meanwhile() {
  OpenReceipt& mine = open.edit();
  Receipt& receipt = mine.receipt;
  const std::string& hours = hotline_->hours();
  const Time at = context().time;
  receipt.reply_by = calendar_->end_of(hours, at, hotline_->interim());
  const Text until = calendar_->deadline(*receipt.reply_by, now());
  const Text text =
      receipt.order.empty()
          ? words("{}仍在核实中，将于{}前答复您。",
                  "{} is still being looked at: you will hear by {}.", {matter_of(receipt), until})
          : words("{}已交由承办单位办理，尚未办结，将于{}前答复您。",
                  "{} is being worked on and not finished: you will hear by {}.",
                  {matter_of(receipt), until});
  record("interim", "rule", text);
  tell(receipt.receipt, "interim", text, mine.cause_id);
  tell(mine.unit, "urge",
       words("{}办理时限已到，须在{}前办结", "{} was due, it has to be done by {}",
             {receipt.receipt, until}),
       mine.cause_id);
  receipt.interim = Reply{at, mine.cause_id, text};
}

}  // namespace city
