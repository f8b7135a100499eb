#pragma once

// SourceNames: the names that expressions of one pack on one source may use, and where evaluation
// finds them. Used by the rulebook's compiler (rulebook.cpp) and by nobody else.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operators/city/fields.h"
#include "operators/rules/rulebook.h"

namespace rules {

/// What a field of that type is in an expression; absent: not known.
inline cel::Kind kind_of(city::FieldType type) {
  switch (type) {
    case city::FieldType::boolean:
      return cel::Kind::boolean;
    case city::FieldType::number:
      return cel::Kind::number;
    case city::FieldType::text:
    case city::FieldType::date:
      return cel::Kind::text;
    case city::FieldType::list:
      return cel::Kind::list;
    case city::FieldType::object:
      return cel::Kind::map;
    case city::FieldType::any:
      break;
  }
  return cel::Kind::absent;
}

inline constexpr std::string_view kData = "data.";

/// A fact as the expressions of its pack see it.
struct KnownFact {
  std::string name;
  cel::Kind value;       // absent: not known
  std::uint32_t number;  // among those of all packs
  std::span<const std::string_view> among{};  // words that the value can be; empty: any
};

/// The names that expressions of one pack on one source may use. Fields of `data` get their slots
/// as they are first used, so only what some rule reads is ever extracted.
class SourceNames : public cel::Environment {
 public:
  SourceNames(Source& source, const std::vector<KnownFact>& facts,
              const std::vector<city::Field>& fields, std::uint32_t first_data_slot,
              cel::ReadRaw reader, const Rule* decided = nullptr)
      : source_(source),
        facts_(facts),
        fields_(fields),
        first_data_slot_(first_data_slot),
        read_raw_(reader),
        decided_(decided) {}

  std::optional<cel::Variable> find(std::string_view path) override {
    if (path == "event.time") return cel::Variable{kTimeSlot, cel::Kind::timestamp};
    if (path == "event.subject") return cel::Variable{kSubjectSlot, cel::Kind::text};
    for (const Circumstance& one : kCircumstances)
      if (path == one.name && decided_ != nullptr && has(*decided_, one.what))
        return cel::Variable{slot_of(one.what), kind_of_circumstance(one.what)};
    for (const KnownFact& known : facts_) {
      const std::uint32_t slot = kFirstFactSlot + kFactSlots * known.number;
      const std::string& fact = known.name;
      if (path == fact + ".age") return cel::Variable{slot, cel::Kind::duration};
      if (path == fact + ".value") return cel::Variable{slot + 1, known.value, false, known.among};
      if (path == fact + ".time") return cel::Variable{slot + 2, cel::Kind::timestamp};
    }
    if (!path.starts_with("data.")) return std::nullopt;
    const std::string_view name = path.substr(5);
    const auto field = std::find_if(fields_.begin(), fields_.end(),
                                    [&](const city::Field& one) { return one.name == name; });
    if (field == fields_.end()) return std::nullopt;
    return cel::Variable{first_data_slot_ + data_slot(name), kind_of(field->type),
                         field->type == city::FieldType::date, field->among};
  }
  std::vector<std::string> paths() const override {
    std::vector<std::string> all{"event.time", "event.subject"};
    for (const KnownFact& fact : facts_)
      for (const char* part : {".age", ".value", ".time"}) all.push_back(fact.name + part);
    for (const city::Field& field : fields_) all.push_back("data." + field.name);
    for (const Circumstance& one : kCircumstances)
      if (decided_ != nullptr && has(*decided_, one.what)) all.emplace_back(one.name);
    return all;
  }
  cel::ReadRaw read_raw() const override { return read_raw_; }
  bool of_events() const override { return true; }

 private:
  static cel::Kind kind_of_circumstance(Circumstance::What what) {
    switch (what) {
      case Circumstance::What::held:
      case Circumstance::What::within:
        return cel::Kind::duration;
      case Circumstance::What::count:
        return cel::Kind::integer;
      default:
        return cel::Kind::timestamp;
    }
  }
  std::uint32_t data_slot(std::string_view field) {
    const auto at = std::find(source_.paths.begin(), source_.paths.end(), field);
    const auto slot = static_cast<std::uint32_t>(at - source_.paths.begin());
    if (at == source_.paths.end()) source_.paths.emplace_back(field);
    return slot;
  }

  Source& source_;
  const std::vector<KnownFact>& facts_;
  const std::vector<city::Field>& fields_;
  std::uint32_t first_data_slot_;
  cel::ReadRaw read_raw_;
  const Rule* decided_;  // in its sentence: what its decision has is known too
};

}  // namespace rules
