// Order in time where ticks are rare (a lag, an outage, several processes): what was due earlier
// comes before the event that came later; and a deadline in a past that became known only now is
// dealt with as of now.

#include <gtest/gtest.h>

#include "connectors/json/event_decoder.h"
#include "streams/memory.h"
#include "streams/task_set.h"
#include "tests/support/toy_city.h"

namespace {

using namespace streams;

const Time kStart = *parse_time("2026-11-22T08:00:00Z");

/// Five seconds after a reading's own time it says when it knew.
class Clock : public Operator<toy::Total(toy::Reading)> {
 public:
  Value<toy::ChildState> state = value<toy::ChildState>("state");
  Timer silence = timer("silence", &Clock::on_silence);
  void process(const Record<toy::Reading>& in, Emit<toy::Total>& out) override {
    silence.set(in.time() + 5s);
    out({std::string{in.key()}, ++state.edit().revision, 0, "reading"});
  }
  void on_silence(Emit<toy::Total>& out) {
    out({std::string{key()}, ++state.edit().revision, 0,
         "silent, known " + format_time(context().recorded)});
  }
};

struct Lag : testing::Test {
  Lag() : city("toy") {
    city.apply<Clock>("clock", city.records<toy::Reading>("toy.reading.v1"))
        .to(Topic<toy::Total>{"totals"});
    set.add(0, {std::make_unique<Task>(city, store, std::make_unique<connectors::EventDecoder>(),
                                       TaskOptions{"toy", 0, 1 << 20}),
                0, 0});
  }
  void append(Time at, std::string bytes) {
    ASSERT_TRUE(log.append({{{kCityEvents, 0}, at, std::move(bytes)}}, true).ok());
  }
  void tick(Duration at) { append(kStart + at, tick_event(kStart + at)); }
  void read(Duration at, const std::string& subject, Duration of) {
    append(kStart + at, R"({"specversion":"1.0","id":"r)" + std::to_string(++sent) +
                            R"(","source":"/toy","type":"toy.reading.v1","subject":")" + subject +
                            R"(","time":")" + format_time(kStart + of) +
                            R"(","data":{"amount":1,"parent":""}})");
  }
  /// What each said, in order: its time and why.
  std::vector<std::string> run() {
    EXPECT_TRUE(set.process(0, *log.fetch({kCityEvents, 0}, 0, 1 << 30)).ok());
    std::vector<std::string> said;
    for (const Append& output : set.cut().outputs) {
      const auto field = [&](const std::string& name) {
        const auto at = output.bytes.find("\"" + name + "\":\"") + name.size() + 4;
        return output.bytes.substr(at, output.bytes.find('"', at) - at);
      };
      said.push_back(field("time").substr(11, 8) + " " + field("why"));
    }
    return said;
  }

  Topology city;
  MemoryStore store;
  MemoryLog log;
  TaskSet set{1};
  int sent = 0;
};

TEST_F(Lag, WhatWasDueEarlierComesBeforeTheEventThatCameLater) {
  tick(0s);
  read(0s, "child/1", 0s);
  read(20s, "child/1", 20s);  // no tick between
  tick(30s);
  EXPECT_EQ(run(), (std::vector<std::string>{
                       "08:00:00 reading", "08:00:05 silent, known 2026-11-22T08:00:05.000Z",
                       "08:00:20 reading", "08:00:25 silent, known 2026-11-22T08:00:25.000Z"}));
}

TEST_F(Lag, AnAnswerThatCameInTimeComesBeforeItsDeadline) {
  tick(0s);
  read(0s, "child/1", 0s);
  read(5s, "child/1", 5s);  // at the very end of its time: no tick lies between
  tick(30s);
  EXPECT_EQ(run(), (std::vector<std::string>{
                       "08:00:00 reading", "08:00:05 reading",
                       "08:00:10 silent, known 2026-11-22T08:00:10.000Z"}));
}

TEST_F(Lag, APastThatBecomesKnownNowIsKnownNow) {
  tick(0s);
  tick(60s);
  read(60s, "child/1", -3600s);  // imported an hour late
  tick(61s);
  EXPECT_EQ(run(), (std::vector<std::string>{"07:00:00 reading",
                                             "07:00:05 silent, known 2026-11-22T08:01:01.000Z"}));
}

}  // namespace
