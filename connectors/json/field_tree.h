#pragma once

// FieldTree: the paths below `data` that the active rules read of one event type, and the fields
// that the contract gives it, as a tree of names; and the walk that fills the slots and has the
// fields checked. Made by EventDecoder::extract, used for every event of the type, on the decoder's
// thread.

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "connectors/json/field_check.h"
#include "connectors/json/key_table.h"
#include "connectors/json/walker.h"

namespace connectors {

class FieldTree {
 public:
  /// A dot steps into an object; there is no path to a name that itself holds a dot.
  explicit FieldTree(const std::vector<std::string>& paths = {},
                     std::span<const city::ContractField> contract = {});

  std::size_t size() const { return size_; }
  bool has_contract() const { return has_contract_; }
  /// Passes the object at `at`; `slots` holds size() slots. A name that stands twice in an object
  /// is told to `check`; the last one counts, with all that is below it.
  Walker::Mark fill(Walker& walker, Walker::Mark at, std::span<streams::Slot> slots,
                    FieldCheck& check);

 private:
  static constexpr std::uint32_t kNone = KeyTable::kNone;
  struct Child {
    std::uint32_t slot = kNone;  // if a path ends here
    std::uint32_t node = kNone;  // if a path goes on
    const city::ContractField* field = nullptr;
    std::uint64_t walk = 0;  // in which it was last passed
  };
  struct Node {
    std::vector<std::string> names;
    KeyTable table;
    std::vector<Child> children;       // by place in `names`
    std::vector<std::uint32_t> below;  // every slot under this node
  };
  std::uint32_t child_of(std::uint32_t node, const std::string& name);
  void add(const std::string& path, std::uint32_t slot);
  Walker::Mark fill(Walker& walker, Walker::Mark at, Node& node, streams::Slot* slots,
                    FieldCheck& check);
  Walker::Mark fill_below(Walker& walker, Walker::Mark at, const Child& child, streams::Slot* slots,
                          FieldCheck& check);

  std::size_t size_ = 0;
  bool has_contract_ = false;
  std::uint64_t walk_ = 0;
  std::vector<Node> nodes_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> copies_;  // a path that is listed twice
};

}  // namespace connectors
