#include "operators/rules/pack_reader.h"

#include <algorithm>
#include <array>

#include "operators/city/contract.h"
#include "operators/city/topics.h"
#include "operators/rules/test_reader.h"
#include "operators/yaml/document.h"
#include "operators/yaml/mapping.h"
#include "streams/hash.h"

namespace rules {
namespace {

using yaml::Mapping;
using yaml::Node;
using yaml::Problems;

/// A name that stands alone in expressions.
bool is_identifier(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

class PackReader {
 public:
  PackReader(Pack& pack, Problems& problems) : pack_(pack), problems_(problems) {}

  void read(const Node& root) {
    Mapping file{root, "the pack", problems_};
    pack_.name = file.name("pack", "elevator");
    if (pack_.name.find_first_of("/@") != pack_.name.npos)
      problems_.add(file.place_of("pack"), "a pack's name has no '/' and no '@'");
    (void)file.text("about");
    file.members("fields",
                 [this](const Node& topic, const Node& node) { read_fields(topic, node); });
    file.members("words", [this](const Node& field, const Node& node) { read_words(field, node); });
    file.members("facts", [this](const Node& name, const Node& node) { read_fact(name, node); });
    at_most(kMaxFacts, pack_.facts.size(), "facts", file.place_of("facts"));
    file.each("rules", [this](const Node& node) { read_rule(node); });
    at_most(kMaxRules, pack_.rules.size(), "rules", file.place_of("rules"));
    at_most(kMaxTests, pack_.tests.size(), "tests", file.place());
  }

 private:
  void at_most(std::size_t most, std::size_t there, const std::string& what, Place place) {
    if (there > most)
      problems_.add(
          place, std::to_string(there) + " " + what + "; expected at most " + std::to_string(most));
  }

  /// `[name]`: of any type; `{name: number}`.
  void read_fields(const Node& topic, const Node& node) {
    check_topic(topic.text, topic.place, problems_);
    std::vector<city::Field>& fields = pack_.fields[topic.text];
    const auto add = [&](const Node& name, city::FieldType type) {
      if (!name.is_scalar() || !is_identifier(name.text))
        return problems_.add(name.place, "expected a field's name, not " + name.shown());
      for (const city::Field& field : fields)
        if (field.name == name.text)
          return problems_.add(name.place, name.shown() + " stands twice in 'fields'");
      fields.push_back({name.text, type});
    };
    if (node.is_list()) {
      for (const Node& name : node.items) add(name, city::FieldType::any);
    } else if (node.is_map()) {
      Mapping map{node, "the fields of " + topic.text, problems_};
      for (const yaml::Member& field : node.members)
        add(field.key, map.choice(field.key.text, city::FieldType::any));
    } else {
      problems_.add(node.place, "expected a list of fields, or a mapping of fields to types, not " +
                                    node.shown());
    }
    at_most(kMaxFields, fields.size(), "fields", node.place);
  }

  /// `{faultCode: {brake: {zh: 制动器, en: the brake}}}`.
  void read_words(const Node& field, const Node& node) {
    std::vector<std::string> known;
    for (const city::DoorContract& door : city::kContract)
      for (const city::ContractField& one : door.fields) known.emplace_back(one.name);
    for (const auto& [topic, fields] : pack_.fields)
      for (const city::Field& one : fields) known.push_back(one.name);
    if (std::find(known.begin(), known.end(), field.text) == known.end())
      problems_.add(field.place,
                    "no topic has a field '" + field.text + "'" + yaml::meant(field.text, known));
    if (!node.is_map())
      return problems_.add(node.place,
                           "values and their words are expected, as in `brake: {zh: 制动器, en: "
                           "brake}`");
    Mapping map{node, "the words of " + field.text, problems_};
    for (const yaml::Member& word : node.members)
      if (const Node* said = map.get(word.key.text))
        pack_.words[field.text][word.key.text] = read_text(said, word.key.text);
  }

  Clause expression(const Node& node, const std::string& topic) {
    if (node.is_scalar() && !node.text.empty())
      return {topic, node.text, node.place, node.origin()};
    if (!node.is(Node::Kind::refused))
      problems_.add(node.place, "expected an expression, not " + node.shown());
    return {topic, "true", node.place};
  }
  std::optional<Clause> expression(Mapping& map, const std::string& key, const std::string& topic) {
    const Node* node = map.get(key);
    return node == nullptr ? std::nullopt : std::optional{expression(*node, topic)};
  }
  Clause when(Mapping& map, const std::string& topic, std::string_view example) {
    const Node* node = map.required("when", example);
    return node == nullptr ? Clause{topic, "true", map.place()} : expression(*node, topic);
  }
  /// An expression, or {on, when}.
  Clause clause(const Node& node, const std::string& topic) {
    if (!node.is_map()) return expression(node, topic);
    Mapping map{node, "a clause", problems_};
    std::string on = map.text("on", topic);
    if (map.has("on")) check_topic(on, map.place_of("on"), problems_);
    return when(map, on, "data.mode == 'fault'");
  }
  std::vector<Clause> clauses(Mapping& map, const std::string& key, const std::string& topic) {
    std::vector<Clause> all;
    const Node* node = map.get(key);
    if (node == nullptr) return all;
    if (!node->is_list()) return {clause(*node, topic)};
    for (const Node& one : node->items) all.push_back(clause(one, topic));
    at_most(kMaxClauses, all.size(), "clauses", node->place);
    return all;
  }

  /// `{fact: expression}`.
  std::map<std::string, Clause> by_fact(Mapping& map, const std::string& key,
                                        const std::string& topic) {
    std::map<std::string, Clause> clauses;
    map.members(key, [&](const Node& fact, const Node& node) {
      clauses[fact.text] = expression(node, topic);
    });
    return clauses;
  }

  std::string topic_of(Mapping& map) {
    const std::string topic = map.required_text("on", "elevator.telemetry");
    if (!topic.empty()) check_topic(topic, map.place_of("on"), problems_);
    return topic;
  }

  void read_fact(const Node& name, const Node& node) {
    Mapping map{node, "fact '" + name.text + "'", problems_};
    if (!is_identifier(name.text) || name.text == "data" || name.text == "event")
      problems_.add(name.place,
                    "a fact's name stands in expressions: letters, digits and _, and neither data "
                    "nor event");
    Fact fact;
    fact.name = name.text;
    fact.place = name.place;
    const std::string topic = topic_of(map);
    fact.when = when(map, topic, "data.faultCode != null");
    fact.value = expression(map, "value", topic);
    pack_.facts.push_back(std::move(fact));
  }

  void read_rule(const Node& node) {
    Mapping map{node, "a rule", problems_};
    Rule rule;
    rule.place = map.place();
    rule.name = map.name("rule", "elevator.trapped");
    for (const Rule& other : pack_.rules)
      if (other.name == rule.name && !rule.name.empty())
        problems_.add(map.place_of("rule"), "rule '" + rule.name + "' stands at line " +
                                                std::to_string(other.place.line) + " already");
    rule.title = read_text(map.get("title"), rule.name);
    const std::string topic = topic_of(map);
    rule.when = when(map, topic, "data.occupied && data.speedMps == 0.0");
    rule.ends = clauses(map, "ends", topic);
    if (const Node* unknown = map.get("unknown")) read_unknown(*unknown, rule);
    read_kind(map, rule, topic);
    rule.consequence = map.choice("consequence", city::Consequence::order);
    rule.priority = expression(map, "priority", topic);
    rule.cite = by_fact(map, "cite", topic);
    rule.permitted = by_fact(map, "permitted", topic);
    if (!rule.permitted.empty() && rule.kind == RuleKind::missing)
      problems_.add(
          map.place_of("permitted"),
          "'permitted' is of what was seen, and a rule with `missing: true` sees nothing");
    if (!rule.permitted.empty() && rule.consequence == city::Consequence::life)
      problems_.add(map.place_of("permitted"),
                    "'permitted' is not for life at risk: nothing permits it");
    if (const Node* order = map.get("order")) rule.order = read_order(*order);
    if (const Node* because = map.get("because")) rule.because = read_sentence(*because, topic);
    rule.source = map.text("source");
    map.each("tests", [&](const Node& test) {
      pack_.tests.push_back(read_test(test, rule, pack_, problems_));
    });
    pack_.rules.push_back(std::move(rule));
  }

  void read_unknown(const Node& node, Rule& rule) {
    Mapping map{node, "'unknown'", problems_};
    map.each("fires", [&](const Node& field) {
      rule.fires_unknown.push_back({field.text, field.place});
    });
    map.each("needs", [&](const Node& field) {
      rule.needs_known.push_back({field.text, field.place});
    });
  }

  city::Text read_text(const Node* node, const std::string& otherwise) {
    if (node == nullptr) return {otherwise, otherwise};
    if (node->is_scalar() && !node->text.empty()) return {node->text, node->text};
    Mapping map{*node, "a title", problems_};
    return {map.required_text("zh", "电梯困人"), map.required_text("en", "Passengers trapped")};
  }

  Sentence read_sentence(const Node& node, const std::string& topic) {
    Mapping map{node, "a sentence", problems_};
    const auto one = [&](const char* language, std::string_view example) {
      const Node* said = map.required(language, example);
      return said == nullptr ? Clause{topic, "", map.place()} : expression(*said, topic);
    };
    Sentence read;
    read.zh = one("zh", "停在{data.floor}层，已持续{held}");
    read.en = one("en", "standing at floor {data.floor} for {held}");
    return read;
  }

  /// A key that only rules of some kinds read would be ignored in others, and mean nothing.
  void refuse_keys_of_other_kinds(Mapping& map, RuleKind kind) {
    using K = RuleKind;
    struct Row {
      const char* key;
      std::vector<K> kinds;
      const char* why;
    };
    static const std::array<Row, 9> kRows{{
        {"for", {K::hold}, "belongs to a rule without count, sequence and missing"},
        {"decide", {K::hold}, "belongs to a rule with `for`"},
        {"clear", {K::match, K::hold}, "belongs to a rule without count, sequence and missing"},
        {"episode", {K::match}, "belongs to a rule without for, count, sequence and missing"},
        {"within",
         {K::count, K::sequence, K::missing},
         "belongs to a rule with `count`, `sequence` or `missing: true`"},
        {"due", {K::missing}, "belongs to a rule with `missing: true`"},
        {"reminders", {K::missing}, "belongs to a rule with `missing: true`"},
        {"cancel", {K::missing}, "belongs to a rule with `missing: true`"},
        {"silence", {K::missing}, "belongs to a rule with `missing: true`"},
    }};
    for (const Row& row : kRows)
      if (std::find(row.kinds.begin(), row.kinds.end(), kind) == row.kinds.end())
        map.refuse(row.key, row.why);
  }

  RuleKind kind_of(Mapping& map, bool missing) {
    const bool hold = map.has("for"), count = map.has("count"), sequence = map.has("sequence");
    if (hold + count + sequence + missing > 1)
      problems_.add(map.place(),
                    "a rule is of one kind: only one of for, count, sequence, missing");
    if (missing) return RuleKind::missing;
    if (sequence) return RuleKind::sequence;
    if (count) return RuleKind::count;
    return hold ? RuleKind::hold : RuleKind::match;
  }

  void read_kind(Mapping& map, Rule& rule, const std::string& topic) {
    const bool missing = map.flag("missing", map.has("missing"));
    rule.kind = kind_of(map, missing);
    rule.hold = map.time("for").value_or(streams::Duration{});
    rule.count = map.number("count", 2, kMaxCount).value_or(2);
    rule.within = map.time("within").value_or(streams::Duration{});
    rule.silence = map.flag("silence", false);
    rule.steps = clauses(map, "sequence", topic);
    if (rule.kind == RuleKind::sequence && rule.steps.empty())
      problems_.add(map.place_of("sequence"), "'sequence' needs a step after `when`");
    rule.clear = clauses(map, "clear", topic);
    rule.due = expression(map, "due", topic);
    rule.cancel = clauses(map, "cancel", topic);
    map.each("reminders", [&](const Node& node) {
      if (const auto before = yaml::read_duration(node, problems_))
        rule.reminders.push_back(*before);
    });
    at_most(kMaxReminders, rule.reminders.size(), "reminders", map.place_of("reminders"));
    std::sort(rule.reminders.rbegin(), rule.reminders.rend());
    if (rule.silence && !rule.reminders.empty())
      problems_.add(map.place_of("reminders"), "'reminders' are of a due date; silence has none");
    const bool needs_within = rule.kind == RuleKind::count || rule.kind == RuleKind::sequence ||
                              (rule.kind == RuleKind::missing && !rule.due);
    if (needs_within && !map.has("within"))
      problems_.add(rule.place, "rule '" + rule.name + "' needs 'within', as in `within: 10m`");
    enum class Decide { timer, arrival };
    const auto decide = map.value(
        "decide",
        [](const std::string& word) {
          return word == "timer"     ? std::optional{Decide::timer}
                 : word == "arrival" ? std::optional{Decide::arrival}
                                     : std::nullopt;
        },
        "timer or arrival");
    rule.decide_on_arrival = decide == Decide::arrival;
    read_episode(map, rule);
    refuse_keys_of_other_kinds(map, rule.kind);
  }

  void read_episode(Mapping& map, Rule& rule) {
    if (!rule.clear.empty()) rule.episode.until = Episode::Until::cleared;
    const auto read = [](const std::string& word) -> std::optional<Episode> {
      if (word == "each") return Episode{Episode::Until::each};
      if (word == "cleared") return Episode{Episode::Until::cleared};
      const auto quiet = streams::parse_duration(word);
      if (!quiet || *quiet <= streams::Duration::zero() || *quiet > yaml::kLongestDuration)
        return std::nullopt;
      return Episode{Episode::Until::quiet, *quiet};
    };
    if (const auto episode =
            map.value("episode", read, "each, cleared or a quiet time such as 10m"))
      rule.episode = *episode;
    if (rule.episode.until == Episode::Until::cleared && rule.clear.empty() && rule.ends.empty())
      problems_.add(map.place_of("episode"), "`episode: cleared` needs 'clear' or 'ends'");
  }

  city::OrderRequest read_order(const Node& node) {
    if (node.is_scalar()) {
      pack_.items.emplace(node.text, node.place);
      return {node.text, {}, {}, {}};
    }
    Mapping map{node, "an order", problems_};
    const std::string item = map.name("item", "elevator.rescue");
    pack_.items.emplace(item, map.place_of("item"));
    return {item, map.time("accept"), map.time("arrive"), map.time("finish")};
  }

  Pack& pack_;
  Problems& problems_;
};

}  // namespace

Pack read_pack(std::string_view text, const std::string& file, std::vector<Problem>& problems) {
  Pack pack;
  pack.file = file;
  pack.hash = streams::make_id("", {text}).substr(0, 8);
  Problems found{file};
  const yaml::Document document = yaml::Document::read(text, found);
  if (document.root() != nullptr) PackReader{pack, found}.read(*document.root());
  problems.insert(problems.end(), found.all.begin(), found.all.end());
  return pack;
}

}  // namespace rules
