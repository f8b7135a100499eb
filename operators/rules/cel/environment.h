#pragma once

// Environment: what the names in an expression stand for. The rule compiler implements or fills
// one; compile and check ask it, evaluation does not (a name is then an index). Compile time only.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operators/rules/cel/value.h"

namespace cel {

struct Variable {
  std::uint32_t index = 0;   // where evaluation finds its slot
  Kind type = Kind::absent;  // what it holds when it is there; `absent`: not known
  bool date = false;         // a string that is a time or a date alone, which timestamp() refuses
  std::span<const std::string_view> among{};  // strings that it can be; empty: any
};

/// Turns the JSON of a raw slot into a list or map in the arena (list_of, map_of), nothing in it
/// raw; a fault when it can't.
using ReadRaw = Slot (*)(std::string_view json, Arena& arena);

class Environment {
 public:
  virtual ~Environment() = default;

  /// The variable of a dotted path such as `data.mode`. For `a.b.c` the whole is asked first, then
  /// `a.b`, then `a`; the rest is selected from its value. An environment without a fixed list of
  /// fields may accept, and so learn, any path it likes.
  virtual std::optional<Variable> find(std::string_view path) = 0;

  /// All paths, for "did you mean".
  virtual std::vector<std::string> paths() const = 0;

  /// Variables are fields of events: one that is null, or of another type than what it is compared
  /// with, is unknown. CEL itself calls them unequal.
  virtual bool of_events() const { return false; }

  /// Null: raw slots can't be looked into.
  virtual ReadRaw read_raw() const { return nullptr; }
};

/// The plain environment: a list of declarations.
class Declarations : public Environment {
 public:
  explicit Declarations(ReadRaw reader = nullptr) : read_raw_(reader) {}

  Declarations& declare(std::string path, std::uint32_t index, Kind type = Kind::absent) {
    variables_[std::move(path)] = {.index = index, .type = type};
    return *this;
  }

  std::optional<Variable> find(std::string_view path) override {
    const auto found = variables_.find(path);
    return found == variables_.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<std::string> paths() const override {
    std::vector<std::string> all;
    for (const auto& [path, variable] : variables_) all.push_back(path);
    return all;
  }
  ReadRaw read_raw() const override { return read_raw_; }

 private:
  std::map<std::string, Variable, std::less<>> variables_;
  ReadRaw read_raw_;
};

}  // namespace cel
