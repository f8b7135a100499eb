#include "connectors/json/field_tree.h"

#include <algorithm>

namespace connectors {

using streams::Slot;

FieldTree::FieldTree(const std::vector<std::string>& paths,
                     std::span<const city::ContractField> contract)
    : size_(paths.size()), has_contract_(!contract.empty()), nodes_(1) {
  for (std::uint32_t slot = 0; slot < paths.size(); ++slot) add(paths[slot], slot);
  for (const city::ContractField& field : contract) {
    const std::uint32_t place = child_of(0, std::string{field.name});
    nodes_.front().children[place].field = &field;
  }
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

Walker::Mark FieldTree::fill(Walker& walker, Walker::Mark at, std::span<Slot> slots,
                             FieldCheck& check) {
  std::fill(slots.begin(), slots.end(), Slot{});
  ++walk_;
  at = fill(walker, at, nodes_.front(), slots.data(), check);
  for (const auto& [from, to] : copies_) slots[to] = slots[from];
  return at;
}

Walker::Mark FieldTree::fill(Walker& walker, Walker::Mark from, Node& node, Slot* slots,
                             FieldCheck& check) {
  Slot unread;
  return walker.object(from, node.table, [&](std::uint32_t number, Walker::Mark at) {
    if (number == kNone) return walker.value(at, unread);
    Child& child = node.children[number];
    if (child.walk == walk_) [[unlikely]]
      check.repeated(node.names[number], *at);
    child.walk = walk_;
    if (child.node != kNone) return fill_below(walker, at, child, slots, check);
    Slot& slot = child.slot != kNone ? slots[child.slot] : unread;
    const Walker::Mark next = walker.value(at, slot);
    if (child.field != nullptr && next != nullptr) {
      check.field(*child.field, *at, slot);
      // A word that is not filled in is one that nobody knows.
      if (!child.field->among.empty() && slot.is(Slot::Kind::text) && slot.size == 0)
        slot = Slot::null();
    }
    return next;
  });
}

Walker::Mark FieldTree::fill_below(Walker& walker, Walker::Mark at, const Child& child,
                                   Slot* slots, FieldCheck& check) {
  Node& node = nodes_[child.node];
  for (const std::uint32_t slot : node.below) slots[slot] = Slot{};
  Slot value;
  Walker::Mark next;
  if (walker.first(at) == '{') {
    next = fill(walker, at, node, slots, check);
    if (next != nullptr) value = Slot::raw(walker.passed(at, next));
  } else {
    next = walker.value(at, value);
  }
  if (child.slot != kNone) slots[child.slot] = value;
  if (child.field != nullptr && next != nullptr) check.field(*child.field, *at, value);
  return next;
}

}  // namespace connectors
