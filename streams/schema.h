#pragma once

// One definition per type: a struct lists its fields once, and rows in state, JSON out, JSON in and
// the documented schema follow from that list.
//
//   struct Claim {
//     std::string by;
//     Time until;
//     static constexpr auto fields() {
//       return std::tuple{field("by", &Claim::by), field("until", &Claim::until)};
//     }
//   };
//   enum class Grade { green, yellow, red };
//   constexpr auto names_of(Grade) { return std::array<std::string_view, 3>{"green", …}; }
//
// Rows are append-only: a newer program reads a row with fewer fields and leaves the rest at their
// defaults, so fields are added at the end and never removed. Any thread.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "streams/bytes.h"
#include "streams/time.h"

namespace streams {

template <class Struct, class Member>
struct Field {
  std::string_view name;
  Member Struct::*member;
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(std::string_view name, Member Struct::*member) {
  return {name, member};
}

template <class T>
concept Described = requires {
  T::fields();
};

template <class T>
concept Named = std::is_enum_v<T> && requires(T value) {
  names_of(value);
};

/// JSON text that passes through unread, such as the fields a rule saw.
struct Json {
  std::string text = "null";
  bool operator==(const Json&) const = default;
};

template <Named T>
std::string_view name_of(T value) {
  return names_of(value)[static_cast<std::size_t>(value)];
}

template <Named T>
std::optional<T> named(std::string_view name) {
  constexpr auto names = names_of(T{});
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<T>(i);
  return std::nullopt;
}

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// Calls `visit(name, member)` for every field in order.
template <Described T, class Visit>
void for_each_field(T& value, Visit&& visit) {
  using Struct = std::remove_const_t<T>;
  std::apply([&](const auto&... field) { (visit(field.name, value.*(field.member)), ...); },
             Struct::fields());
}

// ---- rows ---------------------------------------------------------------------------------------

template <class T>
void write_row(ByteWriter& out, const T& value) {
  if constexpr (Described<T>) {
    out.varint(std::tuple_size_v<decltype(T::fields())>);
    for_each_field(value, [&](std::string_view, const auto& member) { write_row(out, member); });
  } else if constexpr (is_vector<T>) {
    out.varint(value.size());
    for (const auto& element : value) write_row(out, element);
  } else if constexpr (is_optional<T>) {
    out.varint(value ? 1 : 0);
    if (value) write_row(out, *value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    out.text(value);
  } else if constexpr (std::is_same_v<T, Json>) {
    out.text(value.text);
  } else if constexpr (std::is_same_v<T, Time>) {
    out.zigzag(value.time_since_epoch().count());
  } else if constexpr (std::is_same_v<T, Duration>) {
    out.zigzag(value.count());
  } else if constexpr (std::is_enum_v<T>) {
    out.varint(static_cast<std::uint64_t>(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    out.fixed(value);
  } else if constexpr (std::is_signed_v<T>) {
    out.zigzag(value);
  } else {
    static_assert(std::is_unsigned_v<T>, "a row holds described structs and plain values");
    out.varint(value);
  }
}

template <class T>
bool read_row(ByteReader& in, T& value) {
  if constexpr (Described<T>) {
    std::uint64_t left = in.varint();
    if (left > std::tuple_size_v<decltype(T::fields())>) return false;
    bool good = true;
    for_each_field(value, [&](std::string_view, auto& member) {
      if (left > 0 && good) {
        --left;
        good = read_row(in, member);
      }
    });
    return good && in.good();
  } else if constexpr (is_vector<T>) {
    const std::uint64_t count = in.varint();
    value.clear();
    for (std::uint64_t i = 0; i < count && in.good(); ++i)
      if (!read_row(in, value.emplace_back())) return false;
    return in.good();
  } else if constexpr (is_optional<T>) {
    if (in.varint() == 0) {
      value.reset();
      return in.good();
    }
    return read_row(in, value.emplace());
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = in.text();
  } else if constexpr (std::is_same_v<T, Json>) {
    value.text = in.text();
  } else if constexpr (std::is_same_v<T, Time>) {
    value = Time{Duration{in.zigzag()}};
  } else if constexpr (std::is_same_v<T, Duration>) {
    value = Duration{in.zigzag()};
  } else if constexpr (Named<T>) {
    const std::uint64_t number = in.varint();
    if (number >= names_of(T{}).size()) return false;
    value = static_cast<T>(number);
  } else if constexpr (std::is_enum_v<T>) {
    value = static_cast<T>(in.varint());
  } else if constexpr (std::is_floating_point_v<T>) {
    value = in.fixed<T>();
  } else if constexpr (std::is_signed_v<T>) {
    value = static_cast<T>(in.zigzag());
  } else {
    value = static_cast<T>(in.varint());
  }
  return in.good();
}

}  // namespace streams
