#pragma once

// FieldCheck: holds the fields of an event's `data` against the contract (operators/city/contract)
// as the walk passes them, and remembers what is wrong with the first. FieldTree calls it for each
// field that the contract knows; of one decoder, on its thread.

#include <string>
#include <string_view>
#include <vector>

#include "connectors/json/walker.h"
#include "operators/city/contract.h"

namespace connectors {

/// Whether text holds a control character (C0, DEL, C1); `breaks`: line breaks and tabs are none.
bool holds_control(std::string_view text, bool breaks);

class FieldCheck {
 public:
  /// Before each walk over `data`. `control`: its texts may hold control characters.
  void begin(bool control) {
    control_ = control;
    life_ = false;
    faults_.clear();
  }
  /// `at`: where the value stands. Null is as absent.
  void field(const city::ContractField& field, std::size_t at, const streams::Slot& value) {
    const char* fault = fault_of(field, value);
    if (fault != nullptr || !faults_.empty()) [[unlikely]]
      note(field, at, value, fault);
    if (field.life) life_ = value.is(streams::Slot::Kind::boolean) && value.b;
  }
  /// A name that has stood before: nobody knows which of the two is meant.
  void repeated(std::string_view name, std::size_t at);
  /// Nothing where all is right, or where life is in danger: then a field that is wrong is one that
  /// nobody knows, and no reason to miss the event.
  std::optional<streams::Reject> reject() const;

 private:
  struct Fault {
    const city::ContractField* field;  // null: of a name that is there twice
    std::size_t at;
    std::string reason;
  };
  const char* fault_of(const city::ContractField& field, const streams::Slot& value) const;
  const char* text_fault(const city::ContractField& field, std::string_view text) const;
  const char* list_fault(const city::ContractField& field, std::string_view json) const;
  void note(const city::ContractField& field, std::size_t at, const streams::Slot& value,
            const char* fault);

  bool control_ = false;
  bool life_ = false;
  std::vector<Fault> faults_;
};

/// A value as a reject shows it: text in quotes and cut, anything else by its kind.
std::string shown(const streams::Slot& value);

}  // namespace connectors
