#include "operators/see/wording.h"

#include "operators/city/words.h"
#include "operators/see/reading.h"
#include "operators/see/spoken_value.h"

namespace see {

using city::Conclusion;
using city::Text;
using city::words;
using rules::Circumstance;
using rules::CompiledRule;
using rules::Rulebook;
using streams::Slot;
using streams::Time;

namespace {

using What = Conclusion::What;

Slot duration(streams::Duration length) {
  return Slot::millis(Slot::Kind::duration, length.count());
}

/// Through what a match came, where its rule says nothing more.
Text seen_by(std::string_view topic) {
  if (topic == "camera.alerts") return {"摄像头发现", "seen by a camera"};
  if (topic == "hotline.complaints") return {"群众反映", "reported by a caller"};
  if (topic == "permit.changes") return {"登记记录显示", "shown by a record"};
  if (topic == "field.feedback") return {"现场反馈", "reported from the field"};
  return {"设备上报", "reported by the equipment"};
}

}  // namespace

city::Reason Wording::why(const CompiledRule& rule, const Rulebook& book,
                          const Conclusion& conclusion, const Decision& decision) {
  const auto titled = [&](std::string_view code, const Text& text) {
    return city::because(code, words("{}：{}", "{}: {}", {rule.rule.title, text}));
  };
  switch (conclusion.what) {
    case What::fired:
      return city::because("rule.fired", sentence(rule, book, conclusion, decision));
    case What::more:
      return city::because("rule.more", words("再次出现：{}", "seen again: {}",
                                              {sentence(rule, book, conclusion, decision)}));
    case What::cleared:
      return titled("rule.cleared", {"情况已消失", "it is so no longer"});
    case What::reminder:
      return titled("rule.reminder",
                    words("将于{}到期", "falls due by {}",
                          {calendar_->deadline(conclusion.due.value_or(decision.at),
                                               decision.at)}));
    case What::no_data:
      return titled("rule.no_data", {"设备失联，目前情况不明",
                                     "the equipment is silent, what holds now is unknown"});
    case What::ended:
      return titled("rule.ended", {"设备自身发出报警结束信号",
                                   "the equipment itself signalled the end of the alarm"});
  }
  return {};
}

city::Reason Wording::permitted(const city::Evidence& permit, Time now) {
  Text record{"登记记录", "a record"};
  arena_.reset();
  if (read_raw_ != nullptr)
    if (const Slot data = read_raw_(permit.data.text, arena_); data.is(Slot::Kind::map))
      if (const Slot* kind = cel::find(data, Slot::text("record")); kind != nullptr)
        record = spoken_value(*kind, "record", {}, calendar_.list, now);
  return city::because("permitted",
                       words("已有{}（{}记录），不派单，省一次出动",
                             "{} is on record (since {}): nobody is sent, one trip avoided",
                             {record, calendar_->spoken(permit.time, now)}));
}

Text Wording::sentence(const CompiledRule& rule, const Rulebook& book,
                       const Conclusion& conclusion, const Decision& decision) {
  if (rule.because.zh.empty() || rule.because.en.empty())
    return words("{}：{}", "{}: {}",
                 {rule.rule.title, otherwise(rule.rule, conclusion, decision.at)});
  arena_.reset();
  fill(rule, book, conclusion, decision);
  return {said(rule.because.zh, &Text::zh, decision.at),
          said(rule.because.en, &Text::en, decision.at)};
}

std::string Wording::said(const Pieces& pieces, std::string Text::*language, Time now) {
  std::string out;
  for (const auto& piece : pieces) {
    if (!piece.value) {
      out += piece.text;
      continue;
    }
    const Slot value = cel::evaluate(piece.value->program, variables_, arena_);
    const bool is_deadline = piece.is_deadline && value.is(Slot::Kind::timestamp);
    const Text text =
        is_deadline ? calendar_->deadline(time_of(value), now)
                    : spoken_value(value, piece.field, piece.words, calendar_.list, now);
    out += text.*language;
  }
  return out;
}

/// The values that the sentence's expressions read: of the decision, of facts, and of the event
/// that decided, out of its evidence.
void Wording::fill(const CompiledRule& rule, const Rulebook& book, const Conclusion& conclusion,
                   const Decision& decision) {
  const rules::Source* source = nullptr;
  for (const rules::Source& one : book.sources())
    if (one.topic == rule.rule.when.topic) source = &one;
  variables_.assign(book.first_data_slot() + (source == nullptr ? 0 : source->paths.size()), {});
  variables_[rules::kSubjectSlot] = Slot::text(decision.entity);
  const auto put = [&](Circumstance::What what, const Slot& slot) {
    variables_[rules::slot_of(what)] = slot;
  };
  put(Circumstance::What::held, duration(decision.at - conclusion.since));
  put(Circumstance::What::count, Slot::integer(rule.rule.count));
  put(Circumstance::What::within, duration(rule.rule.within));
  put(Circumstance::What::since, timestamp(conclusion.since));
  if (conclusion.due) put(Circumstance::What::due, timestamp(*conclusion.due));
  const Time then = decision.decided == nullptr ? decision.at : decision.decided->time;
  variables_[rules::kTimeSlot] = timestamp(then);
  if (decision.facts != nullptr)
    for (std::size_t f = 0; f < book.facts().size(); ++f)
      for (const FactState& kept : *decision.facts) {
        if (kept.fact != book.facts()[f]->semantics) continue;
        Slot* slots = &variables_[rules::kFirstFactSlot + rules::kFactSlots * f];
        slots[0] = duration(then - kept.evidence.time);
        slots[1] = kept.value.slot();
        slots[2] = timestamp(kept.evidence.time);
      }
  if (decision.decided == nullptr || read_raw_ == nullptr || source == nullptr) return;
  const Slot data = read_raw_(decision.decided->data.text, arena_);
  if (!data.is(Slot::Kind::map)) return;
  for (const auto& [slot, name] : rule.when.reads)
    if (const Slot* value = cel::find(data, Slot::text(name))) variables_[slot] = *value;
}

Text Wording::otherwise(const rules::Rule& rule, const Conclusion& conclusion, Time now) const {
  switch (rule.kind) {
    case rules::RuleKind::hold:
      return words("已持续{}", "for {}", {city::spoken_fully(now - conclusion.since)});
    case rules::RuleKind::count:
      return {city::spoken_fully(rule.within).zh + "内出现" + std::to_string(rule.count) + "次",
              std::to_string(rule.count) + " times within " + city::spoken_fully(rule.within).en};
    case rules::RuleKind::sequence:
      return words("{}内相继出现", "one after the other within {}",
                   {city::spoken_fully(rule.within)});
    case rules::RuleKind::missing:
      if (rule.silence)
        return words("自{}起没有信号", "no signal since {}",
                     {calendar_->spoken(conclusion.since, now)});
      return words("应于{}前办理，未见记录", "due by {}, no record of it came",
                   {calendar_->deadline(conclusion.due.value_or(now), now)});
    case rules::RuleKind::match:
      return seen_by(rule.when.topic);
  }
  return {};
}

}  // namespace see
