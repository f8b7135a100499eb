#pragma once

// The typed members through which an operator remembers: Value, Map and Timer. Each is bound,
// before every call, to the entity of the record in hand; what an operator did not touch through
// them it does not remember. Layout and life of the rows: entity.h. One task's thread.

#include <concepts>
#include <map>

#include "streams/context.h"
#include "streams/hash.h"
#include "streams/json.h"

namespace streams {

/// One T per entity, or none.
template <class T>
class Value {
 public:
  Value(const Binding* binding, int index) : binding_(binding), index_(index) {}

  const T* find() const { return static_cast<const T*>(binding_->cell(index_)); }
  const T& get() const {
    static const T kNone{};
    const T* found = find();
    return found == nullptr ? kNone : *found;
  }
  /// For change; made by default when there is none.
  T& edit() { return *static_cast<T*>(binding_->edit(index_)); }
  void put(T value) { edit() = std::move(value); }
  void clear() { binding_->clear(index_); }

  static Cell cell(std::string name) {
    return {
        .name = name,
        .tag = name_tag(name),
        .create = [] { return static_cast<void*>(new T{}); },
        .destroy = [](void* value) { delete static_cast<T*>(value); },
        .encode = [](const void* value,
                     ByteWriter& out) { write_row(out, *static_cast<const T*>(value)); },
        .decode = [](void* value, ByteReader& in) { return read_row(in, *static_cast<T*>(value)); },
        .is_map = false,
        .drain = nullptr,
        .load = nullptr,
        .counts = nullptr};
  }

 private:
  const Binding* binding_;
  int index_;
};

/// K -> V per entity, in the order of K; read with the entity, written entry by entry.
template <std::totally_ordered K, class V>
class Map {
 public:
  Map(const Binding* binding, int index) : binding_(binding), index_(index) {}

  const std::map<K, V>& all() const {
    static const std::map<K, V> kNone;
    const auto* found = static_cast<const Entries*>(binding_->cell(index_));
    return found == nullptr ? kNone : found->values;
  }
  const V* find(const K& key) const {
    const auto it = all().find(key);
    return it == all().end() ? nullptr : &it->second;
  }
  V& edit(const K& key) {
    Entries& entries = edit_entries();
    entries.changed[key] = true;
    return entries.values[key];
  }
  void put(const K& key, V value) { edit(key) = std::move(value); }
  void erase(const K& key) {
    if (find(key) == nullptr) return;
    Entries& entries = edit_entries();
    entries.changed[key] = true;
    entries.values.erase(key);
  }

  static Cell cell(std::string name) {
    return {.name = name,
            .tag = name_tag(name),
            .create = [] { return static_cast<void*>(new Entries{}); },
            .destroy = [](void* value) { delete static_cast<Entries*>(value); },
            .encode =
                [](const void* value, ByteWriter& out) {
                  out.varint(static_cast<const Entries*>(value)->values.size());
                },
            .decode =
                [](void* value, ByteReader& in) {
                  static_cast<Entries*>(value)->stored = in.varint();
                  return in.good();
                },
            .is_map = true,
            .drain =
                [](void* value, const EntryVisitor& row) {
                  auto& entries = *static_cast<Entries*>(value);
                  for (const auto& [key, unused] : entries.changed) {
                    std::string key_bytes, value_bytes;
                    ByteWriter key_out{key_bytes}, value_out{value_bytes};
                    write_row(key_out, key);
                    const auto it = entries.values.find(key);
                    if (it == entries.values.end()) {
                      row(std::move(key_bytes), std::nullopt);
                    } else {
                      write_row(value_out, it->second);
                      row(std::move(key_bytes), std::move(value_bytes));
                    }
                  }
                  entries.changed.clear();
                },
            .load =
                [](void* value, std::string_view key_bytes, std::string_view value_bytes) {
                  K key{};
                  ByteReader key_in{key_bytes}, value_in{value_bytes};
                  return read_row(key_in, key) &&
                         read_row(value_in, static_cast<Entries*>(value)->values[key]);
                },
            .counts =
                [](const void* value) {
                  const auto& entries = *static_cast<const Entries*>(value);
                  return std::pair{entries.values.size(), entries.stored};
                }};
  }

 private:
  struct Entries {
    std::map<K, V> values;
    std::map<K, bool> changed;
    std::size_t stored = 0;  // entries that the row in hand says there are
  };
  Entries& edit_entries() { return *static_cast<Entries*>(binding_->edit(index_)); }

  const Binding* binding_;
  int index_;
};

/// One deadline per entity and name. It fires at the first tick at or after `at`; the handler's
/// outputs are dated `at`.
class Timer {
 public:
  Timer(const Binding* binding, int index) : binding_(binding), index_(index) {}

  void set(Time at) { binding_->set_timer(index_, at); }
  void cancel() { binding_->cancel_timer(index_); }
  std::optional<Time> due() const { return binding_->timer(index_); }

 private:
  const Binding* binding_;
  int index_;
};

}  // namespace streams
