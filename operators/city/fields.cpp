#include "operators/city/fields.h"

#include <map>

#include "operators/city/contract.h"

namespace city {
namespace {

FieldType type_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::boolean:
      return FieldType::boolean;
    case FieldKind::number:
      return FieldType::number;
    case FieldKind::texts:
      return FieldType::list;
    case FieldKind::time:
    case FieldKind::date:
      return FieldType::date;
    case FieldKind::id:
    case FieldKind::text:
      break;
  }
  return FieldType::text;
}

}  // namespace

const std::vector<Field>& fields_of(std::string_view topic) {
  static const std::map<std::string_view, std::vector<Field>> kAll = [] {
    std::map<std::string_view, std::vector<Field>> all;
    for (const DoorContract& door : kContract)
      for (const ContractField& field : door.fields)
        all[door.topic].push_back({std::string{field.name}, type_of(field.kind), field.among});
    return all;
  }();
  static const std::vector<Field> kNone;
  const auto found = kAll.find(topic);
  return found == kAll.end() ? kNone : found->second;
}

}  // namespace city
