#pragma once

// Topology: what a program does, declared once: sources, operators in order, and where their
// streams go. A value; every task instantiates its own Graph from it. `describe` prints it.
//
//   Topology city{"city"};
//   auto signals  = city.events({"city.elevator.telemetry.v1", …});
//   auto evidence = city.apply<Detect>("detect", city.with(signals, city.versions()), packs);
//   evidence.to(topics::evidence);

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "streams/graph.h"
#include "streams/hash.h"

namespace streams {

/// An output topic of T, which names its CloudEvents type in T::kType and its record in `id` and
/// `revision`; T may name another subject than the entity in hand by `subject()`, and say by
/// `urgent()` that it asks for an early commit.
template <class T>
struct Topic {
  std::string name;
};

class Topology;

template <class T>
class Stream {
 public:
  Stream(Topology* topology, std::size_t node) : topology_(topology), node_(node) {}
  const Stream& to(const Topic<T>& topic) const;
  std::size_t node() const { return node_; }
  Topology& topology() const { return *topology_; }

 private:
  Topology* topology_;
  std::size_t node_;
};

/// Several inputs for one operator.
template <class... T>
struct Streams {
  std::tuple<Stream<T>...> parts;
};
template <class... T>
Streams<T...> with(const Stream<T>&... streams) {
  return {{streams...}};
}

/// An operator's main output, and its sides by member.
template <class Op>
class Applied : public Stream<typename Op::Output> {
 public:
  Applied(Topology* topology, std::size_t node, std::string name)
      : Stream<typename Op::Output>(topology, node), name_(std::move(name)) {}
  template <class T>
  Stream<T> side(Side<T> Op::*member) const;

 private:
  std::string name_;
};

class Topology {
 public:
  explicit Topology(std::string name) : name_(std::move(name)) {}
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;

  /// Events of these types, undecoded but for their slots.
  Stream<Event> events(const std::vector<std::string>& types);
  /// Those events of one type, their data read as T.
  template <class T>
  Stream<T> read(const Stream<Event>& events, const std::string& type);
  template <class T>
  Stream<T> records(const std::string& type) {
    return read<T>(events({type}), type);
  }
  /// Letters of T (T::kLetter).
  template <class T>
  Stream<T> letters();
  /// `unreadable`: why a version can't be read. Such a record becomes a dead letter with that
  /// reason before any operator hears of it; what is in force stays in force.
  using CheckVersion = std::optional<std::string> (*)(const Version&);
  Stream<Version> versions(CheckVersion unreadable = nullptr);
  /// What becomes of entities that are set aside; whoever reads it must not touch state.
  Stream<AsideNews> set_asides();

  template <class Op, class... T, class... Args>
  Applied<Op> apply(const std::string& name, const Streams<T...>& inputs, Args... args);
  template <class Op, class T, class... Args>
  Applied<Op> apply(const std::string& name, const Stream<T>& input, Args... args) {
    return apply<Op>(name, with(input), std::move(args)...);
  }

  std::unique_ptr<Graph> instantiate(const std::string& city, int partition = 0) const;
  const std::string& name() const { return name_; }
  /// The graph as text, or as a mermaid flowchart.
  std::string describe(bool mermaid = false) const;
  /// Every output topic, in the order declared.
  std::vector<std::string> topics() const;

 private:
  template <class T>
  friend class Stream;
  template <class Op>
  friend class Applied;
  enum class Kind { source, op, side, sink };
  struct Node {
    Kind kind;
    std::string name;
    std::vector<std::size_t> inputs;
    std::function<OutletBase*(Graph&)> build;  // null for a sink
  };
  std::size_t add(Kind kind, std::string name, std::vector<std::size_t> inputs,
                  std::function<OutletBase*(Graph&)> build);

  std::string name_;
  std::vector<Node> nodes_;
};

// ---- implementation of the templates ------------------------------------------------------------

template <class T>
concept HasSubject = requires(const T& value) {
  value.subject();
};

template <class T>
concept HasUrgency = requires(const T& value) {
  value.urgent();
};

template <class T>
class Sink : public Inlet<T> {
 public:
  Sink(Graph* graph, const std::string* topic) : graph_(graph), topic_(topic) {}
  void accept(const Record<T>& record) override {
    const T& value = record.value;
    std::string_view subject = record.key();
    if constexpr (HasSubject<T>) subject = value.subject();
    const std::string_view held = graph_->context.cause_id;
    graph_->context.cause_id = record.context.cause_id;
    graph_->emit(topic_, value.id + "." + std::to_string(value.revision), T::kType, subject,
                 [&value](std::string& out) { append_json(out, value); });
    if constexpr (HasUrgency<T>) graph_->outputs.back().urgent = value.urgent();
    graph_->context.cause_id = held;
  }

 private:
  Graph* graph_;
  const std::string* topic_;
};

template <class Op, class In>
class OperatorInlet : public Inlet<In> {
 public:
  explicit OperatorInlet(Op* op) : op_(op) {}
  void accept(const Record<In>& record) override {
    ++op_->wiring().records;
    Emit<typename Op::Output> out{op_->outlet(), record.context};
    static_cast<Handles<In, typename Op::Output>&>(*op_).process(record, out);
  }

 private:
  Op* op_;
};

/// Reads an event's data as T and passes it on. The graph lets it check an event before any
/// operator sees it, so what is rejected has changed nothing.
template <class T>
class Reading : public Inlet<Event> {
 public:
  Reading(Graph* graph, std::string type) : graph_(graph), type_(std::move(type)) {}
  std::optional<Reject> check(const Event& event) {
    value_ = T{};
    read_ = event.data.data();
    std::string where;
    if (read_json(graph_->decoder->read(event.data), value_, where)) return std::nullopt;
    return Reject{"data" + (where.empty() ? "" : "." + where) + " is not as the contract says of " +
                  type_};
  }
  void accept(const Record<Event>& record) override {
    if (record.value.type != type_) return;
    CHECK(record.value.data.data() == read_);  // operators pass events on, they don't make them
    outlet_.push(value_, record.context);
  }
  Outlet<T>& outlet() { return outlet_; }

 private:
  Graph* graph_;
  std::string type_;
  T value_{};
  const char* read_ = nullptr;  // the data that value_ was read from
  Outlet<T> outlet_;
};

template <class T>
const Stream<T>& Stream<T>::to(const Topic<T>& topic) const {
  auto name = std::make_shared<const std::string>(topic.name);
  topology_->add(Topology::Kind::sink, topic.name, {node_}, [name, node = node_](Graph& graph) {
    graph.outlet<T>(node).subscribe(&graph.keep(std::make_unique<Sink<T>>(&graph, name.get())));
    return static_cast<OutletBase*>(nullptr);
  });
  return *this;
}

template <class Op>
template <class T>
Stream<T> Applied<Op>::side(Side<T> Op::*member) const {
  Topology& topology = this->topology();
  const std::size_t node = topology.add(Topology::Kind::side, name_, {this->node()},
                                        [name = name_, member](Graph& graph) {
                                          auto& op = static_cast<Op&>(graph.operator_named(name));
                                          return const_cast<Outlet<T>*>((op.*member).outlet());
                                        });
  return {&topology, node};
}

template <class T>
Stream<T> Topology::read(const Stream<Event>& events, const std::string& type) {
  const std::size_t from = events.node();
  const std::size_t node = add(Kind::source, type, {from}, [type, from](Graph& graph) {
    Reading<T>& reading = graph.keep(std::make_unique<Reading<T>>(&graph, type));
    graph.outlet<Event>(from).subscribe(&reading);
    graph.check(type, [&reading](const Event& event) { return reading.check(event); });
    return static_cast<OutletBase*>(&reading.outlet());
  });
  return {this, node};
}

template <class T>
Stream<T> Topology::letters() {
  const std::string letter{T::kLetter};
  const std::size_t node = add(Kind::source, "letter " + letter, {}, [letter](Graph& graph) {
    Reading<T>& reading =
        graph.keep(std::make_unique<Reading<T>>(&graph, std::string{kLetterType}));
    graph.check(letter, [&reading](const Event& event) { return reading.check(event); });
    graph.route_letter(letter, [&graph, &reading](const Event& event) {
      reading.accept({event, graph.context});
    });
    return static_cast<OutletBase*>(&reading.outlet());
  });
  return {this, node};
}

template <class Op, class... T, class... Args>
Applied<Op> Topology::apply(const std::string& name, const Streams<T...>& inputs, Args... args) {
  std::vector<std::size_t> from;
  std::apply([&](const auto&... stream) { (from.push_back(stream.node()), ...); }, inputs.parts);
  const std::size_t node =
      add(Kind::op, name, from, [name, inputs, ... args = std::move(args)](Graph& graph) {
        Op& op = graph.keep(std::make_unique<Op>(args...));
        graph.add_operator(name, op);
        std::apply(
            [&](const auto&... stream) {
              (graph.outlet<T>(stream.node())
                   .subscribe(&graph.keep(std::make_unique<OperatorInlet<Op, T>>(&op))),
               ...);
            },
            inputs.parts);
        return static_cast<OutletBase*>(&op.outlet());
      });
  return {this, node, name};
}

}  // namespace streams
