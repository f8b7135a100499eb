#include "operators/rules/cel/scope.h"

#include <algorithm>

namespace cel {

std::optional<Scope::Found> Scope::find(const Node& node) {
  std::vector<std::string_view> names;  // the path's last first
  const Node* root = &node;
  for (; root->is(Node::Kind::select); root = root->parts[0].get()) names.push_back(root->name);
  if (!root->is(Node::Kind::name)) return std::nullopt;

  const auto local = std::find_if(locals_.rbegin(), locals_.rend(),
                                  [&](const Local& l) { return l.name == root->name; });
  if (local != locals_.rend() && !root->absolute) {
    return Found{.kind = Found::Kind::local,
                 .local = local->place,
                 .offset = root->offset,
                 .path = std::string(root->name),
                 .left_over = names.size()};
  }
  std::string path(root->name);
  for (auto name = names.rbegin(); name != names.rend(); ++name) path.append(".").append(*name);
  const std::string whole = path;
  for (std::size_t left_over = 0;; ++left_over) {
    if (const auto variable = environment_.find(path)) {
      return Found{.kind = Found::Kind::variable,
                   .variable = *variable,
                   .offset = root->offset,
                   .path = path,
                   .left_over = left_over};
    }
    if (const auto type = type_named(path)) {
      return Found{.kind = Found::Kind::type,
                   .type = *type,
                   .offset = root->offset,
                   .path = path,
                   .left_over = left_over};
    }
    if (left_over == names.size()) return Found{.offset = root->offset, .path = whole};
    path.resize(path.size() - names[left_over].size() - 1);
  }
}

}  // namespace cel
