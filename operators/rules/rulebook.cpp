#include "operators/rules/rulebook.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "operators/city/fields.h"
#include "operators/city/topics.h"
#include "operators/rules/source_names.h"

namespace rules {
namespace {

/// "elevator.yaml:12:9", for a sentence about another place.
std::string spot(const std::string& file, Place place) {
  return file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

/// "floor" of "data.floor"; empty: the expression is more than a field.
std::string field_alone(std::string_view expression) {
  const std::size_t begin = std::min(expression.find_first_not_of(' '), expression.size());
  expression = expression.substr(begin, expression.find_last_not_of(' ') + 1 - begin);
  if (!expression.starts_with("data.")) return {};
  expression.remove_prefix(5);
  const auto is_name = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  return std::all_of(expression.begin(), expression.end(), is_name) ? std::string{expression}
                                                                    : std::string{};
}

}  // namespace

constexpr std::string_view kCameraTopic = "camera.alerts";

class RulebookCompiler {
 public:
  RulebookCompiler(const std::vector<Pack>& packs, cel::ReadRaw read_raw,
                   std::vector<Problem>& problems, std::vector<Problem>* doubts)
      : packs_(packs), read_raw_(read_raw), problems_(problems), doubts_(doubts) {
    book_ = std::make_unique<Rulebook>();
    for (const city::Door& door : city::kDoors)
      book_->sources_.push_back({std::string{door.topic}, std::string{door.type}, {}, {}, false});
    for (Source& source : book_->sources_) {
      if (source.topic == kCameraTopic) source.paths.emplace_back(kDeviceField);
      if (source.topic == kPermitTopic)
        source.paths.assign(kRecordFields.begin(), kRecordFields.end());
    }
    std::size_t facts = 0;
    for (const Pack& pack : packs) facts += pack.facts.size();
    book_->first_data_slot_ = kFirstFactSlot + kFactSlots * static_cast<std::uint32_t>(facts);
  }

  std::unique_ptr<Rulebook> compile() {
    find_doubles();
    for (const Pack& pack : packs_) {
      enter(pack);
      for (const Fact& fact : pack.facts) add_fact(pack, fact);
    }
    for (const Pack& pack : packs_) {
      enter(pack);
      for (const Rule& rule : pack.rules) add_rule(pack, rule);
    }
    return std::move(book_);
  }

 private:
  /// What two packs call the same would be one of the two, and nobody could say which.
  void find_doubles() {
    std::map<std::string, std::string> packs, facts, rules;  // name -> where it is already
    const auto claim = [&](std::map<std::string, std::string>& names, const char* noun,
                           const std::string& name, const std::string& file, Place place) {
      const auto [first, is_new] = names.emplace(name, spot(file, place));
      if (!is_new && !name.empty())
        problems_.push_back({file, place,
                             std::string{noun} + " '" + name + "' is also at " + first->second +
                                 "; expected one of each name"});
    };
    for (const Pack& pack : packs_) {
      claim(packs, "a pack of the name", pack.name, pack.file, {1, 1});
      for (const Fact& fact : pack.facts) claim(facts, "fact", fact.name, pack.file, fact.place);
      std::set<std::string> own;  // the reader has complained of those within the pack
      for (const Rule& rule : pack.rules)
        if (own.insert(rule.name).second) claim(rules, "rule", rule.name, pack.file, rule.place);
    }
  }

  /// From here on names are those of this pack. Types of facts' values may rest on one another;
  /// what is wrong is said later.
  void enter(const Pack& pack) {
    std::uint32_t number = 0;
    for (const Pack& before : packs_) {
      if (&before == &pack) break;
      number += static_cast<std::uint32_t>(before.facts.size());
    }
    facts_.clear();
    for (const Fact& fact : pack.facts) facts_.push_back({fact.name, cel::Kind::absent, number++});
    fields_.clear();
    for (const Source& source : book_->sources_) {
      fields_.push_back(city::fields_of(source.topic));
      for (const auto& [topic, fields] : pack.fields)
        if (topic == source.topic)
          fields_.back().insert(fields_.back().end(), fields.begin(), fields.end());
    }
    for (std::size_t f = 0; f < pack.facts.size(); ++f) {
      const Fact& fact = pack.facts[f];
      const std::optional<std::size_t> s = source_of(fact.when.topic);
      if (!fact.value || !s) continue;
      Source scratch;
      SourceNames names = names_of(scratch, *s);
      facts_[f].value = cel::type_of(fact.value->text, names).value_or(cel::Kind::absent);
      if (const auto field = names.find(fact.value->text)) facts_[f].among = field->among;
    }
  }

  /// A scratch source has the topic's fields too, and keeps no slot of them.
  SourceNames names_of(Source& source, std::size_t number, const Rule* decided = nullptr) const {
    return {source, facts_, fields_[number], book_->first_data_slot_, read_raw_, decided};
  }

  std::optional<std::size_t> source_of(const std::string& topic) const {
    for (std::size_t s = 0; s < book_->sources_.size(); ++s)
      if (book_->sources_[s].topic == topic) return s;
    return std::nullopt;  // the reader has complained of the topic
  }

  /// A value in the sentence of a rule that has decided: where it stands there. It reads facts
  /// then, so no event has to bring them.
  struct Said {
    const Rule& decided;
    const Clause& sentence;
    std::size_t offset;
  };

  std::optional<CompiledClause> compile(const Pack& pack, const Clause& clause,
                                        cel::Kind wanted = cel::Kind::boolean,
                                        const std::vector<std::string>& unknown = {},
                                        const Said* said = nullptr) {
    const std::optional<std::size_t> s = source_of(clause.topic);
    if (!s) return std::nullopt;
    Source& source = book_->sources_[*s];
    SourceNames names = names_of(source, *s, said == nullptr ? nullptr : &said->decided);
    const std::vector<cel::Problem> found = cel::check(clause.text, names, wanted);
    for (const cel::Problem& problem : found)
      problems_.push_back(
          {pack.file,
           said == nullptr
               ? clause.origin.at(clause.text, problem.offset)
               : said->sentence.origin.at(said->sentence.text, said->offset + problem.offset),
           problem.what});
    if (!found.empty()) return std::nullopt;
    streams::Result<cel::Program> program = cel::compile(clause.text, names, unknown);
    if (!program) {
      problems_.push_back({pack.file, clause.place, program.error().what});
      return std::nullopt;
    }
    CompiledClause compiled{std::move(*program), *s, {}, {}};
    if (!unknown.empty())
      if (auto lenient = cel::compile_lenient(clause.text, unknown, names))
        compiled.lenient = std::move(*lenient);
    for (const cel::Use& use : compiled.program.variables()) {
      if (use.index >= kFirstFactSlot && use.index < book_->first_data_slot_ && said == nullptr)
        source.reads_facts = true;
      if (use.index >= book_->first_data_slot_ && !city::is_personal(use.path.substr(5)))
        compiled.reads.emplace_back(use.index, use.path.substr(5));
    }
    return compiled;
  }

  /// Of a clause that is asked of the event that `when` saw: only that one is in hand then.
  bool of_the_same(const Pack& pack, const std::string& key, const Clause& clause,
                   const Clause& when) {
    if (clause.topic == when.topic) return true;
    problems_.push_back({pack.file, clause.place,
                         "'" + key + "' is asked of the event of " + when.topic +
                             " that `when` saw, not of one of " + clause.topic +
                             "; a fact can keep what another topic said"});
    return false;
  }
  std::optional<CompiledClause> compile_beside(const Pack& pack, const std::string& key,
                                               const std::optional<Clause>& clause,
                                               const Clause& when,
                                               cel::Kind wanted = cel::Kind::boolean) {
    if (!clause || !of_the_same(pack, key, *clause, when)) return std::nullopt;
    return compile(pack, *clause, wanted);
  }

  void add_fact(const Pack& pack, const Fact& fact) {
    std::optional<CompiledClause> when = compile(pack, fact.when);
    std::optional<CompiledClause> value =
        compile_beside(pack, "value", fact.value, fact.when, cel::Kind::absent);
    // A fact with a problem has its place all the same: numbers are those of the packs.
    book_->facts_.push_back(nullptr);
    if (!when || (fact.value && !value)) return;
    book_->facts_.back() = std::make_unique<CompiledFact>(
        CompiledFact{fact, semantics(pack, fact), std::move(*when), std::move(value)});
    add_duty(fact.when.topic, Duty::Role::fact, book_->facts_.size() - 1, 0,
             book_->facts_.back()->when);
  }

  std::vector<CompiledRule::Cite> by_fact(const Pack& pack, const std::string& key,
                                          const std::map<std::string, Clause>& clauses,
                                          const Clause& when) {
    std::vector<CompiledRule::Cite> cites;
    for (const auto& [fact, clause] : clauses) {
      const auto at = std::find_if(facts_.begin(), facts_.end(),
                                   [&](const KnownFact& one) { return one.name == fact; });
      if (at == facts_.end())
        problems_.push_back(
            {pack.file, clause.place, "'" + key + "' names no fact of this pack: " + fact});
      else if (std::optional<CompiledClause> one = compile_beside(pack, key, clause, when))
        cites.push_back({at->number, std::move(*one)});
    }
    return cites;
  }

  /// What the value of an expression is read from, where that is personal: it may decide, but
  /// stands in no sentence.
  std::string personal_in(const cel::Program& program) const {
    const std::uint32_t first_data = book_->first_data_slot_;
    const auto is_personal = [&](const cel::Use& use) {
      return use.index >= first_data && city::is_personal(use.path.substr(5));
    };
    for (const cel::Use& use : program.variables()) {
      if (is_personal(use)) return use.path;
      if (use.index < kFirstFactSlot || use.index >= first_data) continue;
      const CompiledFact* fact = book_->facts_[(use.index - kFirstFactSlot) / kFactSlots].get();
      if (fact == nullptr || !fact->value) continue;
      const auto kept = fact->value->program.variables();
      if (std::any_of(kept.begin(), kept.end(), is_personal)) return use.path;
    }
    return {};
  }
  /// The field that an expression shows, by itself or as a fact keeps it.
  std::string field_of(const std::string& expression) const {
    for (const KnownFact& known : facts_)
      if (const CompiledFact* fact = book_->facts_[known.number].get();
          fact != nullptr && expression == known.name + ".value" && fact->fact.value)
        return field_alone(fact->fact.value->text);
    return field_alone(expression);
  }

  std::vector<CompiledSentence::Piece> say(const Pack& pack, const Rule& rule,
                                           const Clause& sentence) {
    std::vector<CompiledSentence::Piece> pieces;
    for (SentencePart& part : split(sentence, pack.file, problems_)) {
      CompiledSentence::Piece piece;
      piece.text = std::move(part.text);
      if (part.is_value) {
        const Said said{rule, sentence, part.offset};
        piece.value = compile(pack, {sentence.topic, piece.text, part.place},
                              cel::Kind::absent, {}, &said);
        if (!piece.value) continue;
        if (const std::string path = personal_in(piece.value->program); !path.empty())
          problems_.push_back({pack.file, part.place,
                               "'" + path + "' is personal: it may decide, but stands in no "
                                            "sentence"});
        piece.is_deadline = piece.text == "due";
        piece.field = field_of(piece.text);
        if (const auto words = pack.words.find(piece.field); words != pack.words.end())
          piece.words = words->second;
      }
      pieces.push_back(std::move(piece));
    }
    return pieces;
  }

  /// A sentence that is wrong is told, and takes no rule away. What it reads becomes evidence, so
  /// that a decision by time still has it.
  CompiledSentence because(const Pack& pack, const Rule& rule, CompiledClause& when) {
    if (!rule.because) return {};
    const std::size_t before = problems_.size();
    CompiledSentence said{say(pack, rule, rule.because->zh), say(pack, rule, rule.because->en)};
    if (problems_.size() != before) return {};
    for (const auto* pieces : {&said.zh, &said.en})
      for (const CompiledSentence::Piece& piece : *pieces) {
        if (!piece.value) continue;
        for (const auto& read : piece.value->reads)
          if (std::find(when.reads.begin(), when.reads.end(), read) == when.reads.end())
            when.reads.push_back(read);
      }
    return said;
  }

  /// The fields that may be unknown, as variables. What is named must be one that the rule reads.
  std::vector<std::string> unknown_of(const Pack& pack, const Rule& rule) {
    if (rule.fires_unknown.empty() && rule.needs_known.empty() &&
        rule.consequence != city::Consequence::life)
      return {};
    std::vector<cel::Need> needs;
    std::vector<const Clause*> asked{&rule.when};
    for (const Clause& step : rule.steps) asked.push_back(&step);
    for (const Clause* clause : asked) {
      const std::optional<std::size_t> s = source_of(clause->topic);
      if (!s) continue;
      Source scratch;
      SourceNames names = names_of(scratch, *s);
      for (cel::Need& need : cel::needs(clause->text, names))
        if (need.path.starts_with(kData)) needs.push_back(std::move(need));
      if (clause == &rule.when) doubt(pack, rule, needs);
    }
    std::vector<std::string> unknown;
    for (const auto* fields : {&rule.fires_unknown, &rule.needs_known})
      for (const Rule::Field& field : *fields) {
        const std::string path = std::string{kData} + field.name;
        const bool read = std::any_of(needs.begin(), needs.end(),
                                      [&](const cel::Need& need) { return need.path == path; });
        if (fields == &rule.fires_unknown) unknown.push_back(path);
        if (!read)
          problems_.push_back({pack.file, field.place,
                               "'unknown' names fields that the rule reads, and it does not read "
                               "data." + field.name});
      }
    return unknown;
  }

  /// Where life is at stake somebody has to have thought of each field that may not be known. The
  /// only one that a rule reads is what it looks at.
  void doubt(const Pack& pack, const Rule& rule, const std::vector<cel::Need>& needs) {
    if (doubts_ == nullptr || rule.consequence != city::Consequence::life || needs.size() < 2)
      return;
    const auto thought_of = [&](const cel::Need& need) {
      const auto names_it = [&](const Rule::Field& field) {
        return need.path.substr(kData.size()) == field.name;
      };
      return need.asked || std::ranges::any_of(rule.fires_unknown, names_it) ||
             std::ranges::any_of(rule.needs_known, names_it);
    };
    for (const cel::Need& need : needs)
      if (!thought_of(need))
        doubts_->push_back({pack.file, rule.when.origin.at(rule.when.text, need.offset),
                            "rule '" + rule.name + "' guards life and is silent where " +
                                need.path + " is unknown (absent, null, of another type); say "
                                "which it is: `unknown: {fires: […], needs: […]}`"});
  }

  void add_duty(const std::string& topic, Duty::Role role, std::size_t index, std::size_t part,
                const CompiledClause& clause) {
    book_->sources_[*source_of(topic)].duties.push_back(
        {role, index, part, &clause, role == Duty::Role::when && holds(index)});
  }

  bool holds(std::size_t index) const {
    return book_->rules_[index]->rule.kind == RuleKind::hold;
  }

  /// Every clause is compiled, so that all that is wrong is said at once.
  void add_rule(const Pack& pack, const Rule& rule) {
    const std::size_t before = problems_.size();
    const std::vector<std::string> unknown = unknown_of(pack, rule);
    const auto all = [&](const std::vector<Clause>& clauses,
                         const std::vector<std::string>& may_be_unknown = {}) {
      std::vector<CompiledClause> compiled;
      for (const Clause& clause : clauses)
        if (std::optional<CompiledClause> one =
                compile(pack, clause, cel::Kind::boolean, may_be_unknown))
          compiled.push_back(std::move(*one));
      return compiled;
    };
    const auto maybe = [&](const std::string& key, const std::optional<Clause>& clause,
                           cel::Kind wanted) {
      return compile_beside(pack, key, clause, rule.when, wanted);
    };
    std::optional<CompiledClause> when =
        compile(pack, rule.when, cel::Kind::boolean, unknown);
    std::vector<CompiledClause> clear = all(rule.clear), ends = all(rule.ends),
                                steps = all(rule.steps, unknown), cancel = all(rule.cancel);
    std::optional<CompiledClause> due = maybe("due", rule.due, cel::Kind::timestamp),
                                  priority = maybe("priority", rule.priority, cel::Kind::text);
    std::vector<CompiledRule::Cite> cites = by_fact(pack, "cite", rule.cite, rule.when);
    std::vector<CompiledRule::Cite> permits = by_fact(pack, "permitted", rule.permitted, rule.when);
    if (problems_.size() != before || !source_of(rule.when.topic)) return;
    CompiledSentence said = because(pack, rule, *when);
    book_->rules_.push_back(std::make_unique<CompiledRule>(
        CompiledRule{rule, pack.version(), semantics(pack, rule), std::move(*when),
                     std::move(clear), std::move(ends), std::move(steps), std::move(cancel),
                     std::move(due), std::move(priority), std::move(cites), std::move(permits),
                     std::move(said)}));
    add_duties(book_->rules_.size() - 1, *book_->rules_.back());
  }

  /// An end is looked at before a beginning, so that one event can close an episode and open the
  /// next.
  void add_duties(std::size_t index, const CompiledRule& compiled) {
    const Rule& rule = compiled.rule;
    const auto add_all = [&](Duty::Role role, const std::vector<Clause>& clauses,
                             const std::vector<CompiledClause>& programs) {
      for (std::size_t i = 0; i < clauses.size(); ++i)
        add_duty(clauses[i].topic, role, index, i, programs[i]);
    };
    add_all(Duty::Role::clear, rule.clear, compiled.clear);
    add_all(Duty::Role::ends, rule.ends, compiled.ends);
    add_all(Duty::Role::cancel, rule.cancel, compiled.cancel);
    // The later steps of a sequence first: one event is one step.
    for (std::size_t i = rule.steps.size(); i-- > 0;)
      add_duty(rule.steps[i].topic, Duty::Role::step, index, i, compiled.steps[i]);
    add_duty(rule.when.topic, Duty::Role::when, index, 0, compiled.when);
  }

  const std::vector<Pack>& packs_;
  cel::ReadRaw read_raw_;
  std::vector<Problem>& problems_;
  std::vector<Problem>* doubts_;
  std::unique_ptr<Rulebook> book_;
  std::vector<KnownFact> facts_;                  // of the pack in hand
  std::vector<std::vector<city::Field>> fields_;  // the contract's and its own, by source
};

std::unique_ptr<Rulebook> Rulebook::compile(const std::vector<Pack>& packs, cel::ReadRaw read_raw,
                                            std::vector<Problem>& problems,
                                            std::vector<Problem>* doubts) {
  return RulebookCompiler{packs, read_raw, problems, doubts}.compile();
}

const CompiledRule* Rulebook::rule_with(std::uint64_t semantics) const {
  for (const std::unique_ptr<CompiledRule>& rule : rules_)
    if (rule->semantics == semantics) return rule.get();
  return nullptr;
}

std::vector<streams::FieldList> Rulebook::fields() const {
  std::vector<streams::FieldList> fields;
  for (const Source& source : sources_) fields.push_back({source.type, source.paths});
  return fields;
}

}  // namespace rules
