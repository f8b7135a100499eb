#pragma once

// A small topology that uses everything the engine offers: values, maps, moving timers, sides,
// letters there and back, several typed inputs. Driver tests run it under random schedules;
// `Forgetful` is the planted bug that they must catch.

#include <string>

#include "streams/topology.h"

namespace toy {

using namespace streams;

struct Total {
  static constexpr std::string_view kType = "toy.total.v1";
  std::string id;
  int revision = 0;
  double total = 0;
  std::string why;
  static constexpr auto fields() {
    return std::tuple{field("id", &Total::id), field("revision", &Total::revision),
                      field("total", &Total::total), field("why", &Total::why)};
  }
};

struct Reading {
  double amount = 0;
  std::string parent;
  static constexpr auto fields() {
    return std::tuple{field("amount", &Reading::amount), field("parent", &Reading::parent)};
  }
};

/// Child to parent: my sum is now this.
struct Contribution {
  static constexpr std::string_view kLetter = "contribution";
  std::string child;
  double total = 0;
  static constexpr auto fields() {
    return std::tuple{field("child", &Contribution::child), field("total", &Contribution::total)};
  }
};

/// Parent to child: the family has grown past a round number.
struct Praise {
  static constexpr std::string_view kLetter = "praise";
  double family = 0;
  static constexpr auto fields() { return std::tuple{field("family", &Praise::family)}; }
};

struct ChildState {
  double total = 0;
  int revision = 0;
  static constexpr auto fields() {
    return std::tuple{field("total", &ChildState::total), field("revision", &ChildState::revision)};
  }
};

/// Sums its readings, tells its parent, notices its own silence.
class Child : public Operator<Total(Reading, Praise)> {
 public:
  Value<ChildState> state = value<ChildState>("state");
  Timer silence = timer("silence", &Child::on_silence);
  Side<Total> quiet = side<Total>("quiet");
  Letters post = letters();

  void process(const Record<Reading>& in, Emit<Total>& out) override {
    ChildState& mine = state.edit();
    mine.total += in.value.amount;
    silence.set(in.time() + 5s);
    out(total("reading"));
    if (!in.value.parent.empty())
      post.send(in.value.parent, Contribution{std::string{in.key()}, mine.total});
  }
  void process(const Record<Praise>& in, Emit<Total>& out) override {
    state.edit().total += 0.5;
    out(total("praise " + std::to_string(in.value.family)));
  }
  void on_silence(Emit<Total>& out) {
    out(total("silent"), "the last reading");
    quiet(total("quiet"));
    if (state.get().total > 20) state.clear();
  }

 private:
  Total total(std::string why) {
    ChildState& mine = state.edit();
    return {std::string{key()}, ++mine.revision, mine.total, std::move(why)};
  }
};

/// Adds up its children, one contribution each; drops those that went to nothing.
class Parent : public Operator<Total(Contribution)> {
 public:
  Map<std::string, double> children = map<std::string, double>("children");
  Value<ChildState> state = value<ChildState>("state");
  Timer pause = timer("pause", &Parent::on_pause);
  Letters post = letters();

  void process(const Record<Contribution>& in, Emit<Total>&) override {
    children.put(in.value.child, in.value.total);
    if (in.value.total > 15) children.erase(in.value.child);
    if (!pause.due()) pause.set(in.time() + 1s);
  }
  void on_pause(Emit<Total>& out) {
    ChildState& mine = state.edit();
    double sum = 0;
    for (const auto& [child, total] : children.all()) sum += total;
    if (sum > mine.total + 7)
      for (const auto& [child, total] : children.all()) post.send(child, Praise{sum});
    mine.total = sum;
    out({std::string{key()}, ++mine.revision, sum, std::to_string(children.all().size())});
  }
};

/// The planted bug: remembers outside its state, so an abort or a crash changes what it says.
class Forgetful : public Operator<Total(Reading)> {
 public:
  void process(const Record<Reading>& in, Emit<Total>& out) override {
    out({std::string{in.key()} + "-f", ++seen_, 0, "forgetful"});
  }

 private:
  int seen_ = 0;
};

inline void declare(Topology& toy, bool planted_bug) {
  const auto readings = toy.records<Reading>("toy.reading.v1");
  const auto children = toy.apply<Child>("child", with(readings, toy.letters<Praise>()));
  children.to(Topic<Total>{"totals"});
  children.side(&Child::quiet).to(Topic<Total>{"quiet"});
  toy.apply<Parent>("parent", toy.letters<Contribution>()).to(Topic<Total>{"families"});
  if (planted_bug) toy.apply<Forgetful>("forgetful", readings).to(Topic<Total>{"totals"});
}

}  // namespace toy
