#pragma once

// The heart of the loop as the city wires it (judge, respond, learn), on the test driver, with a
// stub in the place of see/detect that turns test events into Conclusions. Times are given from the
// start of the test; feedback and conclusions are sent first, then `run_to` plays them.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "connectors/json/event_decoder.h"
#include "operators/city/topics.h"
#include "operators/judge/judge.h"
#include "operators/learn/trust.h"
#include "operators/respond/dispatch.h"
#include "operators/respond/matters.h"
#include "operators/see/public_notice.h"
#include "operators/see/register.h"
#include "streams/test_driver.h"
#include "tests/support/source_directory.h"

namespace loop {

using namespace city;
using namespace std::chrono_literals;
using streams::Duration;
using streams::Time;

struct TestConclusion {
  std::string what = "fired", rule, consequence = "order", priority, item, device, cause;
  std::optional<Time> due;
  static constexpr auto fields() {
    using T = TestConclusion;
    return std::tuple{field("what", &T::what),
                      field("rule", &T::rule),
                      field("consequence", &T::consequence),
                      field("priority", &T::priority),
                      field("item", &T::item),
                      field("device", &T::device),
                      field("cause", &T::cause),
                      field("due", &T::due)};
  }
};

/// A rule fires, and asks for this item; `device` saw it.
inline TestConclusion fired(const std::string& rule, const std::string& consequence,
                            const std::string& item, const std::string& device = "") {
  TestConclusion conclusion;
  conclusion.rule = rule;
  conclusion.consequence = consequence;
  conclusion.item = item;
  conclusion.device = device;
  return conclusion;
}
/// The same rule, later: "more", "cleared", …
inline TestConclusion then(TestConclusion conclusion, const std::string& what) {
  conclusion.what = what;
  return conclusion;
}

/// A step without what its kind needs besides.
inline Feedback step_by(const std::string& step, const std::string& by) {
  Feedback feedback;
  feedback.step = step;
  feedback.by = by;
  return feedback;
}

class StubDetect : public streams::Operator<Conclusion(TestConclusion)> {
 public:
  void process(const streams::Record<TestConclusion>& in, streams::Emit<Conclusion>& out) override {
    const TestConclusion& test = in.value;
    constexpr std::string_view kWhats[] = {"fired",    "more",  "cleared",
                                           "reminder", "ended", "no_data"};
    Conclusion conclusion;
    for (int i = 0; i < 6; ++i)
      if (kWhats[i] == test.what) conclusion.what = static_cast<Conclusion::What>(i);
    conclusion.rule = test.rule;
    conclusion.rule_version = "elevator@test";
    conclusion.title = {"测试“" + test.rule + "”", test.rule};
    conclusion.consequence = *streams::named<Consequence>(test.consequence);
    if (!test.priority.empty()) conclusion.priority = streams::named<Priority>(test.priority);
    if (!test.item.empty()) conclusion.order = OrderRequest{test.item, {}, {}, {}};
    conclusion.device = test.device;
    conclusion.since = conclusion.at = in.time();
    conclusion.due = test.due;
    conclusion.cause_source = context().cause_source;
    conclusion.cause_id = test.cause.empty() ? std::string{context().cause_id} : test.cause;
    conclusion.evidence.push_back({std::string{context().cause_id},
                                   "/test",
                                   "elevator.telemetry",
                                   in.time(),
                                   true,
                                   {R"({"occupied":true})"},
                                   with_kind("device", test.device)});
    out(conclusion);
  }
};

inline void declare(streams::Topology& topology, const std::string& name = "test") {
  using streams::with;
  const auto conclusions =
      topology.apply<StubDetect>("detect", topology.records<TestConclusion>("test.conclusion.v1"));
  const auto complaints = topology.records<Complaint>("city.complaint.filed.v1");
  const auto feedback = topology.records<Feedback>("city.field.feedback.v1");
  const auto permits = topology.records<PermitChange>("city.permit.changed.v1");
  const auto versions = topology.versions();
  const auto judge = topology.apply<Judge>(
      "judge", with(conclusions, feedback, permits, topology.letters<OrderNews>(), versions), name);
  const auto dispatch = topology.apply<Dispatch>(
      "dispatch", with(judge, conclusions, complaints, feedback, permits, versions), name);
  judge.to(topics::warnings);
  judge.side(&Judge::notices).to(topics::notices);
  judge.side(&Judge::rejected).to(topics::rejected);
  dispatch.to(topics::orders);
  dispatch.side(&Dispatch::notices).to(topics::notices);
  dispatch.side(&Dispatch::rejected).to(topics::rejected);
  const auto matters = topology.apply<Matters>(
      "matters",
      with(topology.letters<Offence>(), topology.letters<NoticeTold>(), feedback, versions), name);
  matters.to(topics::matters);
  matters.side(&Matters::notices).to(topics::notices);
  matters.side(&Matters::rejected).to(topics::rejected);
  topology.apply<see::PublicNotice>("public_notice",
                                    with(permits, topology.letters<NoticeAsked>()));
  const auto trust = topology.apply<Trust>("trust", topology.letters<TrustLetter>(), name);
  topology.apply<see::Register>("register", with(permits, trust))
      .to(streams::Topic<see::EntityStatus>{"entity.status"});
}

inline std::string shanghai_duty() {
  std::ifstream file{source_directory("/deploy/city/shanghai/duty.yaml")};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline const std::string kLaw = R"(
behaviours:
  - behaviour: ebike
    title: {zh: 电瓶车进轿厢, en: E-bike in the cabin}
    rules: [elevator.ebike]
    minor: true
    window: 3h
    correct: 20m
    fine: {zh: 依法处罚, en: fined}
    sources: [上海市非机动车安全管理条例]
)";
inline const Time kStart = *streams::parse_time("2026-11-22T08:00:00Z");
inline constexpr const char* kElevator = "elevator/31010500012345";

class City {
 public:
  explicit City(const streams::Schedule& schedule = streams::Schedule::steady(),
                std::string duty = shanghai_duty())
      : driver_(
            topology(), [] { return std::make_unique<connectors::EventDecoder>(); },
            {.city = "test",
             .doors = {"permit.changes", "elevator.telemetry", "field.feedback"},
             .partitions = 3},
            schedule) {
    driver_.advance_to(kStart - 1h);
    driver_.activate({"duty", "0badf00d", std::move(duty)});
    driver_.activate({"law", "0badf00d", kLaw});
  }

  /// Registered in Changning, with both units.
  void register_elevator(Duration at = -30min, const std::string& entity = kElevator,
                         const std::string& exposure = "") {
    PermitChange change;
    change.record = "registration";
    change.action = "registered";
    change.use_unit = "yuyuan";
    change.maintenance_unit = "unit/fast-lift";
    change.exposure = exposure;
    change.district = "310105";
    permit(at, std::move(change), entity);
  }
  void permit(Duration at, const PermitChange& change, const std::string& entity = kElevator) {
    send("permit.changes", "city.permit.changed.v1", at, entity, change);
  }
  void conclude(Duration at, const TestConclusion& conclusion,
                const std::string& entity = kElevator, bool exercise = false) {
    send("elevator.telemetry", "test.conclusion.v1", at, entity, conclusion, exercise);
  }
  /// The door vouches for every officer, or as it is told.
  void say(Duration at, const Feedback& feedback, const std::string& entity = kElevator,
           const std::string& vouched = "*") {
    send("field.feedback", "city.field.feedback.v1", at, entity, feedback, false, vouched);
  }

  City& run_to(Duration at) {
    driver_.advance_to(kStart + at);
    take(topics::warnings, warnings);
    take(topics::orders, orders);
    take(topics::matters, matters);
    take(topics::notices, notices);
    take(topics::rejected, rejected);
    std::vector<see::EntityStatus> statuses;
    take(streams::Topic<see::EntityStatus>{"entity.status"}, statuses);
    for (const see::EntityStatus& status : statuses)
      if (status.trust) trust.push_back(*status.trust);
    for (std::string& dead : driver_.read("dead.letters")) {
      raw.push_back("dead.letters: " + dead);
      ADD_FAILURE() << dead;
    }
    return *this;
  }

  // Every revision, in order.
  std::vector<Warning> warnings;
  std::vector<Order> orders;
  std::vector<Matter> matters;
  std::vector<Notice> notices;
  std::vector<Rejected> rejected;
  std::vector<TrustRecord> trust;
  std::vector<std::string> raw;  // "<topic>: <record>"

  /// The latest revision of the latest warning of a rule, order of an item.
  Warning warning(const std::string& rule) const {
    for (auto it = warnings.rbegin(); it != warnings.rend(); ++it)
      if (it->rule == rule) return *it;
    ADD_FAILURE() << "no warning " << rule;
    return {};
  }
  Order order(const std::string& item) const {
    for (auto it = orders.rbegin(); it != orders.rend(); ++it)
      if (it->item == item) return *it;
    ADD_FAILURE() << "no order " << item;
    return {};
  }
  std::size_t count_orders() const {
    std::set<std::string> ids;
    for (const Order& order : orders) ids.insert(order.id);
    return ids.size();
  }
  std::size_t count_notices(const std::string& kind) const {
    std::size_t count = 0;
    for (const Notice& notice : notices) count += notice.kind == kind;
    return count;
  }

 private:
  static const streams::Topology& topology() {
    static streams::Topology& made = *[] {
      auto* topology = new streams::Topology{"loop"};
      declare(*topology);
      return topology;
    }();
    return made;
  }

  template <class T>
  void send(const std::string& door, const std::string& type, Duration at,
            const std::string& entity, const T& data, bool exercise = false,
            const std::string& vouched = "") {
    std::string bytes = R"({"specversion":"1.0","id":"e)" + std::to_string(++sent_) +
                        R"(","source":"/test","type":")" + type + R"(","subject":")" + entity +
                        R"(","time":")" + streams::format_time(kStart + at) + "\"" +
                        (exercise ? R"(,"exercise":true)" : "") +
                        (vouched.empty() ? "" : R"(,"vouchedunits":")" + vouched + "\"") +
                        R"(,"data":)";
    streams::append_json(bytes, data);
    driver_.send(door, entity, kStart + at, bytes + "}");
  }

  template <class T>
  void take(const streams::Topic<T>& topic, std::vector<T>& into) {
    for (std::string& record : driver_.read(topic.name)) {
      raw.push_back(topic.name + ": " + record);
      record.reserve(record.size() + streams::Decoder::kPadding);
      streams::Event event;
      std::string where;
      T value{};
      const auto reject = decoder_.decode(record, event);
      ASSERT_FALSE(reject) << reject->reason << record;
      ASSERT_TRUE(streams::read_json(decoder_.read(event.data), value, where)) << where << record;
      into.push_back(std::move(value));
    }
  }

  streams::TestDriver driver_;
  connectors::EventDecoder decoder_;
  int sent_ = 0;
};

inline bool has_step(const Order& order, std::string_view step) {
  for (const Step& done : order.history)
    if (done.step == step) return true;
  return false;
}
inline std::string why_of(const Order& order, std::string_view step) {
  for (auto it = order.history.rbegin(); it != order.history.rend(); ++it)
    if (it->step == step) return it->why.zh + " / " + it->why.en;
  return "";
}
inline bool has_reason(const Warning& warning, std::string_view code) {
  for (const Reason& reason : warning.reasons)
    if (reason.code == code) return true;
  return false;
}
inline const Responder* find_unit(const Order& order, std::string_view unit) {
  return responder_of(order, unit);
}

}  // namespace loop
