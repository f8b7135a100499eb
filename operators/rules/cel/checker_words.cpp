// What a field of a closed list is compared with: a word that is not on it is a slip of the pen,
// and the rule would be silent for ever.

#include <algorithm>

#include "operators/rules/cel/checker.h"
#include "operators/rules/cel/nearest.h"
#include "operators/rules/cel/value.h"

namespace cel {
namespace {

using Words = std::span<const std::string_view>;

bool is_other(const Slot& value, Words among) {
  return value.is(Kind::text) && std::ranges::find(among, value.view()) == among.end();
}

/// "data.mode is never 'falt'; did you mean 'fault'? It is one of normal, …"
std::string never(const std::string& path, const Slot& value, Words among) {
  const std::vector<std::string> words{among.begin(), among.end()};
  const auto meant = nearest(value.view(), words);
  std::string text = path + " is never '" + std::string(value.view()) + "'; ";
  if (meant) return text + "did you mean '" + *meant + "'?";
  text += "expected one of ";
  for (const std::string& word : words) text += (&word == words.data() ? "" : ", ") + word;
  return text;
}

}  // namespace

void Checker::look_at_words(const Node& node, const std::vector<Guess>& guesses) {
  if (guesses.size() != 2) return;
  for (const std::size_t field : {0u, 1u}) {
    const std::size_t other = 1 - field;
    const auto found = scope_.find(*node.parts[field]);
    if (!found || found->kind != Scope::Found::Kind::variable || found->left_over > 0) continue;
    const Words among = found->variable.among;
    if (among.empty() || !guesses[other] || !guesses[other]->exact) continue;
    const Slot& value = guesses[other]->value;
    if (node.name == "==" || node.name == "!=") {
      if (is_other(value, among))
        problem(node.parts[other]->offset, never(found->path, value, among));
    } else if (node.name == "in" && field == 0 && node.parts[other]->is(Node::Kind::list)) {
      for (std::size_t i = 0; i < node.parts[other]->parts.size(); ++i)
        if (const Slot& element = items(value)[i]; is_other(element, among))
          problem(node.parts[other]->parts[i]->offset, never(found->path, element, among));
    } else if (node.name == "in" && field == 0 && value.is(Kind::map)) {
      for (const Entry& entry : entries(value))
        if (is_other(entry.key, among))
          problem(node.parts[other]->offset, never(found->path, entry.key, among));
    } else if (field == 0 && value.is(Kind::text)) {
      look_at_parts_of_words(node, *found, value);
    }
  }
}

/// startsWith and its like: some word must have what is looked for.
void Checker::look_at_parts_of_words(const Node& node, const Scope::Found& found,
                                     const Slot& value) {
  constexpr std::string_view kParts[] = {"startsWith", "endsWith", "contains", "matches"};
  if (std::ranges::find(kParts, node.name) == std::end(kParts)) return;
  const Function& function = *function_named(node.name);
  for (const std::string_view word : found.variable.among) {
    const std::vector<Slot> asked{Slot::text(word), value};
    context_.budget = Budget{kMaxSteps};
    const Slot answer = function.apply(asked, context_);
    if (!answer.is(Kind::boolean) || answer.b) return;
  }
  problem(node.parts[1]->offset, "no word that " + found.path + " can be has '" +
                                     std::string(value.view()) + "' so");
}

}  // namespace cel
