#pragma once

// Node: one value of a YAML file, as the tree that document.h makes of it: text, list or mapping,
// with its place. What YAML would take a plain word for (a number, a boolean) is not decided here
// but by whoever reads it and knows what is meant. Lives as long as its Document; any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "operators/yaml/problem.h"

namespace yaml {

/// Where the characters of a text stand in the file, also where quotes, escapes and folded lines
/// lie between: an expression's problem is told at the character that it is about.
class Origin {
 public:
  Origin() = default;
  explicit Origin(Place start) : jumps_{{0, start}} {}
  /// From that byte of the text on, characters follow one another from `place`.
  void jump(std::size_t offset, Place place) { jumps_.push_back({offset, place}); }
  /// Of a byte of `text`, which is the one that this was made for.
  Place at(std::string_view text, std::size_t offset) const;

 private:
  struct Jump {
    std::size_t offset;
    Place place;
  };
  std::vector<Jump> jumps_;
};

struct Member;

struct Node {
  enum class Kind {
    nothing,  // null: an empty value, ~ or null
    scalar,
    list,
    map,
    refused,  // something that is not read here, such as an alias; a problem tells it already
  };
  Kind kind = Kind::nothing;
  bool plain = false;  // a scalar that is not quoted
  Place place;
  std::size_t offset = 0;  // in `source`
  std::string text;        // of a scalar
  std::vector<Node> items;
  std::vector<Member> members;          // in the order of the file
  const std::string* source = nullptr;  // the whole file

  bool is(Kind other) const { return kind == other; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  /// The value under a key, or null.
  const Node* find(std::string_view key) const;
  Origin origin() const;
  /// "'abc'", "a list": as sentences name it.
  std::string shown() const;
};

struct Member {
  Node key;
  Node value;
};

}  // namespace yaml
