#pragma once

// RawList: looks one level into the JSON of an array or object that a decoder left as it came
// (Slot::Kind::raw). The rule language calls it when a rule first touches such a field. Of one
// task; its thread. Nested arrays and objects come as raw again; numbers are doubles, as in slots.

#include <functional>
#include <string_view>

#include "connectors/json/walker.h"
#include "streams/slot.h"

namespace connectors {

class RawList {
 public:
  using OnElement = std::function<void(streams::Slot element)>;
  using OnMember = std::function<void(std::string_view name, streams::Slot value)>;

  /// False: `json` is no array (object), or broken, and then the calls made so far do not count.
  /// Slots are views into `json`, but for text with escapes and for names: those live only until
  /// the next call of a function here.
  bool for_each_element(std::string_view json, const OnElement& element);
  /// A name that comes twice is given twice: the last one counts.
  bool for_each_member(std::string_view json, const OnMember& member);

 private:
  streams::Slot in(std::string_view json, streams::Slot slot) const;

  Walker walker_;
};

}  // namespace connectors
