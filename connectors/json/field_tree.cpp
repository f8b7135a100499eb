#include "connectors/json/field_tree.h"

#include <algorithm>

namespace connectors {

using streams::Slot;

FieldTree::FieldTree(const std::vector<std::string>& paths) : size_(paths.size()), nodes_(1) {
  for (std::uint32_t slot = 0; slot < paths.size(); ++slot) add(paths[slot], slot);
  for (Node& node : nodes_) node.table = KeyTable{node.names};
}

std::uint32_t FieldTree::child_of(std::uint32_t node, const std::string& name) {
  std::vector<std::string>& names = nodes_[node].names;
  const auto found = std::find(names.begin(), names.end(), name);
  const auto place = static_cast<std::uint32_t>(found - names.begin());
  if (found == names.end()) {
    names.push_back(name);
    nodes_[node].children.emplace_back();
  }
  return place;
}

void FieldTree::add(const std::string& path, std::uint32_t slot) {
  std::uint32_t node = 0;
  std::size_t from = 0;
  while (true) {
    const std::size_t dot = path.find('.', from);
    const std::uint32_t place = child_of(node, path.substr(from, dot - from));
    if (dot == std::string::npos) {
      Child& child = nodes_[node].children[place];
      if (child.slot == kNone)
        child.slot = slot;
      else
        copies_.emplace_back(child.slot, slot);
      return;
    }
    if (nodes_[node].children[place].node == kNone) {
      nodes_[node].children[place].node = static_cast<std::uint32_t>(nodes_.size());
      nodes_.emplace_back();
    }
    node = nodes_[node].children[place].node;
    nodes_[node].below.push_back(slot);
    from = dot + 1;
  }
}

Walker::Mark FieldTree::fill(Walker& walker, Walker::Mark at, std::span<Slot> slots) {
  std::fill(slots.begin(), slots.end(), Slot{});
  at = fill(walker, at, nodes_.front(), slots.data());
  for (const auto& [from, to] : copies_) slots[to] = slots[from];
  return at;
}

Walker::Mark FieldTree::fill(Walker& walker, Walker::Mark from, Node& node, Slot* slots) {
  Slot unread;
  return walker.object(from, node.table, [&](std::uint32_t number, Walker::Mark at) {
    Slot* slot = &unread;
    if (number != kNone) {
      const Child& child = node.children[number];
      if (child.node != kNone) return fill_below(walker, at, child, slots);
      slot = slots + child.slot;
    }
    return walker.value(at, *slot);
  });
}

Walker::Mark FieldTree::fill_below(Walker& walker, Walker::Mark at, const Child& child,
                                   Slot* slots) {
  Node& node = nodes_[child.node];
  for (const std::uint32_t slot : node.below) slots[slot] = Slot{};
  Slot value;
  Walker::Mark next;
  if (walker.first(at) == '{') {
    next = fill(walker, at, node, slots);
    if (next != nullptr) value = Slot::raw(walker.passed(at, next));
  } else {
    next = walker.value(at, value);
  }
  if (child.slot != kNone) slots[child.slot] = value;
  return next;
}

}  // namespace connectors
