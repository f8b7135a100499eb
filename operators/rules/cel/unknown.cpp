#include "operators/rules/cel/unknown.h"

#include <algorithm>
#include <set>

#include "operators/rules/cel/scope.h"

namespace cel {
namespace {

constexpr std::string_view kEvent = "event.";  // its attributes are always there

/// Collects the variables of a tree, with the compiler's idea of names.
class Walk {
 public:
  explicit Walk(Environment& environment) : scope_(environment) {}

  void through(const Node& node) {
    const bool named = node.is(Node::Kind::name) || node.is(Node::Kind::select);
    if (const auto found = named ? scope_.find(node) : std::nullopt) {
      if (found->kind == Scope::Found::Kind::variable)
        read.push_back({found->path, found->offset, false});
      return;
    }
    if (node.is(Node::Kind::has)) {
      const auto found = scope_.find(*node.parts[0]);
      if (found && found->kind == Scope::Found::Kind::variable && found->left_over == 0) {
        asked.insert(found->path);
        return;
      }
    }
    if (!node.is(Node::Kind::loop)) {
      for (const NodePtr& part : node.parts) through(*part);
      return;
    }
    through(*node.parts[0]);
    scope_.enter(node.name, 0);
    for (std::size_t i = 1; i < node.parts.size(); ++i) through(*node.parts[i]);
    scope_.leave();
  }

  std::vector<Need> read;
  std::set<std::string> asked;

 private:
  Scope scope_;
};

class Lenience {
 public:
  Lenience(std::span<const std::string> unknown, Environment& environment)
      : unknown_(unknown), environment_(environment) {}

  /// `wanted`: what the node has to be for the whole to be true.
  void visit(NodePtr& node, bool wanted) {
    switch (node->kind) {
      case Node::Kind::all_of:
      case Node::Kind::any_of:
        for (NodePtr& part : node->parts) visit(part, wanted);
        return;
      case Node::Kind::call:
        if (node->name == "!" && !node->receiver) return visit(node->parts[0], !wanted);
        return term(node, wanted);
      case Node::Kind::conditional:
        visit(node->parts[1], wanted);
        visit(node->parts[2], wanted);
        return term(node, wanted);
      default:
        return term(node, wanted);
    }
  }

 private:
  void term(NodePtr& node, bool wanted) {
    Walk walk{environment_};
    walk.through(*node);
    bool any = false;
    for (const Need& need : walk.read) {
      if (need.path.starts_with(kEvent)) continue;
      any = true;
      if (std::find(unknown_.begin(), unknown_.end(), need.path) == unknown_.end()) return;
    }
    if (!any) return;
    auto assumed = std::make_unique<Node>(Node{.kind = Node::Kind::assumed,
                                               .offset = node->offset,
                                               .name = node->name,
                                               .value = Slot::boolean(wanted)});
    assumed->height = node->height + 1;
    assumed->parts.push_back(std::move(node));
    node = std::move(assumed);
  }

  std::span<const std::string> unknown_;
  Environment& environment_;
};

}  // namespace

std::vector<Need> needs_of(const Node& root, Environment& environment) {
  Walk walk{environment};
  walk.through(root);
  std::vector<Need> needs;
  for (Need& need : walk.read) {
    const auto same = [&](const Need& other) { return other.path == need.path; };
    if (std::any_of(needs.begin(), needs.end(), same)) continue;
    need.asked = walk.asked.contains(need.path);
    needs.push_back(std::move(need));
  }
  std::sort(needs.begin(), needs.end(),
            [](const Need& a, const Need& b) { return a.offset < b.offset; });
  return needs;
}

void allow_unknown(NodePtr& root, std::span<const std::string> unknown, Environment& environment) {
  Lenience{unknown, environment}.visit(root, true);
}

}  // namespace cel
