#include "app/rule_answers.h"

#include <algorithm>
#include <map>

#include "connectors/json/event_decoder.h"
#include "connectors/json/raw_slots.h"
#include "operators/city/words.h"
#include "operators/rules/pack_reader.h"
#include "operators/rules/rulebook.h"
#include "operators/see/reading.h"

namespace app {

using city::Text;
using city::words;
using rules::Rule;
using rules::RuleKind;
using see::Reading;
using Answer = Reading::Answer;

namespace {

constexpr std::string_view kPart = "#";  // in the name of a rule that is a part of another

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \n\t");
  if (begin == text.npos) return {};
  return std::string{text.substr(begin, text.find_last_not_of(" \n\t") + 1 - begin)};
}

/// The packs, and behind each rule its parts as rules of their own.
std::vector<rules::Pack> with_parts(const std::vector<streams::Version>& versions) {
  std::vector<rules::Pack> packs;
  for (const streams::Version& version : versions) {
    if (!version.name.starts_with("rules/")) continue;
    std::vector<rules::Problem> known;  // it is active with them
    rules::Pack pack = rules::read_pack(version.content, version.name, known);
    for (Rule& rule : pack.rules) rule.because.reset();  // what it reads decides nothing
    const std::vector<Rule> whole = pack.rules;
    for (const Rule& rule : whole) {
      const std::vector<std::string> parts = parts_of(rule.when.text);
      for (std::size_t i = 0; parts.size() > 1 && i < parts.size(); ++i) {
        Rule part;
        part.name = rule.name + std::string{kPart} + std::to_string(i);
        part.when = {rule.when.topic, parts[i], rule.when.place};
        pack.rules.push_back(std::move(part));
      }
    }
    packs.push_back(std::move(pack));
  }
  return packs;
}

/// The condition holds: what else it takes.
Text what_else(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::hold:
      return words("条件成立，还须持续{}", "its condition holds, and has to for {}",
                   {city::spoken(rule.hold)});
    case RuleKind::count:
      return words("条件成立，还须在{}内满{}次",
                   "its condition holds: within {} it has to {} times",
                   {city::spoken(rule.within), rule.count});
    case RuleKind::sequence:
      return words("条件成立，是{}内先后发生的第一步",
                   "its condition holds: the first of what has to follow within {}",
                   {city::spoken(rule.within)});
    case RuleKind::missing:
      return {"条件成立，到期未再来时才预警",
              "its condition holds: it warns when the next one does not come in time"};
    default:
      return {"条件成立；同一次情况只预警一次，其后的并入",
              "its condition holds; one episode is one warning, and what follows joins it"};
  }
}

/// What becomes of a record that sets a due date, where the record itself does not say it well.
Text of_due(const rules::CompiledRule& rule, Reading& reading) {
  const Text otherwise = what_else(rule.rule);
  if (!rule.due || reading.value_of(*rule.due).is(streams::Slot::Kind::timestamp)) return otherwise;
  const bool named = reading.has_any(*rule.due);
  if (rule.rule.within == streams::Duration{})
    return named ? Text{"条件成立，但到期日期无法读取：沿用此前的到期日，没有的不设到期日",
                        "its condition holds, but the date that it names can't be read: the former "
                        "due date stands, and where there is none, none is set"}
                 : Text{"条件成立，但没有到期日期，也没有默认期限：不设到期日",
                        "its condition holds, but it names no date and the rule has no default: "
                        "no due date is set"};
  return named ? words("条件成立，但到期日期无法读取：沿用此前的到期日，没有的按默认的{}",
                       "its condition holds, but the date that it names can't be read: the former "
                       "due date stands, and where there is none the default of {}",
                       {city::spoken(rule.rule.within)})
               : words("条件成立，没有到期日期：按默认的{}到期，到期未再来时才预警",
                       "its condition holds and names no date: the default of {} applies, and it "
                       "warns when the next one does not come in time",
                       {city::spoken(rule.rule.within)});
}

/// What was read for it: "data.occupied（occupied=false）".
Text with_values(const std::string& part, const Reading& reading,
                 const rules::CompiledClause& clause) {
  std::string values = reading.evidence(clause).data.text;
  if (values == "{}") return {part, part};
  return words("{}，读到{}", "{}, where it read {}", {part, values});
}

}  // namespace

std::vector<std::string> parts_of(std::string_view condition) {
  std::vector<std::string> parts;
  int depth = 0;
  char quote = 0;
  std::size_t from = 0;
  for (std::size_t i = 0; i < condition.size(); ++i) {
    const char c = condition[i];
    if (quote != 0) {
      if (c == '\\')
        ++i;
      else if (c == quote)
        quote = 0;
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (depth > 0) continue;
    if (c == '?' || condition.substr(i, 2) == "||") return {trimmed(condition)};
    if (condition.substr(i, 2) != "&&") continue;
    parts.push_back(trimmed(condition.substr(from, i - from)));
    from = i + 2;
  }
  parts.push_back(trimmed(condition.substr(from)));
  return parts;
}

std::vector<RuleAnswer> answers_to(std::string_view event,
                                   const std::vector<streams::Version>& versions) {
  std::vector<rules::Problem> left_out;  // a part that cannot stand alone
  const std::unique_ptr<rules::Rulebook> book =
      rules::Rulebook::compile(with_parts(versions), connectors::read_raw_slot, left_out);
  connectors::EventDecoder decoder;
  decoder.extract(book->fields());
  std::string padded{event};
  padded.append(streams::Decoder::kPadding, ' ');
  streams::Event read;
  if (decoder.decode({padded.data(), event.size()}, read)) return {};
  const rules::Source* source = book->source_of_type(read.type);
  if (source == nullptr) return {};
  Reading reading;
  reading.take(read, read.subject, *source, *book);
  std::map<std::string_view, const rules::CompiledRule*> by_name;
  for (const auto& rule : book->rules()) by_name[rule->rule.name] = rule.get();

  std::vector<RuleAnswer> answers;
  for (const auto& rule : book->rules()) {
    const std::string& name = rule->rule.name;
    if (rule->rule.when.topic != source->topic || name.find(kPart) != name.npos) continue;
    RuleAnswer& answer = answers.emplace_back(RuleAnswer{name, rule->rule.title, false, 0, {}});
    const Answer whole = reading.ask(rule->when);
    answer.holds = whole == Answer::yes;
    if (answer.holds) {
      answer.held = std::string::npos;
      answer.why = rule->rule.kind == RuleKind::missing ? of_due(*rule, reading)
                                                         : what_else(rule->rule);
      continue;
    }
    const std::vector<std::string> parts = parts_of(rule->rule.when.text);
    Text doubtful;
    for (std::size_t i = 0; i < parts.size() && answer.why.zh.empty(); ++i) {
      const auto part = by_name.find(name + std::string{kPart} + std::to_string(i));
      const rules::CompiledRule& asked = part == by_name.end() ? *rule : *part->second;
      const Answer said = reading.ask(asked.when);
      const Text what = with_values(parts[i], reading, asked.when);
      if (said == Answer::yes && answer.held == i) ++answer.held;
      if (said == Answer::no) answer.why = words("条件不成立：{}", "does not hold: {}", {what});
      if (said == Answer::error && doubtful.zh.empty()) doubtful = what;
    }
    if (answer.why.zh.empty())
      answer.why =
          words("读不到所需内容（事件中没有，或在于此前的情况）：{}",
                "lacks what it reads (the event has it not, or it lies before): {}", {doubtful});
  }
  std::stable_sort(answers.begin(), answers.end(),
                   [](const auto& a, const auto& b) { return a.held > b.held; });
  return answers;
}

}  // namespace app
