#include "operators/rules/pack_reader.h"

#include <algorithm>

#include "operators/city/topics.h"
#include "operators/rules/yaml.h"
#include "streams/hash.h"

namespace rules {
namespace {

class PackReader {
 public:
  PackReader(Pack& pack, Problems& problems) : pack_(pack), problems_(problems) {}

  void read(const YAML::Node& root) {
    Yaml file{root, "the pack", problems_};
    pack_.name = file.required_text("pack", "elevator");
    (void)file.text("about");
    read_fields(file.get("fields"));
    const YAML::Node facts = file.get("facts");
    if (facts.IsMap())
      for (const auto& entry : facts) read_fact(entry.first.Scalar(), entry.second);
    file.each("rules", [this](const YAML::Node& node) { read_rule(node); });
  }

 private:
  void read_fields(const YAML::Node& node) {
    if (!node.IsDefined()) return;
    for (const auto& entry : node) {
      check_topic(entry.first.Scalar(), place_of(entry.first));
      for (const YAML::Node& name : entry.second)
        pack_.fields[entry.first.Scalar()].push_back(name.Scalar());
    }
  }

  void check_topic(const std::string& topic, Place place) {
    std::set<std::string> known;
    for (const city::Door& door : city::kDoors) known.emplace(door.topic);
    if (known.contains(topic)) return;
    const std::string meant = nearest(topic, known);
    std::string all;
    for (const std::string& name : known) all += (all.empty() ? "" : ", ") + name;
    problems_.add(place,
                  "no such topic '" + topic + "'; " +
                      (meant.empty() ? "topics are: " + all : "did you mean '" + meant + "'?"));
  }

  Clause clause(const YAML::Node& node, const std::string& topic) {
    if (node.IsScalar()) return {topic, node.Scalar(), text_place(node)};
    Yaml map{node, "a clause", problems_};
    Clause read{map.text("on", topic), map.required_text("when", "data.mode == 'fault'"),
                map.place()};
    if (map.has("when")) read.place = text_place(map.get("when"));
    if (map.has("on")) check_topic(read.topic, place_of(map.get("on")));
    return read;
  }
  static Place text_place(const YAML::Node& node) {
    Place place = place_of(node);
    if (node.Tag() == "!") ++place.column;  // behind the quote
    return place;
  }
  std::optional<Clause> optional_clause(Yaml& map, const std::string& key,
                                        const std::string& topic) {
    const YAML::Node node = map.get(key);
    if (!node.IsDefined()) return std::nullopt;
    return clause(node, topic);
  }
  std::vector<Clause> clauses(Yaml& map, const std::string& key, const std::string& topic) {
    std::vector<Clause> all;
    const YAML::Node node = map.get(key);
    if (!node.IsDefined()) return all;
    if (!node.IsSequence()) return {clause(node, topic)};
    for (const YAML::Node& one : node) all.push_back(clause(one, topic));
    return all;
  }

  /// `{fact: expression}`.
  std::map<std::string, Clause> by_fact(Yaml& map, const std::string& key,
                                        const std::string& topic) {
    std::map<std::string, Clause> clauses;
    const YAML::Node node = map.get(key);
    if (node.IsMap())
      for (const auto& entry : node) clauses[entry.first.Scalar()] = clause(entry.second, topic);
    return clauses;
  }

  std::string topic_of(Yaml& map) {
    const std::string topic = map.required_text("on", "elevator.telemetry");
    if (!topic.empty()) check_topic(topic, place_of(map.get("on")));
    return topic;
  }

  void read_fact(const std::string& name, const YAML::Node& node) {
    Yaml map{node, "fact '" + name + "'", problems_};
    Fact fact;
    fact.name = name;
    fact.place = map.place();
    const std::string topic = topic_of(map);
    fact.when = {topic, map.required_text("when", "data.faultCode != null"), map.place()};
    if (map.has("when")) fact.when.place = text_place(map.get("when"));
    fact.value = optional_clause(map, "value", topic);
    pack_.facts.push_back(std::move(fact));
  }

  void read_rule(const YAML::Node& node) {
    Yaml map{node, "a rule", problems_};
    Rule rule;
    rule.place = map.place();
    rule.name = map.required_text("rule", "elevator.trapped");
    for (const Rule& other : pack_.rules)
      if (other.name == rule.name)
        problems_.add(rule.place, "rule '" + rule.name + "' stands at line " +
                                      std::to_string(other.place.line) + " already");
    rule.title = read_text(map.get("title"), rule.name);
    const std::string topic = topic_of(map);
    rule.when = {topic, map.required_text("when", "data.occupied && data.speedMps == 0.0"),
                 map.place()};
    if (map.has("when")) rule.when.place = text_place(map.get("when"));
    rule.clear = clauses(map, "clear", topic);
    rule.ends = clauses(map, "ends", topic);
    read_kind(map, rule, topic);
    read_episode(map, rule);
    read_consequence(map, rule);
    rule.priority = optional_clause(map, "priority", topic);
    rule.cite = by_fact(map, "cite", topic);
    rule.permitted = by_fact(map, "permitted", topic);
    if (!rule.permitted.empty() && rule.consequence == city::Consequence::life)
      problems_.add(rule.place, "'permitted' is not for life at risk: nothing permits it");
    if (map.has("order")) rule.order = read_order(map.get("order"));
    rule.source = map.text("source");
    map.each("tests", [&](const YAML::Node& test) { read_test(test, rule); });
    pack_.rules.push_back(std::move(rule));
  }

  city::Text read_text(const YAML::Node& node, const std::string& otherwise) {
    if (!node.IsDefined()) return {otherwise, otherwise};
    if (node.IsScalar()) return {node.Scalar(), node.Scalar()};
    Yaml map{node, "a title", problems_};
    return {map.required_text("zh", "电梯困人"), map.required_text("en", "Passengers trapped")};
  }

  void read_kind(Yaml& map, Rule& rule, const std::string& topic) {
    const std::optional<streams::Duration> hold = map.duration("for");
    const std::optional<int> count = map.number("count");
    const std::optional<streams::Duration> within = map.duration("within");
    const bool missing = map.text("missing") == "true";
    rule.silence = map.text("silence") == "true";
    rule.steps = clauses(map, "sequence", topic);
    rule.due = optional_clause(map, "due", topic);
    rule.cancel = clauses(map, "cancel", topic);
    map.each("reminders", [&](const YAML::Node& node) {
      if (const auto before = read_duration(node, problems_)) rule.reminders.push_back(*before);
    });
    std::sort(rule.reminders.rbegin(), rule.reminders.rend());
    const int kinds =
        (hold ? 1 : 0) + (count ? 1 : 0) + (rule.steps.empty() ? 0 : 1) + (missing ? 1 : 0);
    if (kinds > 1)
      problems_.add(rule.place, "a rule is of one kind: only one of for, count, sequence, missing");
    rule.within = within.value_or(streams::Duration{});
    if (hold) {
      rule.kind = RuleKind::hold;
      rule.hold = *hold;
    } else if (count) {
      rule.kind = RuleKind::count;
      rule.count = *count;
      if (*count < 2) problems_.add(rule.place, "'count' must be 2 or more");
    } else if (!rule.steps.empty()) {
      rule.kind = RuleKind::sequence;
    } else if (missing) {
      rule.kind = RuleKind::missing;
    }
    const bool needs_within = rule.kind == RuleKind::count || rule.kind == RuleKind::sequence ||
                              (rule.kind == RuleKind::missing && !rule.due);
    if (needs_within && !within)
      problems_.add(rule.place, "rule '" + rule.name + "' needs 'within', as in `within: 10m`");
    if (rule.silence && !missing)
      problems_.add(rule.place, "'silence' belongs to a rule with `missing: true`");
    const std::string decide = map.text("decide", "timer");
    rule.decide_on_arrival = decide == "arrival";
    if (decide != "timer" && decide != "arrival")
      problems_.add(place_of(map.get("decide")), "'decide' is timer or arrival");
  }

  void read_episode(Yaml& map, Rule& rule) {
    if (!rule.clear.empty()) rule.episode.until = Episode::Until::cleared;
    const YAML::Node node = map.get("episode");
    if (!node.IsDefined()) return;
    if (node.IsScalar() && node.Scalar() == "each") {
      rule.episode.until = Episode::Until::each;
    } else if (node.IsScalar() && node.Scalar() == "cleared") {
      rule.episode.until = Episode::Until::cleared;
    } else if (const auto quiet = read_duration(node, problems_)) {
      rule.episode = {Episode::Until::quiet, *quiet};
    }
  }

  void read_consequence(Yaml& map, Rule& rule) {
    const std::string name = map.text("consequence", "order");
    if (const auto consequence = streams::named<city::Consequence>(name))
      rule.consequence = *consequence;
    else
      problems_.add(place_of(map.get("consequence")),
                    "'consequence' is life, safety, order or record, not '" + name + "'");
  }

  city::OrderRequest read_order(const YAML::Node& node) {
    if (node.IsScalar()) return {node.Scalar(), {}, {}, {}};
    Yaml map{node, "an order", problems_};
    return {map.required_text("item", "elevator.rescue"), map.duration("accept"),
            map.duration("arrive"), map.duration("finish")};
  }

  void read_test(const YAML::Node& node, const Rule& rule) {
    Yaml map{node, "a test", problems_};
    PackTest test;
    test.rule = rule.name;
    test.place = map.place();
    map.each("given", [&](const YAML::Node& given) {
      Yaml event{given, "an event", problems_};
      test.given.push_back({signed_duration(event, "at"), event.text("on", rule.when.topic),
                            event.text("subject", "elevator/1"), to_json(event.get("data"))});
    });
    map.each("expect", [&](const YAML::Node& expect) {
      Yaml wanted{expect, "an expectation", problems_};
      test.expect.push_back({signed_duration(wanted, "at"), wanted.text("rule", rule.name),
                             wanted.text("what", "fired")});
    });
    pack_.tests.push_back(std::move(test));
  }

  /// "+60s": counted from the test's start.
  streams::Duration signed_duration(Yaml& map, const std::string& key) {
    std::string text = map.text(key, "+0s");
    if (text.starts_with("+")) text.erase(0, 1);
    const std::optional<streams::Duration> at = streams::parse_duration(text);
    if (!at) problems_.add(map.place(), "'" + key + "' must be a time such as +60s");
    return at.value_or(streams::Duration{});
  }

  Pack& pack_;
  Problems& problems_;
};

}  // namespace

Pack read_pack(std::string_view text, const std::string& file, std::vector<Problem>& problems) {
  Pack pack;
  pack.file = file;
  pack.hash = streams::make_id("", {text}).substr(0, 8);
  Problems found{file, {}};
  try {
    PackReader{pack, found}.read(YAML::Load(std::string{text}));
  } catch (const YAML::Exception& e) {  // yaml-cpp reports syntax this way only
    found.add({e.mark.line + 1, e.mark.column + 1}, "not YAML: " + e.msg);
  }
  problems.insert(problems.end(), found.all.begin(), found.all.end());
  return pack;
}

}  // namespace rules
