#pragma once

// Slot: one field of an event, or one value of an expression, in 16 bytes. A decoder fills an
// event's slots once from its bytes; rules read them without a look-up and without allocation.
// Text, lists and maps are views: they live as long as the event's bytes or the arena they were
// made in. Trivially copyable; any thread.

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace streams {

struct Slot {
  enum class Kind : std::uint8_t {
    absent,  // the field was not there
    null,
    boolean,
    integer,  // int64; never made by a decoder: JSON numbers are doubles
    natural,  // uint64
    number,   // double
    text,     // UTF-8, `size` bytes at `chars`
    bytes,    // `size` bytes at `chars`
    list,     // `ref`: what the arena's owner made
    map,
    duration,   // seconds in `i`, nanoseconds in `size`
    timestamp,  // seconds since 1970 in `i`, nanoseconds in `size`
    type,       // a type's name, `size` bytes at `chars`
    raw,        // JSON of an object or array, `size` bytes at `chars`: read on demand
    error,      // `size`: position in the expression; `chars`: a message that lives for ever
  };

  Kind kind = Kind::absent;
  std::uint32_t size = 0;
  union {
    bool b;
    std::int64_t i = 0;
    std::uint64_t u;
    double d;
    const char* chars;
    const void* ref;
  };

  static Slot null() { return {.kind = Kind::null, .size = 0, .i = 0}; }
  static Slot boolean(bool value) { return {.kind = Kind::boolean, .size = 0, .b = value}; }
  static Slot integer(std::int64_t value) { return {.kind = Kind::integer, .size = 0, .i = value}; }
  static Slot natural(std::uint64_t value) {
    return {.kind = Kind::natural, .size = 0, .u = value};
  }
  static Slot number(double value) { return {.kind = Kind::number, .size = 0, .d = value}; }
  static Slot text(std::string_view value) { return view(Kind::text, value); }
  static Slot raw(std::string_view json) { return view(Kind::raw, json); }
  static Slot view(Kind kind, std::string_view value) {
    return {.kind = kind, .size = static_cast<std::uint32_t>(value.size()), .chars = value.data()};
  }
  static Slot duration(std::int64_t seconds, std::uint32_t nanos) {
    return {.kind = Kind::duration, .size = nanos, .i = seconds};
  }
  static Slot timestamp(std::int64_t seconds, std::uint32_t nanos) {
    return {.kind = Kind::timestamp, .size = nanos, .i = seconds};
  }
  /// Duration or timestamp of whole milliseconds.
  static Slot millis(Kind kind, std::int64_t ms) {
    const std::int64_t seconds = ms >= 0 ? ms / 1000 : (ms - 999) / 1000;
    return {.kind = kind,
            .size = static_cast<std::uint32_t>(ms - seconds * 1000) * 1'000'000,
            .i = seconds};
  }

  std::string_view view() const { return {chars, size}; }
  bool is(Kind other) const { return kind == other; }
};

static_assert(sizeof(Slot) == 16 && std::is_trivially_copyable_v<Slot>);

}  // namespace streams
