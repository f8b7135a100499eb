#pragma once

// Checker: what can be said against an expression before it runs. Walks the tree with the
// compiler's scope; types are found out by asking the functions themselves with samples: the
// literal where there is one, else some value of the type that a variable is declared with. So
// there is one truth about types, and what is not known is not complained about. Called when a
// rule pack is loaded.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operators/rules/cel/ast.h"
#include "operators/rules/cel/functions.h"
#include "operators/rules/cel/problem.h"
#include "operators/rules/cel/scope.h"

namespace cel {

class Checker {
 public:
  /// The arena must be the one of the tree.
  Checker(std::string_view source, Arena& arena, Environment& environment)
      : source_(source),
        context_{arena, Budget{kMaxSteps}},
        environment_(environment),
        scope_(environment) {}

  /// In the order of the text. `wanted`: what the whole has to be; absent: anything.
  std::vector<Problem> run(const Node& root, Kind wanted);
  /// What the whole will be, where that is certain.
  std::optional<Kind> type(const Node& root);

 private:
  static constexpr std::uint32_t kMaxSteps = 100'000;

  /// A value as the node could have, with its type; `exact`: it can have no other value.
  struct Sample {
    Slot value;
    bool exact = false;
  };
  using Guess = std::optional<Sample>;

  Guess look(const Node& node);
  Guess look_at_list(const Node& node);
  Guess look_at_map(const Node& node);
  Guess look_at_chain(const Node& node);
  Guess look_at_path(const Node& node);
  Guess look_at_call(const Node& node);
  Guess look_at_loop(const Node& node);
  Guess look_at_conditional(const Node& node);
  static Guess element_of(const Guess& range);
  Guess ask(const Node& node, const Function& function, const std::vector<Guess>& guesses);
  void want_bool(const Node& node, const Guess& guess, std::string_view where);
  bool look_at_numbers(const Node& node, const std::vector<Guess>& guesses);
  bool look_at_literals(const Node& node, const std::vector<Guess>& guesses);
  void look_at_elements(const Node& node, const std::vector<Guess>& guesses);
  void look_at_date(const Node& node);
  void look_at_comparison(const Node& node, const std::vector<Guess>& guesses);
  void look_at_words(const Node& node, const std::vector<Guess>& guesses);
  void look_at_parts_of_words(const Node& node, const Scope::Found& found, const Slot& value);
  void look_at_pattern(const Node& node, const std::vector<Guess>& guesses);
  Guess unknown_name(const Scope::Found& found);
  Guess problem(std::uint32_t offset, std::string what);

  std::string_view source_;
  Context context_;
  Environment& environment_;
  Scope scope_;
  std::vector<Guess> locals_;                  // what loops' elements are, by their place
  std::vector<std::string> looked_into_ = {};  // paths of dates whose form a condition has asked
  std::vector<Problem> problems_;
};

}  // namespace cel
