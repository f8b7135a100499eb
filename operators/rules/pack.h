#pragma once

// Pack: a file of rules as an analyst wrote it, read but not yet compiled: facts, rules, their
// texts and tests, each with its place in the file. Read by pack_reader, compiled by rulebook.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "operators/city/conclusion.h"
#include "operators/city/fields.h"
#include "operators/yaml/node.h"
#include "operators/yaml/problem.h"
#include "streams/time.h"

namespace rules {

using yaml::Place;
using yaml::Problem;
using yaml::refusal;

/// One CEL expression on the events of one topic.
struct Clause {
  std::string topic;
  std::string text;
  Place place;
  yaml::Origin origin = {};  // where each character of `text` stands
};

/// What a rule says of its decision, in both languages: text with expressions in braces.
struct Sentence {
  Clause zh, en;
};

/// Words for a field's values: {"faultCode": {"brake": {"制动器", "the brake"}}}.
using ValueWords = std::map<std::string, city::Text, std::less<>>;

enum class RuleKind {
  match,     // an event is enough
  hold,      // `for`: a condition that holds that long
  count,     // `count` matches within a time
  sequence,  // one after the other within a time
  missing,   // what should have come by a due date did not
};

/// How long further matches belong to the same episode.
struct Episode {
  enum class Until { each, quiet, cleared };  // every match its own; so long quiet; `clear`
  Until until = Until::quiet;
  streams::Duration quiet = std::chrono::minutes{10};
};

struct Rule {
  std::string name;
  Place place;
  city::Text title;
  RuleKind kind = RuleKind::match;
  Clause when;
  std::vector<Clause> clear;   // any of them ends the condition
  std::vector<Clause> ends;    // the source itself declares the matter over
  std::vector<Clause> steps;   // of a sequence, after `when`
  std::vector<Clause> cancel;  // of missing: nothing is due any more
  std::optional<Clause> due;   // of missing: a timestamp; without it the event's time + within
  streams::Duration hold{};
  bool decide_on_arrival = false;  // of hold: only when an event of the entity arrives, no timer
  int count = 0;
  streams::Duration within{};  // of missing with `due`: for a record that names no date
  std::vector<streams::Duration> reminders;  // before the due date
  bool silence = false;  // of missing: while it lasts, the other rules on its topic have no data
  Episode episode;
  city::Consequence consequence = city::Consequence::order;
  std::optional<Clause> priority;
  std::map<std::string, Clause> cite;       // fact -> when its event is evidence too
  std::map<std::string, Clause> permitted;  // fact -> when its record permits what was seen
  /// Fields of `data` that may be unknown (absent, null, of another type) and the rule still fires;
  /// those that it needs to know.
  struct Field {
    std::string name;
    Place place;
  };
  std::vector<Field> fires_unknown, needs_known;
  std::optional<city::OrderRequest> order;
  std::optional<Sentence> because;
  std::string source;
};

/// Keeps the last match of something, for `when` and `priority` to read.
struct Fact {
  std::string name;
  Place place;
  Clause when;
  std::optional<Clause> value;
};

/// What a pack may hold; more is a problem. A count's matches are kept one by one.
inline constexpr std::size_t kMaxRules = 500;
inline constexpr std::size_t kMaxFacts = 200;
inline constexpr std::size_t kMaxTests = 1000;
inline constexpr std::size_t kMaxClauses = 50;  // of one key, such as `clear` or `sequence`
inline constexpr std::size_t kMaxFields = 200;  // of one topic, beside the contract's
inline constexpr std::size_t kMaxReminders = 20;
inline constexpr int kMaxCount = 1000;

struct PackTest {
  struct Given {
    streams::Duration at{};
    std::string topic;
    std::string subject;
    std::string data;  // JSON
  };
  struct Expected {
    streams::Duration at{};
    std::string rule;
    std::string what;     // "fired", …
    std::string because;  // the reason in Chinese; empty: any
  };
  std::string rule;  // the one it stands under
  Place place;
  std::vector<Given> given;
  std::vector<Expected> expect;
};

struct Pack {
  std::string name;
  std::string file;
  std::string hash;                                             // of the text
  std::map<std::string, std::vector<city::Field>> fields = {};  // topic -> beside the contract's
  std::map<std::string, ValueWords, std::less<>> words = {};    // field -> what values are called
  std::vector<Fact> facts;
  std::vector<Rule> rules;
  std::vector<PackTest> tests;
  std::map<std::string, Place> items = {};  // that orders ask for, by name: the duty list has them
  /// "elevator@9f3c21ab", stamped into what its rules produce.
  std::string version() const { return name + "@" + hash; }
};

/// What a rule decides and remembers, as one number: wording, title and priority are not in it, so
/// changing those keeps the state of open episodes.
/// Another pack's rule or fact of the same name is another one.
std::uint64_t semantics(const Pack& pack, const Rule& rule);
std::uint64_t semantics(const Pack& pack, const Fact& fact);

}  // namespace rules
