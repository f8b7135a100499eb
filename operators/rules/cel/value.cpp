#include "operators/rules/cel/value.h"

#include <algorithm>
#include <utility>

namespace cel {

const char* const kMismatch = "the types do not fit";
const char* const kOutOfMemory = "the evaluation needs more memory than its arena's limit";
const char* const kOutOfWork = "the evaluation takes more steps than allowed";

namespace {

double as_double(const Slot& number) {
  if (number.is(Kind::integer)) return static_cast<double>(number.i);
  return number.is(Kind::natural) ? static_cast<double>(number.u) : number.d;
}

// An int or uint is compared with a double as a double: the specification's cases want
// 9223372036854775807 >= 9223372036854775808.0.
std::partial_ordering order_numbers(const Slot& a, const Slot& b) {
  if (a.is(Kind::number) || b.is(Kind::number)) return as_double(a) <=> as_double(b);
  const bool negative_a = a.is(Kind::integer) && a.i < 0;
  const bool negative_b = b.is(Kind::integer) && b.i < 0;
  if (negative_a || negative_b)
    return negative_a && negative_b ? a.i <=> b.i : negative_b <=> negative_a;
  return a.u <=> b.u;
}

bool equal_lists(const Slot& a, const Slot& b, Budget& budget) {
  return a.size == b.size && budget.spend(a.size) &&
         std::equal(items(a).begin(), items(a).end(), items(b).begin(),
                    [&](const Slot& x, const Slot& y) { return equal(x, y, budget); });
}

bool equal_maps(const Slot& a, const Slot& b, Budget& budget) {
  return a.size == b.size && budget.spend(a.size) &&
         std::equal(entries(a).begin(), entries(a).end(), entries(b).begin(),
                    [&](const Entry& x, const Entry& y) {
                      return equal(x.key, y.key, budget) && equal(x.value, y.value, budget);
                    });
}

/// Bools before numbers before strings; 3: no key.
int key_rank(Kind kind) {
  if (kind == Kind::boolean) return 0;
  if (numeric(kind)) return 1;
  return kind == Kind::text ? 2 : 3;
}

bool key_less(const Slot& a, const Slot& b) {
  const int rank_a = key_rank(a.kind);
  const int rank_b = key_rank(b.kind);
  return rank_a != rank_b ? rank_a < rank_b : order(a, b) == std::partial_ordering::less;
}

constexpr std::pair<Kind, std::string_view> kTypes[] = {
    {Kind::null, "null_type"},
    {Kind::boolean, "bool"},
    {Kind::integer, "int"},
    {Kind::natural, "uint"},
    {Kind::number, "double"},
    {Kind::text, "string"},
    {Kind::bytes, "bytes"},
    {Kind::list, "list"},
    {Kind::map, "map"},
    {Kind::duration, "google.protobuf.Duration"},
    {Kind::timestamp, "google.protobuf.Timestamp"},
    {Kind::type, "type"},
};

}  // namespace

Slot map_of(std::span<Entry> unsorted) {
  for (const Entry& entry : unsorted) {
    if (key_rank(entry.key.kind) == 3 || entry.key.is(Kind::number)) {
      return fault("a map's key is neither bool, int, uint nor string");
    }
  }
  std::sort(unsorted.begin(), unsorted.end(),
            [](const Entry& a, const Entry& b) { return key_less(a.key, b.key); });
  for (std::size_t i = 1; i < unsorted.size(); ++i) {
    if (!key_less(unsorted[i - 1].key, unsorted[i].key)) return fault("a map's key appears twice");
  }
  return {.kind = Kind::map,
          .size = static_cast<std::uint32_t>(unsorted.size()),
          .ref = unsorted.data()};
}

const Slot* find(const Slot& map, const Slot& key) {
  const auto all = entries(map);
  const auto found =
      std::lower_bound(all.begin(), all.end(), key,
                       [](const Entry& entry, const Slot& k) { return key_less(entry.key, k); });
  // NaN is neither less nor greater than any number, hence the second look.
  const bool same = found != all.end() && key_rank(key.kind) == key_rank(found->key.kind) &&
                    order(found->key, key) == std::partial_ordering::equivalent;
  return same ? &found->value : nullptr;
}

bool numeric(Kind kind) {
  return kind == Kind::number || kind == Kind::integer || kind == Kind::natural;
}

bool equal(const Slot& a, const Slot& b, Budget& budget) {
  if (a.is(Kind::list) && b.is(Kind::list)) return equal_lists(a, b, budget);
  if (a.is(Kind::map) && b.is(Kind::map)) return equal_maps(a, b, budget);
  if (a.is(Kind::type) && b.is(Kind::type)) return a.view() == b.view();
  if (a.is(Kind::null) && b.is(Kind::null)) return true;
  return order(a, b) == std::partial_ordering::equivalent;
}

std::optional<std::partial_ordering> order(const Slot& a, const Slot& b) {
  if (numeric(a.kind) && numeric(b.kind)) return order_numbers(a, b);
  if (a.kind != b.kind) return std::nullopt;
  switch (a.kind) {
    case Kind::boolean:
      return a.b <=> b.b;
    case Kind::text:
    case Kind::bytes:
      return a.view() <=> b.view();
    case Kind::duration:
    case Kind::timestamp:
      return a.i != b.i ? a.i <=> b.i : a.size <=> b.size;
    default:
      return std::nullopt;
  }
}

std::string_view type_name(Kind kind) {
  for (const auto& [known, name] : kTypes) {
    if (known == kind) return name;
  }
  return "unknown";
}

std::optional<Slot> type_named(std::string_view name) {
  for (const auto& [kind, known] : kTypes) {
    if (known == name) return Slot::view(Kind::type, known);
  }
  return std::nullopt;
}

}  // namespace cel
