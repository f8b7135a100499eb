#pragma once

// Desk: a stand-in for the software, as plain as can be: it opens orders and warnings for what is
// known to happen in the city, adds levels to a rescue, applies feedback, rejects what the steps'
// table would. So that crews can be tested without it.

#include <functional>
#include <map>

#include "connectors/simulate/lockstep.h"
#include "operators/city/complaint.h"
#include "operators/city/matter.h"
#include "operators/city/receipt.h"
#include "operators/city/warning.h"

namespace simulate {

class Desk {
 public:
  explicit Desk(const City& city);

  LockstepPorts ports();
  std::int64_t feedback_of(std::string_view step) const;

  std::vector<Arrival> feedback;     // all of it
  std::map<std::string, Time> seen;  // order or warning: tick of its first record
  std::int64_t closed = 0;

 private:
  struct Output {
    std::string topic, json;
  };
  using Work = std::function<void()>;
  void at(Time time, Work work) { due_.emplace(time, std::move(work)); }
  void plan_premises();
  void open_outages();
  void open(const std::string& entity, const std::string& item);
  void call(city::Order& order, int level);
  void screen(const std::string& entity);
  void urgent(const std::string& entity);
  void receive(const Arrival& complaint);
  void process(const Arrival& arrival);
  const char* apply(city::Order& order, const city::Feedback& said);
  const char* apply(city::Warning& warning, const city::Feedback& said);
  const char* apply(city::Receipt& receipt, const city::Feedback& said);
  const char* apply(city::Matter& matter, const city::Feedback& said);
  void open_matter(const city::Order& order);
  template <class T>
  void publish(std::string topic, const T& value, std::string_view cause = "");

  const City& city_;
  Time now_{};
  std::multimap<Time, Work> due_;
  std::map<std::string, city::Order> orders_;
  std::map<std::string, city::Warning> warnings_;
  std::map<std::string, city::Receipt> receipts_;
  std::map<std::string, city::Matter> matters_;
  std::vector<Arrival> waiting_, complaints_;
  std::vector<Output> outputs_;
  int numbers_ = 0;
  std::string last_dark_;  // building
};

}  // namespace simulate
