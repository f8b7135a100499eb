#pragma once

// Operator: the one shape of everything that decides. It declares what it remembers as typed
// members, handles each input with one `process`, each timer with its own handler, and speaks by
// Emit, Side and Letters. It sees one entity at a time and nothing else: no clock, no other key, no
// thread.
//
//   class Dispatch : public Operator<Order(Warning, Feedback)> {
//     Map<OrderId, Order> open = map<OrderId, Order>("open");
//     Timer unanswered = timer("unanswered", &Dispatch::on_unanswered);
//     void process(const Record<Warning>& in, Emit<Order>& out) override;
//     …
//   };
//
// Siblings that read one stream run in the order in which the topology declares them. One operator
// object belongs to one task and its thread.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "streams/context.h"
#include "streams/decoder.h"
#include "streams/state.h"
#include "streams/version.h"

namespace streams {

/// One value on its way between operators, with what it is about and why. A view: valid in the
/// call.
template <class T>
struct Record {
  const T& value;
  const Context& context;

  std::string_view key() const { return context.entity->key; }
  Time time() const { return context.time; }
};

template <class T>
class Inlet {
 public:
  virtual ~Inlet() = default;
  virtual void accept(const Record<T>& record) = 0;
};

class OutletBase {
 public:
  virtual ~OutletBase() = default;
};

/// Where a stream leaves its maker: passes each record to its readers in the order declared.
template <class T>
class Outlet : public OutletBase {
 public:
  void subscribe(Inlet<T>* inlet) { inlets_.push_back(inlet); }
  void push(const T& value, const Context& context) const {
    const Record<T> record{value, context};
    for (Inlet<T>* inlet : inlets_) inlet->accept(record);
  }

 private:
  std::vector<Inlet<T>*> inlets_;
};

/// An operator's main output.
template <class Out>
class Emit {
 public:
  Emit(const Outlet<Out>& outlet, const Context& context) : outlet_(outlet), context_(context) {}
  void operator()(const Out& value) { outlet_.push(value, context_); }
  /// The cause named in the records that follow: for timers, whose own cause is long past.
  void operator()(const Out& value, std::string_view cause_id) {
    Context because = context_;
    because.cause_id = cause_id;
    outlet_.push(value, because);
  }

 private:
  const Outlet<Out>& outlet_;
  const Context& context_;
};

/// A named second output.
template <class T>
class Side {
 public:
  Side(const Outlet<T>* outlet, const Context* const* context)
      : outlet_(outlet), context_(context) {}
  void operator()(const T& value) { outlet_->push(value, **context_); }
  /// Another cause than the record in hand: a letter is not the reason why it was sent.
  void operator()(const T& value, std::string_view cause_id) {
    Context because = **context_;
    because.cause_id = cause_id;
    outlet_->push(value, because);
  }
  const Outlet<T>* outlet() const { return outlet_; }

 private:
  const Outlet<T>* outlet_;
  const Context* const* context_;
};

/// Which event something is; empty: the one in hand.
struct Origin {
  std::string_view id, source;
};

/// Where letters go: the task, which appends them to `city.events` in the same commit.
class LetterBox {
 public:
  virtual ~LetterBox() = default;
  /// `data` is the letter's JSON object.
  virtual void post(std::string_view name, std::string_view to, std::string data) = 0;
  /// To every partition: it takes effect there as the next record.
  virtual void publish(const Version& version) = 0;
  /// The event in hand, told to another entity as well: same id, source and time. `of`: another
  /// event that the letter in hand brought.
  virtual void forward(std::string_view type, std::string_view to, std::string data,
                       const Origin& of) = 0;
};

class OperatorBase {
 public:
  OperatorBase() = default;
  virtual ~OperatorBase() = default;
  OperatorBase(const OperatorBase&) = delete;
  OperatorBase& operator=(const OperatorBase&) = delete;

  // What the task needs to know of an operator; not for subclasses.
  struct Wiring {
    Context* context = nullptr;
    LetterBox* letter_box = nullptr;
    Binding binding;
    std::vector<Cell> cells;  // names are the members' own
    std::vector<std::string> timers;
    std::vector<std::function<void()>> handlers;  // of the timers, in order
    std::vector<std::unique_ptr<OutletBase>> sides;
    std::vector<std::string> side_names;
    std::uint64_t records = 0;  // taken in, for metrics
    std::vector<std::uint64_t> counts;
    std::vector<std::string> count_names;
    std::map<std::string, std::map<std::string, std::uint64_t>> counts_by;
    std::function<void(std::vector<FieldList>)> extract;
  };
  Wiring& wiring() { return wiring_; }

 protected:
  template <class T>
  Value<T> value(std::string name) {
    wiring_.cells.push_back(Value<T>::cell(std::move(name)));
    return {&wiring_.binding, static_cast<int>(wiring_.cells.size()) - 1};
  }
  template <class K, class V>
  Map<K, V> map(std::string name) {
    wiring_.cells.push_back(Map<K, V>::cell(std::move(name)));
    return {&wiring_.binding, static_cast<int>(wiring_.cells.size()) - 1};
  }
  template <class T>
  Side<T> side(std::string name) {
    auto outlet = std::make_unique<Outlet<T>>();
    const Outlet<T>* at = outlet.get();
    wiring_.sides.push_back(std::move(outlet));
    wiring_.side_names.push_back(std::move(name));
    return {at, &const_context_};
  }

  /// Word to other entities; T names its letter in T::kLetter.
  class Letters {
   public:
    explicit Letters(const Wiring* wiring) : wiring_(wiring) {}
    template <class T>
    void send(std::string_view to, const T& letter) {
      std::string data;
      append_json(data, letter);
      wiring_->letter_box->post(T::kLetter, to, std::move(data));
    }
    void publish(const Version& version) { wiring_->letter_box->publish(version); }
    void forward(std::string_view type, std::string_view to, std::string data,
                 const Origin& of = {}) {
      wiring_->letter_box->forward(type, to, std::move(data), of);
    }

   private:
    const Wiring* wiring_;
  };
  Letters letters() { return Letters{&wiring_}; }

  /// Counts what is dropped or decided; shown as `watchfire_<operator>_<name>_total`.
  class Count {
   public:
    Count(Wiring* wiring, std::size_t index) : wiring_(wiring), index_(index) {}
    void operator++() { ++wiring_->counts[index_]; }

   private:
    Wiring* wiring_;
    std::size_t index_;
  };
  Count count(std::string name) {
    wiring_.counts.push_back(0);
    wiring_.count_names.push_back(std::move(name));
    return {&wiring_, wiring_.counts.size() - 1};
  }

  /// The same by a name that is known only when it happens, such as a rule's: for what is rare.
  class CountBy {
   public:
    explicit CountBy(std::map<std::string, std::uint64_t>* counts) : counts_(counts) {}
    void add(const std::string& of) { ++(*counts_)[of]; }

   private:
    std::map<std::string, std::uint64_t>* counts_;
  };
  CountBy count_by(const std::string& name) { return CountBy{&wiring_.counts_by[name]}; }

  /// While it lives, what this operator says is marked as part of a drill, or is not: by what its
  /// state remembers of its cause, not by the record in hand (a timer has no mark of its own).
  class Exercise {
   public:
    Exercise(Context* context, bool on) : context_(context), before_(context->exercise) {
      context->exercise = on;
    }
    ~Exercise() { context_->exercise = before_; }
    Exercise(const Exercise&) = delete;
    Exercise& operator=(const Exercise&) = delete;

   private:
    Context* context_;
    bool before_;
  };
  [[nodiscard]] Exercise exercise(bool on) { return {wiring_.context, on}; }

  /// Which fields of events this operator wants in their slots from the next event on.
  void extract(std::vector<FieldList> fields) { wiring_.extract(std::move(fields)); }

  const Context& context() const { return *wiring_.context; }
  /// The entity of the record in hand.
  std::string_view key() const { return wiring_.context->entity->key; }

  Wiring wiring_;

 private:
  friend class Graph;
  const Context* const_context_ = nullptr;
};

template <class In, class Out>
class Handles {
 public:
  virtual ~Handles() = default;
  virtual void process(const Record<In>& in, Emit<Out>& out) = 0;
};

template <class Signature>
class Operator;

/// `Operator<Order(Warning, Feedback)>` makes Orders out of Warnings and Feedback.
template <class Out, class... In>
class Operator<Out(In...)> : public OperatorBase, public Handles<In, Out>... {
 public:
  using Output = Out;
  using Handles<In, Out>::process...;

  Outlet<Out>& outlet() { return outlet_; }

 protected:
  template <class Self>
  Timer timer(std::string name, void (Self::*handler)(Emit<Out>&)) {
    wiring_.timers.push_back(std::move(name));
    wiring_.handlers.push_back([this, handler] {
      Emit<Out> out{outlet_, *wiring_.context};
      (static_cast<Self*>(this)->*handler)(out);
    });
    return {&wiring_.binding, static_cast<int>(wiring_.timers.size()) - 1};
  }

 private:
  Outlet<Out> outlet_;
};

}  // namespace streams
