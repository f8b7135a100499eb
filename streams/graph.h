#pragma once

// Graph: one task's instance of a topology: its operators, the streams between them, and what comes
// out. Made by Topology::instantiate, driven by the Task.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "streams/dead_letter.h"
#include "streams/decoder.h"
#include "streams/operator.h"
#include "streams/set_aside.h"
#include "streams/version.h"

namespace streams {

/// One record for an output topic, or a letter for `city.events`.
struct Output {
  const std::string* topic;  // owned by the topology
  std::string key;           // empty: for every partition (a version)
  std::string bytes;         // structured CloudEvent, JSON
  bool urgent = false;       // should not wait for the next commit of its own accord
};

inline const std::string kCityEvents = "city.events";

/// A letter that caused letters that caused letters …: so many, and the next is a dead letter.
inline constexpr int kMostHops = 16;

class Graph : public LetterBox {
 public:
  explicit Graph(std::string city, int partition = 0)
      : partition_(partition), source_("/watchfire/" + std::move(city)) {}

  // ---- building (Topology)
  using Deliver = std::function<void(const Event&)>;
  std::vector<OutletBase*> nodes;  // by the topology's node number
  template <class T>
  Outlet<T>& outlet(std::size_t node) {
    return *static_cast<Outlet<T>*>(nodes[node]);
  }
  template <class T>
  T& keep(std::unique_ptr<T> part) {
    T& kept = *part;
    parts_.emplace_back(part.release(), [](void* p) { delete static_cast<T*>(p); });
    return kept;
  }
  void add_operator(const std::string& name, OperatorBase& op);
  OperatorBase& operator_named(const std::string& name) { return *operators_.at(name); }
  void route(const std::string& type, Deliver deliver) {
    routes_[type].push_back(std::move(deliver));
  }
  void route_letter(const std::string& name, Deliver deliver) {
    letter_routes_[name].push_back(std::move(deliver));
  }
  /// By an event's type or a letter's name.
  using Check = std::function<std::optional<Reject>(const Event&)>;
  void check(const std::string& name, Check check) { checks_[name].push_back(std::move(check)); }
  /// Why an event is not for the operators; nothing: it is.
  std::optional<Reject> refuse(std::string_view name, const Event& event) const;
  void route_versions(const Outlet<Version>* versions) { versions_.push_back(versions); }
  void route_asides(const Outlet<AsideNews>* asides) { asides_.push_back(asides); }

  // ---- running (Task)
  const StateLayout& layout() const { return layout_; }
  /// Sends an event to its readers; a reject when nobody reads it or its data is not as described:
  /// then no operator has seen it.
  std::optional<Reject> deliver(const Event& event);
  Decoder* decoder = nullptr;  // the task's, for readers of typed data
  void fire(int timer) { handlers_[static_cast<std::size_t>(timer)](); }
  void activate(const Version& version);
  /// Tells who asked for it; the context is set.
  void tell(const AsideNews& news);
  /// Field lists that operators asked for since the last call, or null.
  const std::vector<FieldList>* new_fields();

  Context context;
  std::vector<Output> outputs;
  std::vector<Output> letters;

  struct Counter {
    std::string name;  // "<operator>_<what>"
    const std::uint64_t* value;
  };
  const std::vector<Counter>& counters() const { return counters_; }
  struct CounterBy {
    std::string name;
    const std::map<std::string, std::uint64_t>* values;  // by what is counted
  };
  const std::vector<CounterBy>& counters_by() const { return counters_by_; }
  /// Records that each operator took in.
  const std::vector<Counter>& operators() const { return operator_records_; }

  void post(std::string_view name, std::string_view to, std::string data) override;
  void publish(const Version& version) override;
  void forward(std::string_view type, std::string_view to, std::string data,
               const Origin& of) override;
  /// To `dead.letters`, about `subject`; the context says when and in what.
  void bury(const DeadLetter& letter, std::string_view subject);
  std::uint64_t buried() const { return buried_; }
  /// Appends a structured CloudEvent of ours.
  void emit(const std::string* topic, std::string_view id, std::string_view type,
            std::string_view subject, const std::function<void(std::string&)>& data);

 private:
  void send(std::string_view to, std::string_view id, std::string bytes);
  std::string path() const;

  int partition_;
  std::uint64_t buried_ = 0;
  std::string source_;
  std::vector<std::unique_ptr<void, void (*)(void*)>> parts_;
  std::map<std::string, OperatorBase*> operators_;
  StateLayout layout_;
  std::vector<std::function<void()>> handlers_;
  using Routes = std::map<std::string, std::vector<Deliver>, std::less<>>;  // in the order declared
  Routes routes_;
  Routes letter_routes_;
  std::map<std::string, std::vector<Check>, std::less<>> checks_;
  std::vector<const Outlet<Version>*> versions_;
  std::vector<const Outlet<AsideNews>*> asides_;
  std::vector<FieldList> fields_;
  bool fields_changed_ = false;
  std::vector<Counter> counters_;
  std::vector<CounterBy> counters_by_;
  std::vector<Counter> operator_records_;
};

}  // namespace streams
