#pragma once

// Wire: the simulator's events as bytes. `Sheet` writes one structured CloudEvent by appending;
// `recordedtime` is a blank of fixed width that is stamped when its arrival is known, so that a
// duplicate is the same bytes stamped anew. One thread.

#include <string>
#include <string_view>

#include "connectors/simulate/arrival.h"
#include "operators/city/topics.h"

namespace simulate {

/// By city::kDoors.
enum class Door { permit, telemetry, camera, complaint, feedback };
inline std::string_view topic_of(Door door) {
  return city::kDoors[static_cast<std::size_t>(door)].topic;
}
inline std::string_view type_of(Door door) {
  return city::kDoors[static_cast<std::size_t>(door)].type;
}

/// "2026-11-22T08:00:00.123+08:00": as a device in this city writes it.
void append_local_time(std::string& out, Time time);
void append_whole(std::string& out, std::int64_t number);
/// 175 with two decimals is "1.75".
void append_fixed(std::string& out, std::int64_t number, int decimals);

class Sheet {
 public:
  /// The part before `data`; `id` is unique within `source`. `vouched`: the unit for which an
  /// officer answers, where one speaks.
  Sheet(Door door, std::string_view source, std::string_view id, std::string_view subject,
        Time time, std::string_view vouched = {});

  Sheet& text(std::string_view name, std::string_view value);
  Sheet& text_or_null(std::string_view name, std::string_view value);  // empty: null
  Sheet& whole(std::string_view name, std::int64_t value);
  Sheet& fixed(std::string_view name, std::int64_t value, int decimals);
  Sheet& truth(std::string_view name, bool value);
  Sheet& time(std::string_view name, Time value);
  Sheet& raw(std::string_view name, std::string_view json);

  Door door() const { return door_; }
  /// Ends the event; the sheet is empty then.
  std::string finish();

 private:
  void name(std::string_view name);

  Door door_;
  bool first_ = true;
  std::string bytes_;
};

/// Writes the recorded time into its blank.
void stamp(std::string& bytes, Time recorded);

}  // namespace simulate
