#include "operators/duty/hotline_list.h"

#include <algorithm>

#include "operators/rules/yaml.h"

namespace city {
namespace {

UnplacedRule read_unplaced(const YAML::Node& node, rules::Problems& problems) {
  rules::Yaml map{node, "a rule for what is unplaced", problems};
  UnplacedRule rule;
  rule.label = map.text("label");
  rule.kinds = map.texts("kinds");
  rule.rule = map.required_text("rule", "hotline.unplaced");
  if (const YAML::Node title = map.get("title")) {
    rules::Yaml languages{title, "a title", problems};
    rule.title.zh = languages.required_text("zh", "诉求待定位");
    rule.title.en = languages.required_text("en", "Complaint to be placed");
  }
  const std::string consequence = map.required_text("consequence", "order");
  if (const auto known = streams::named<Consequence>(consequence))
    rule.consequence = *known;
  else if (!consequence.empty())
    problems.add(map.place(),
                 "'" + consequence + "' is no consequence: life, safety, order, record");
  rule.item = map.text("order");
  return rule;
}

std::optional<Span> span(rules::Yaml& map, const std::string& key) {
  const std::string text = map.text(key);
  if (text.empty()) return std::nullopt;
  const std::optional<Span> parsed = Span::parse(text);
  if (!parsed || parsed->length() <= streams::Duration::zero())
    map.problems().add(map.place(), "'" + text +
                                        "' is no duration (30m, 2h, 15d) or working days "
                                        "(5wd)");
  return parsed;
}

ReceiptClock read_clock(const YAML::Node& node, rules::Problems& problems) {
  rules::Yaml map{node, "a receipt's clock", problems};
  ReceiptClock clock;
  clock.kinds = map.texts("kinds");
  clock.channels = map.texts("channels");
  clock.contact = span(map, "contact");
  clock.decide = span(map, "decide");
  if (const auto reply = span(map, "reply"))
    clock.reply = *reply;
  else
    problems.add(map.place(), "a receipt's clock needs 'reply', such as 5wd");
  return clock;
}

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

streams::Result<HotlineList> HotlineList::parse(std::string_view yaml, const std::string& file) {
  HotlineList list;
  rules::Problems problems{file, {}};
  try {
    rules::Yaml root{YAML::Load(std::string{yaml}), "the hotline's list", problems};
    root.each("labels", [&](const YAML::Node& node) {
      rules::Yaml map{node, "a label", problems};
      list.labels_.push_back({map.required_text("label", "困人"), map.texts("words")});
    });
    root.each("unplaced", [&](const YAML::Node& node) {
      list.unplaced_.push_back(read_unplaced(node, problems));
    });
    root.each("clocks",
              [&](const YAML::Node& node) { list.clocks_.push_back(read_clock(node, problems)); });
    list.hours_ = root.text("hours", std::string{kAlways});
    list.redo_ = span(root, "redo").value_or(list.redo_);
    list.interim_ = span(root, "interim").value_or(list.interim_);
    if (const YAML::Node alike = root.get("alike")) {
      rules::Yaml map{alike, "the numbers of likeness", problems};
      list.alike_ = {map.duration("within").value_or(streams::Duration{}),
                     map.number("percent").value_or(0)};
      if (list.alike_.within <= streams::Duration::zero() || list.alike_.percent < 1 ||
          list.alike_.percent > 100)
        problems.add(map.place(), "'alike' needs 'within', such as 7d, and 'percent', 1 to 100");
    }
  } catch (const YAML::Exception& e) {  // yaml-cpp reports syntax this way only
    problems.add({e.mark.line + 1, e.mark.column + 1}, e.msg);
  }
  for (const UnplacedRule& rule : list.unplaced_) {
    const auto same = [&](const Label& label) { return label.name == rule.label; };
    if (!rule.label.empty() && std::none_of(list.labels_.begin(), list.labels_.end(), same))
      problems.add({1, 1}, "rule '" + rule.rule + "' asks for the label '" + rule.label +
                               "', which is not in the list");
  }
  if (problems.all.empty()) return list;
  return rules::refusal(problems.all);
}

std::vector<std::string> HotlineList::labels_of(std::string_view text) const {
  std::vector<std::string> found;
  for (const Label& label : labels_)
    if (std::any_of(label.words.begin(), label.words.end(),
                    [&](const std::string& word) { return text.find(word) != text.npos; }))
      found.push_back(label.name);
  return found;
}

const UnplacedRule* HotlineList::unplaced(std::string_view kind,
                                          const std::vector<std::string>& labels) const {
  for (const UnplacedRule& rule : unplaced_)
    if ((rule.label.empty() || has(labels, rule.label)) &&
        (rule.kinds.empty() || has(rule.kinds, kind)))
      return &rule;
  return nullptr;
}

const ReceiptClock& HotlineList::clock(std::string_view kind, std::string_view channel) const {
  static const ReceiptClock kOrdinary;
  for (const ReceiptClock& clock : clocks_)
    if ((clock.kinds.empty() || has(clock.kinds, kind)) &&
        (clock.channels.empty() || has(clock.channels, channel)))
      return clock;
  return kOrdinary;
}

}  // namespace city
