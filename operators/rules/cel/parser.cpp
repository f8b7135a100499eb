#include "operators/rules/cel/parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "operators/rules/cel/lexer.h"
#include "operators/rules/cel/literal.h"

namespace cel {
namespace {

using streams::Slot;

constexpr std::array<std::string_view, 17> kReserved = {
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

bool reserved(std::string_view word) {
  return word == "in" || std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end();
}

/// How tightly a binary operator binds; 0: the token is none.
int binding_power(const Token& token) {
  struct Row {
    std::string_view symbol;
    int power;
  };
  constexpr Row kRows[] = {{"||", 1}, {"&&", 2}, {"==", 3}, {"!=", 3}, {"<", 3},
                           {"<=", 3}, {">", 3},  {">=", 3}, {"+", 4},  {"-", 4},
                           {"*", 5},  {"/", 5},  {"%", 5}};
  if (token.word("in")) return 3;
  for (const Row& row : kRows) {
    if (token.is(row.symbol)) return row.power;
  }
  return 0;
}

/// The macro that a call of so many arguments, the element's name among them, is.
std::optional<Macro> macro_of(std::string_view name, std::size_t arguments) {
  const auto* found = std::find(std::begin(kMacroNames), std::end(kMacroNames), name);
  if (found == std::end(kMacroNames)) return std::nullopt;
  const auto macro = static_cast<Macro>(found - std::begin(kMacroNames));
  const bool fits = arguments == 2 || (arguments == 3 && macro == Macro::map);
  return fits ? std::optional(macro) : std::nullopt;
}

class Parser {
 public:
  Parser(std::string_view source, std::vector<Token> tokens, Arena& arena)
      : source_(source), tokens_(std::move(tokens)), arena_(arena) {}

  std::variant<NodePtr, Problem> run() {
    NodePtr root = expression();
    if (root && here().kind != Token::Kind::end) {
      fail(here(), "unexpected " + shown(here()) + "; expected an operator or the end");
    }
    if (problem_) return *std::move(problem_);
    return root;
  }

 private:
  const Token& here() const { return tokens_[at_]; }
  const Token& ahead() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  Token take() { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_[at_]; }
  bool accept(std::string_view symbol) { return here().is(symbol) && (take(), true); }

  /// The first problem is the one told; null, so that every caller unwinds.
  NodePtr fail(std::size_t offset, std::string what) {
    if (!problem_) problem_ = Problem::at(source_, offset, std::move(what));
    return nullptr;
  }
  NodePtr fail(const Token& token, std::string what) { return fail(token.offset, std::move(what)); }

  bool expect(std::string_view symbol, std::string_view where) {
    if (accept(symbol)) return true;
    fail(here(), "unexpected " + shown(here()) + "; expected '" + std::string(symbol) + "' " +
                     std::string(where));
    return false;
  }

  static std::string shown(const Token& token) {
    if (token.kind == Token::Kind::end) return "end of the expression";
    return "'" + std::string(token.text) + "'";
  }

  NodePtr make(Node::Kind kind, const Token& token, std::string_view name,
               std::vector<NodePtr> parts = {}) {
    auto node = std::make_unique<Node>(Node{.kind = kind, .offset = token.offset, .name = name});
    node->parts = std::move(parts);
    return finish(std::move(node));
  }

  /// What a node inherits from its parts; a tree too high is refused here.
  NodePtr finish(NodePtr node) {
    if (++nodes_ > kMaxNodes)
      return fail(node->offset, "the expression says too much; expected at most " +
                                    std::to_string(kMaxNodes) + " names, values and operators");
    node->constant = !node->is(Node::Kind::name);
    for (const NodePtr& part : node->parts) {
      if (!inherit(*node, part)) return nullptr;
    }
    return node;
  }

  bool inherit(Node& node, const NodePtr& part) {
    if (!part) return false;
    node.constant = node.constant && part->constant;
    node.height = std::max(node.height, part->height + 1);
    return node.height <= kMaxDepth || too_deep(node.offset);
  }

  NodePtr too_deep(std::size_t offset) {
    return fail(offset, "nested too deeply or chained too long; expected at most " +
                            std::to_string(kMaxDepth) + " levels");
  }

  NodePtr expression() {
    if (depth_ >= kMaxDepth) return too_deep(here().offset);
    ++depth_;
    NodePtr node = conditional();
    --depth_;
    return node;
  }

  NodePtr conditional() {
    NodePtr condition = binary(1);
    if (!condition || !here().is("?")) return condition;
    const Token question = take();
    NodePtr yes = binary(1);
    if (!yes || !expect(":", "and what holds otherwise")) return nullptr;
    NodePtr no = expression();
    return make(Node::Kind::conditional, question,
                "?:", parts(std::move(condition), std::move(yes), std::move(no)));
  }

  template <class... Nodes>
  static std::vector<NodePtr> parts(Nodes... nodes) {
    std::vector<NodePtr> all;
    (all.push_back(std::move(nodes)), ...);
    return all;
  }

  NodePtr binary(int least_power) {
    NodePtr left = unary();
    while (left) {
      const int power = binding_power(here());
      if (power == 0 || power < least_power) break;
      const Token sign = take();
      left = join(sign, std::move(left), binary(power + 1));
    }
    return left;
  }

  NodePtr join(const Token& sign, NodePtr left, NodePtr right) {
    if (!right) return nullptr;
    if (!sign.is("&&") && !sign.is("||")) {
      return make(Node::Kind::call, sign, sign.text, parts(std::move(left), std::move(right)));
    }
    // a && b && c is one node: chains may be long, and the compiler wants them flat.
    const Node::Kind kind = sign.is("&&") ? Node::Kind::all_of : Node::Kind::any_of;
    if (!left->is(kind)) {
      return make(kind, sign, sign.text, parts(std::move(left), std::move(right)));
    }
    left->parts.push_back(std::move(right));
    return inherit(*left, left->parts.back()) ? std::move(left) : nullptr;
  }

  NodePtr unary() {
    const bool not_sign = here().is("!");
    const bool number_next =
        ahead().kind == Token::Kind::integer || ahead().kind == Token::Kind::number;
    if (!not_sign && (!here().is("-") || number_next)) return postfix();
    if (depth_ >= kMaxDepth) return too_deep(here().offset);
    const Token sign = take();
    ++depth_;
    NodePtr operand = unary();
    --depth_;
    return make(Node::Kind::call, sign, not_sign ? "!" : "-_", parts(std::move(operand)));
  }

  NodePtr postfix() {
    NodePtr node = primary();
    while (node) {
      if (here().is(".")) {
        take();
        node = member(std::move(node));
      } else if (here().is("[")) {
        const Token bracket = take();
        NodePtr index = expression();
        if (!index || !expect("]", "after the index")) return nullptr;
        node = make(Node::Kind::call, bracket, "[]", parts(std::move(node), std::move(index)));
      } else if (here().is("{") && (node->is(Node::Kind::name) || node->is(Node::Kind::select))) {
        return fail(here(), "there are no message types here; expected an operator or the end");
      } else {
        break;
      }
    }
    return node;
  }

  NodePtr member(NodePtr object) {
    const Token name = here();
    const bool word = name.kind == Token::Kind::identifier && !literal_word(name.text);
    if (!word && name.kind != Token::Kind::quoted) {
      return fail(name, "unexpected " + shown(name) + "; expected a field or function after '.'");
    }
    take();
    if (!word || !here().is("(")) {
      return make(Node::Kind::select, name, name.text, parts(std::move(object)));
    }
    take();
    auto given = list(")", "after the arguments");
    if (!given) return nullptr;
    if (const auto macro = macro_of(name.text, given->size())) {
      return loop(*macro, name, std::move(object), *std::move(given));
    }
    given->insert(given->begin(), std::move(object));
    NodePtr call = make(Node::Kind::call, name, name.text, *std::move(given));
    if (call) call->receiver = true;
    return call;
  }

  NodePtr loop(Macro macro, const Token& name, NodePtr range, std::vector<NodePtr> given) {
    const Node& element = *given.front();
    if (!element.is(Node::Kind::name) || element.absolute) {
      return fail(element.offset, "expected a name for the element, as in list." +
                                      std::string(name.text) + "(e, …)");
    }
    const std::string_view element_name = element.name;
    given.front() = std::move(range);
    NodePtr node = make(Node::Kind::loop, name, element_name, std::move(given));
    if (node) node->macro = macro;
    return node;
  }

  /// Expressions up to a closing bracket; a comma may end them.
  std::optional<std::vector<NodePtr>> list(std::string_view close, std::string_view where) {
    std::vector<NodePtr> all;
    while (!accept(close)) {
      if (!all.empty() && !expect(",", "or '" + std::string(close) + "' " + std::string(where))) {
        return std::nullopt;
      }
      if (!all.empty() && close != ")" && accept(close)) break;
      all.push_back(expression());
      if (!all.back()) return std::nullopt;
    }
    return all;
  }

  NodePtr primary() {
    const Token token = here();
    if (token.kind == Token::Kind::identifier || token.is(".")) return name();
    if (token.is("(")) {
      take();
      NodePtr inner = expression();
      return inner && expect(")", "to close the bracket") ? std::move(inner) : nullptr;
    }
    if (token.is("[")) {
      take();
      auto items = list("]", "after the list");
      return items ? make(Node::Kind::list, token, "[", *std::move(items)) : nullptr;
    }
    if (token.is("{")) return map();
    if (token.kind == Token::Kind::symbol && !token.is("-")) return no_value(token);
    if (token.kind == Token::Kind::end || token.kind == Token::Kind::quoted) return no_value(token);
    return literal_node();
  }

  NodePtr no_value(const Token& token) {
    return fail(token, "unexpected " + shown(token) + "; expected a value");
  }

  NodePtr literal_node() {
    const Token start = here();
    const bool negative = accept("-");
    auto read = literal(take(), negative, arena_);
    if (const auto* bad = std::get_if<BadLiteral>(&read)) {
      return fail(start.offset + bad->offset, bad->what);
    }
    return literal_node(start, std::get<Slot>(read));
  }

  NodePtr literal_node(const Token& token, Slot value) {
    NodePtr node = make(Node::Kind::literal, token, token.text);
    if (node) node->value = value;
    return node;
  }

  static bool literal_word(std::string_view word) {
    return word == "true" || word == "false" || word == "null" || word == "in";
  }

  NodePtr name() {
    const bool absolute = accept(".");
    const Token token = take();
    if (token.kind != Token::Kind::identifier) {
      return fail(token, "unexpected " + shown(token) + "; expected a name after '.'");
    }
    if (!absolute && token.text == "null") return literal_node(token, Slot::null());
    if (!absolute && token.text == "true") return literal_node(token, Slot::boolean(true));
    if (!absolute && token.text == "false") return literal_node(token, Slot::boolean(false));
    if (literal_word(token.text) || reserved(token.text)) {
      return fail(token, "'" + std::string(token.text) + "' is reserved; expected a value");
    }
    if (accept("(")) return global_call(token);
    NodePtr node = make(Node::Kind::name, token, token.text);
    if (node) node->absolute = absolute;
    return node;
  }

  NodePtr global_call(const Token& token) {
    auto given = list(")", "after the arguments");
    if (!given) return nullptr;
    if (token.text != "has") return make(Node::Kind::call, token, token.text, *std::move(given));
    if (given->size() != 1 || !given->front()->is(Node::Kind::select)) {
      return fail(token, "has() asks for one field; expected has(a.b)");
    }
    return make(Node::Kind::has, token, token.text, *std::move(given));
  }

  NodePtr map() {
    const Token brace = take();
    std::vector<NodePtr> all;
    while (!accept("}")) {
      if (!all.empty() && !expect(",", "or '}' after the map")) return nullptr;
      if (!all.empty() && accept("}")) break;
      all.push_back(expression());
      if (!all.back() || !expect(":", "and the value of the key")) return nullptr;
      all.push_back(expression());
      if (!all.back()) return nullptr;
    }
    return make(Node::Kind::map, brace, "{", std::move(all));
  }

  std::string_view source_;
  std::vector<Token> tokens_;
  Arena& arena_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  std::size_t nodes_ = 0;
  std::optional<Problem> problem_;
};

}  // namespace

std::variant<NodePtr, Problem> parse(std::string_view source, Arena& arena) {
  if (source.size() > kMaxSourceBytes) {
    return Problem::at(source, kMaxSourceBytes,
                       "the expression is too long; expected at most 65536 bytes");
  }
  auto cut = tokens(source);
  if (auto* problem = std::get_if<Problem>(&cut)) return std::move(*problem);
  return Parser(source, std::get<std::vector<Token>>(std::move(cut)), arena).run();
}

}  // namespace cel
