#pragma once

// Conclusion: what a rule concluded about one entity: it fired, there is more of the same, its
// condition ended, a due date comes near. Made by see/detect, read by judge. Evidence: one event
// that a decision rests on, copied, because telemetry expires and courts ask.

#include <optional>
#include <string>
#include <vector>

#include "operators/city/text.h"
#include "streams/time.h"

namespace city {

struct Evidence {
  std::string id;  // of the event
  std::string source;
  std::string from;  // the topic it came through
  streams::Time time{};
  bool usable = true;    // false: may not support a penalty (device not yet under public notice)
  streams::Json data;    // the fields that the rule read
  std::string device{};  // "device/…", where one saw it
  static constexpr auto fields() {
    return std::tuple{field("id", &Evidence::id),         field("source", &Evidence::source),
                      field("from", &Evidence::from),     field("time", &Evidence::time),
                      field("usable", &Evidence::usable), field("data", &Evidence::data),
                      field("device", &Evidence::device)};
  }
};

/// What a rule asks to be done, as its pack says; deadlines left out come from the item.
struct OrderRequest {
  std::string item;  // "elevator.rescue"
  std::optional<streams::Duration> accept;
  std::optional<streams::Duration> arrive;
  std::optional<streams::Duration> finish;
  static constexpr auto fields() {
    return std::tuple{field("item", &OrderRequest::item), field("accept", &OrderRequest::accept),
                      field("arrive", &OrderRequest::arrive),
                      field("finish", &OrderRequest::finish)};
  }
};

struct Conclusion {
  enum class What {
    fired,     // a new episode begins
    more,      // the episode goes on: further evidence
    cleared,   // the rule's condition ended (this ends no order)
    reminder,  // before a due date: nothing is wrong yet
    ended,     // the source itself declared the matter over (an elevator's end-of-alarm)
    no_data,   // the source fell silent while the condition held: it may still hold
  };
  What what = What::fired;
  std::string rule;          // "elevator.trapped"
  std::string rule_version;  // "elevator@9f3c21ab"
  Text title;
  Consequence consequence = Consequence::order;
  std::optional<Priority> priority;  // where the rule itself decides
  std::optional<OrderRequest> order;
  std::optional<Evidence> permit;      // the record that permits what was seen
  std::string device;                  // the device that saw it, where one did
  std::string district;                // where the entity's registration does not say
  streams::Time since{};               // when the condition began
  streams::Time at{};                  // of the newest event that says so: older word changes none
  std::vector<Evidence> evidence;      // oldest first; the last one caused this conclusion
  std::vector<Reason> reasons;         // why it fired: what the rule read, in words
  std::string cause_source, cause_id;  // of the event that opened it: makes the warning's id
  int ordinal = 0;                     // of episodes with the same cause
  std::optional<streams::Time> due;    // of reminders and overdue ones
};

constexpr auto names_of(Conclusion::What) {
  return std::array<std::string_view, 6>{"fired",    "more",  "cleared",
                                         "reminder", "ended", "no_data"};
}

}  // namespace city
