#pragma once

// Records of warnings and orders in a log, as the engine publishes them: what board and API tests
// read.

#include <string>

#include "operators/city/topics.h"
#include "streams/hash.h"
#include "streams/memory.h"

namespace test {

/// So many seconds into 22 November 2026.
inline streams::Time at(int seconds) {
  return *streams::parse_time("2026-11-22") + std::chrono::seconds{seconds};
}

inline std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t i = text.find(part); i != text.npos; i = text.find(part, i + 1)) ++count;
  return count;
}

class Records {
 public:
  explicit Records(streams::MemoryLog& log) : log_(log) {}

  city::Warning warning(const std::string& id, city::Priority priority,
                        streams::Time since = at(0)) {
    city::Warning warning;
    warning.id = id;
    warning.story = "s-" + id;
    warning.rule = "test.rule";
    warning.entity = "elevator/1";
    warning.priority = priority;
    warning.since = since;
    warning.title = {"试", "test"};
    return warning;
  }
  city::Order order(const std::string& id, const city::Warning& warning) {
    city::Order order;
    order.id = id;
    order.warnings = {warning.id};
    order.entity = warning.entity;
    order.item = "test.item";
    order.priority = warning.priority;
    return order;
  }
  void publish(city::Warning& warning, const std::string& cause = "") {
    publish("warnings", warning, warning.since, cause);
  }
  /// The doors' advance notice of it.
  void tell_ahead(const city::Warning& warning) {
    city::Warning notice = warning;
    notice.revision = -1;
    publish("warnings.urgent", notice, warning.since, "");
  }
  void publish(city::Order& order, const std::string& cause = "") {
    publish("dispatch.orders", order, at(0), cause);
  }
  bool exercise = false;  // of what is published from now on
  void append(const std::string& topic, std::string bytes, int partition = 0) {
    std::vector<streams::Append> records;
    records.push_back({{topic, partition}, at(0), std::move(bytes)});
    if (!log_.append(std::move(records), false)) std::abort();
  }

 private:
  template <class T>
  void publish(const std::string& topic, T& value, streams::Time time, const std::string& cause) {
    ++value.revision;
    std::string bytes =
        R"({"specversion":"1.0","id":")" + value.id + "." + std::to_string(value.revision) +
        R"(","source":"/watchfire/test","type":")" + std::string{T::kType} + R"(","subject":")" +
        value.entity + "\"" + (exercise ? R"(,"exercise":true)" : "") + R"(,"time":)";
    streams::append_json(bytes, time);
    bytes += R"(,"causationid":")" + cause + R"(","data":)";
    streams::append_json(bytes, value);
    append(topic, bytes + "}", streams::partition_of(value.entity, 2));
  }
  streams::MemoryLog& log_;
};

}  // namespace test
