// What crews say, as events of the contract, and what their hands have done: how a row of the table
// becomes field.feedback.

#include "connectors/simulate/codes.h"
#include "connectors/simulate/crews.h"

namespace simulate {
namespace {

constexpr Duration kOrdered = 45min;  // until a merchant has done what was ordered
constexpr std::string_view kUncalled = "unit/91310000MA1M000097";

}  // namespace

/// Whether it is said by those about whom it is.
bool Crews::is_own_word(const Job& job, std::string_view by) const {
  return job.matter == Matter::hygiene && (by == job.merchant || by.starts_with("party/"));
}

std::string Crews::sender(const Move& move, const Act& act) {
  const bool led = act.actor.starts_with("leader/"), seated = act.actor.starts_with("seat/");
  switch (move.by) {
    case By::unit:
      return act.actor;
    case By::other_unit:
      return std::string{kUncalled};
    case By::officer:
      return "officer/SH-" + padded(Random::of(act.actor) % 10'000, 4);
    case By::party:
      return "party/" + act.actor.substr(act.actor.find('/') + 1);
    case By::seat:
      return seated ? act.actor : "seat/1";
    case By::checker:
      return "checker/SH-0017";
    case By::leader:
      return led ? act.actor : "leader/shanghai-1";
    case By::nobody:
      break;
  }
  return {};
}

std::string Crews::speak(const Act& act, const Job& job, const Move& move) {
  std::string id = "f-";
  append_whole(id, static_cast<std::int64_t>(options_.seed));
  id += '-';
  append_whole(id, ++ids_);
  tally_.count("steps", move.step);
  if ((move.flags & kIllegal) != 0) {
    ++tally_.illegal;
    illegal_.insert(id);
  }
  const std::string by = sender(move, act);
  Sheet sheet{Door::feedback, "/sh/field-app", id, job.entity, act.at,
              move.by == By::officer ? act.actor : std::string{}};
  sheet.text("step", move.step);
  if (job.of_warning)
    sheet.text("warning", job.id);
  else if (job.of_receipt)
    sheet.text("complaint", job.id);
  else if (job.of_matter)
    sheet.text("matter", job.id);
  else if ((move.flags & kByItem) != 0)
    sheet.text("item", job.item);
  else
    sheet.text("order",
               (move.flags & kWrongId) != 0 ? "o-00000000000000000000000000000000" : job.id);
  sheet.text("by", by);
  if (job.of_receipt) {
    speak_of_receipt(sheet, job, move);
    return sheet.finish();
  }
  if (job.of_matter) {
    speak_of_matter(sheet, move);
    return sheet.finish();
  }
  const Time until = act.at + move.minutes * 1min;
  if (move.step == "accept") {
    sheet.time("eta", until);
  } else if (move.step == "pause" || move.step == "extend_request" || move.step == "shelve") {
    sheet.time("until", until);
  } else if (move.step == "supervise") {
    sheet.time("replyBy", until);
  }
  if (move.step == "call_logged")
    sheet.text("who", move.other).text("result", move.word);
  else if (move.step == "supervise_reply")
    sheet.text("text", move.word);
  else if (!move.word.empty())
    sheet.text("reason", move.word);
  if (move.step == "return" && !move.other.empty()) sheet.text("evidence", move.other);
  if ((move.step == "transfer" || move.step == "return_accepted") && !move.other.empty())
    sheet.text("to", move.other);
  if (move.step == "rectified" && (move.flags & kUntrue) == 0)
    do_what(job, {job.matter, true, "", "rectified_on_site", 0}, act.at);
  if (move.step == "arrived") {
    sheet.text("note", "已到场").raw("photos", "[\"https://media.example/sh/" + id + ".jpg\"]");
    // Whoever gets there says at once what calls for the fire service.
    const Scene scene = job.life ? city_.scene(job.entity, job.matter, act.at) : Scene{};
    if (scene.injured > 0) {
      sheet.whole("injured", scene.injured);
      tally_.count("on arrival", "injured");
    }
    if (scene.smoke) {
      sheet.text("cause", "smoke");
      tally_.count("on arrival", "smoke");
    }
  }
  if (move.step == "finding") tell_finding(sheet, act, job, move);
  return sheet.finish();
}

void Crews::speak_of_receipt(Sheet& sheet, const Job& job, const Move& move) const {
  if (move.step == "call_logged") {
    sheet.text("who", move.other).text("result", move.word);
  } else if (move.step == "resolve_entity") {
    if ((move.flags & kNoEntity) == 0) sheet.text("entity", city_.meant_by(job.entity));
  } else if (move.step == "revisited") {
    sheet.text("result", move.word);
  } else if (move.step == "reopen" || move.step == "dismiss") {
    sheet.text("reason", move.word);
  } else {
    sheet.text("finding", "no_violation");
    sheet.text("action", move.other.empty() ? "answered" : move.other);
    if (!move.word.empty()) sheet.text("text", move.word);
  }
}

void Crews::speak_of_matter(Sheet& sheet, const Move& move) {
  if (!move.word.empty()) sheet.text(move.step == "objection" ? "text" : "reason", move.word);
}

void Crews::tell_finding(Sheet& sheet, const Act& act, const Job& job, const Move& move) {
  const Scene scene = city_.scene(job.entity, job.matter, act.at);
  const bool untrue = (move.flags & kUntrue) != 0;
  const Matter told = act.actor == job.merchant ? Matter::merchant : job.matter;
  Deck& deck = findings_[2 * static_cast<std::size_t>(told) + (scene.real != untrue)];
  if (deck.empty()) return;
  const bool illegal = (move.flags & kIllegal) != 0;
  const std::size_t number = deck.deal();
  const Finding& finding = options_.table.findings[number];
  sheet.text("finding", finding.finding);
  if ((move.flags & kNoAction) == 0) sheet.text("action", finding.action);
  if (finding.action == "rescued") {
    sheet.whole("people", scene.people).whole("injured", scene.injured);
    sheet.text("cause", scene.smoke ? std::string_view{"smoke"} : scene.cause);
  }
  if (illegal || untrue) return;  // said, but not done
  tally_.found(number);
  do_what(job, finding, act.at);
}

// What the crew's hands have done, so that the city goes on from there.
void Crews::do_what(const Job& job, const Finding& finding, Time at) {
  const std::string_view action = finding.action;
  if (of_premises(job.matter) && action != "none" && action != "answered")
    city_.corrected(job.entity, job.matter, action == "rectification_ordered" ? at + kOrdered : at);
  if (job.matter == Matter::trapped || action == "repaired")
    city_.repaired(job.entity, job.matter, at);
  if (job.matter == Matter::fault && action == "rectified_on_site")
    city_.repaired(job.entity, job.matter, at);
  if (job.matter == Matter::maintenance && action == "maintained")
    city_.completed(job.entity, Record::maintenance, at);
  if (job.matter == Matter::inspection && action == "inspected")
    city_.completed(job.entity, Record::inspection, at);
  if (job.matter == Matter::rectification && action == "rectified_on_site")
    city_.completed(job.entity, Record::rectification, at);
}

}  // namespace simulate
