#pragma once

// Dispatch: warnings become orders. One story, one order per item: it opens them, calls the levels
// of responders, follows every answer from the field, climbs the ladder of supervision, and closes
// them; then it tells the entity's judge, the rule and the device by letter, the receipts of
// complaints that an order or a warning without one answers, and the party whose violation was
// found. Reads judge's Warnings (first), Conclusions (the end of a matter), Complaints, ReceiptWord
// (letters), Feedback on orders, records and the versions "duty" and "calendar". One task's thread.

#include "operators/city/complaint.h"
#include "operators/city/letters.h"
#include "operators/city/permit.h"
#include "operators/city/standing.h"
#include "operators/city/steps.h"
#include "operators/duty/active_list.h"
#include "operators/duty/duty_list.h"
#include "operators/respond/open_order.h"
#include "streams/operator.h"

namespace city {

class Dispatch : public streams::Operator<Order(Warning, Conclusion, Complaint, ReceiptWord,
                                                Feedback, PermitChange, streams::Version)> {
 public:
  explicit Dispatch(std::string city) : city_(std::move(city)) {}

  streams::Map<std::string, OpenOrder> orders = map<std::string, OpenOrder>("orders");
  /// Complaints that no order answers yet, by event.
  streams::Map<std::string, WaitingReceipt> receipts = map<std::string, WaitingReceipt>("receipts");
  streams::Value<Registration> registration = value<Registration>("registration");
  streams::Value<NamedUnits> named = value<NamedUnits>("named");
  streams::Timer wake = timer("wake", &Dispatch::on_wake);
  streams::Side<Notice> notices = side<Notice>("notices");
  streams::Side<Rejected> rejected = side<Rejected>("rejected");
  Count bad_versions = count("bad_versions");

  using Out = streams::Emit<Order>;
  void process(const streams::Record<Warning>& in, Out& out) override;
  void process(const streams::Record<Conclusion>& in, Out& out) override;
  void process(const streams::Record<Complaint>& in, Out& out) override;
  void process(const streams::Record<ReceiptWord>& in, Out& out) override;
  void process(const streams::Record<Feedback>& in, Out& out) override;
  void process(const streams::Record<PermitChange>& in, Out& out) override;
  void process(const streams::Record<streams::Version>& in, Out& out) override;
  void on_wake(Out& out);

 private:
  // opening and closing (dispatch.cpp)
  OpenOrder& begin(const std::string& id, const std::string& item, Priority priority,
                   std::string_view district);
  void open(const std::string& id, const Warning& warning, Out& out);
  void note_begun(const Conclusion& conclusion);
  void join(OpenOrder& open, const Warning& warning, Out& out);
  bool take_priority(OpenOrder& open, const Warning& warning);
  bool take_story(OpenOrder& open, const Warning& warning);
  // complaints (order_receipts.cpp)
  bool take_receipts(OpenOrder& open, const Warning& warning);
  void tell_without_order(const Warning& warning);
  void hurry(OpenOrder& open, const ReceiptWord& word, Out& out);
  void do_again(const ReceiptWord& word, Out& out);
  struct Visit;
  void visit(const Visit& visit, Out& out);
  void hold(OpenOrder& open, const HeldReceipt& receipt);
  std::vector<HeldReceipt> take_later(OpenOrder& open);
  void go_again(const OpenOrder& before, std::vector<HeldReceipt> later, Out& out);
  void answer_after_end(const OpenOrder& over, const Warning& warning, Out& out);
  void tell_receipts(const OpenOrder& open, const std::vector<HeldReceipt>& whom, const Text& why);
  void close(OpenOrder& open, std::string_view by, Text why, Out& out);
  void tell(const OpenOrder& open, const Text& why);

  // violations (violations.cpp)
  void take_grounds(OpenOrder& open, const Warning& warning);
  void name_party(OpenOrder& open);
  void accuse(const OpenOrder& open);

  // who is called, and when more are (responders.cpp)
  std::vector<std::string> units_of(const OpenOrder& open, std::string_view role) const;
  void call_level(OpenOrder& open, int level, std::string_view code, const Text& cause);
  void add_responder(OpenOrder& open, int level, const std::string& unit, const Role& role,
                     const LevelClock& clock, std::string_view code);
  void call_registered(Out& out);
  void say_who_named(OpenOrder& open, const std::string& unit, const Role& role);
  bool climbs(const OpenOrder& open, int level) const;
  void on_acceptance_due(OpenOrder& open, LevelClock& clock);
  void on_arrival_due(OpenOrder& open, LevelClock& clock);
  void start_clock(OpenOrder& open);
  std::string_view hours_of(const OpenOrder& open) const;
  LevelClock clock_of(const OpenOrder& open, int level, streams::Time called) const;
  void say_waiting(OpenOrder& open);
  void start_at_once(OpenOrder& open);

  // time (ladder.cpp)
  bool on_due(OpenOrder& open, const OrderDue& due);  // false: nothing to publish
  void remind(OpenOrder& open, const Ladder& ladder, streams::Time at);
  void urge(OpenOrder& open, const Text& cause);
  void supervise_leader(OpenOrder& open, std::string_view by, std::string to,
                        streams::Time reply_by, const Text& cause);
  void report(OpenOrder& open, const Text& cause);
  void end_pause(OpenOrder& open, std::string_view by, const Text& why);

  // what people say (field_steps.cpp, oversight_steps.cpp)
  struct Answer {
    std::optional<Reason> refusal;  // it was not legal, and nothing was changed
    bool published = false;         // the step itself said all there is to say
  };
  struct FieldStep;
  static const FieldStep kFieldSteps[];
  Answer accept(OpenOrder& open, const Feedback& said, Out& out);
  Answer en_route(OpenOrder& open, const Feedback& said, Out& out);
  Answer arrived(OpenOrder& open, const Feedback& said, Out& out);
  Answer finding(OpenOrder& open, const Feedback& said, Out& out);
  Answer rectified(OpenOrder& open, const Feedback& said, Out& out);
  Answer give_back(OpenOrder& open, const Feedback& said, Out& out);
  Answer transfer(OpenOrder& open, const Feedback& said, Out& out);
  Answer pause(OpenOrder& open, const Feedback& said, Out& out);
  Answer resume(OpenOrder& open, const Feedback& said, Out& out);
  Answer extend_request(OpenOrder& open, const Feedback& said, Out& out);
  Answer extend_grant(OpenOrder& open, const Feedback& said, Out& out);
  Answer return_accepted(OpenOrder& open, const Feedback& said, Out& out);
  Answer return_refused(OpenOrder& open, const Feedback& said, Out& out);
  Answer verify(OpenOrder& open, const Feedback& said, Out& out);
  Answer reject_result(OpenOrder& open, const Feedback& said, Out& out);
  Answer supervise(OpenOrder& open, const Feedback& said, Out& out);
  Answer supervise_reply(OpenOrder& open, const Feedback& said, Out& out);
  Answer recall(OpenOrder& open, const Feedback& said, Out& out);
  Answer call_logged(OpenOrder& open, const Feedback& said, Out& out);
  Answer link_given(OpenOrder& open, const Feedback& said, Out& out);
  Answer link_revoked(OpenOrder& open, const Feedback& said, Out& out);
  Answer go_on(OpenOrder& open, const Feedback& said, OrderState to, const Text& why);
  std::string target_order(const Feedback& said, std::optional<Reason>& why) const;
  // for whom somebody may speak (order_standing.cpp)
  std::optional<Reason> refuse_stranger(const OpenOrder& open, const Feedback& said) const;

  // common (dispatch.cpp)
  streams::Time now() const { return std::max(context().time, context().recorded); }
  const Item& item_of(const OpenOrder& open) const { return duty_->item(open.order.item); }
  OrderDue due_of(const OpenOrder& open) const {
    return next_due(open, item_of(open).ladder, calendar_.list, hours_of(open));
  }
  void move(OpenOrder& open, OrderState to);
  void record(OpenOrder& open, std::string_view step, std::string_view by, Text why);
  void publish(OpenOrder& open, Out& out);
  void notify(const OpenOrder& open, std::string_view to, std::string_view kind, Text text);
  /// With the names of whoever it speaks of.
  template <class Words>
  Words with_names(const Words& words) const {
    return city::named(words, duty_->names(), key(), registration.get().name);
  }
  void arm();

  const std::string city_;
  // From the active version, not state: the task hands it over again when it restores.
  ActiveList<DutyList> duty_;
  ActiveList<Calendar> calendar_;
};

/// The responder of that name, or null.
Responder* responder_of(Order& order, std::string_view unit);
const Responder* responder_of(const Order& order, std::string_view unit);
/// Whoever uses the place by its registration, as `enterprise/…`; the entity itself where nobody
/// is.
std::string party_of(const Registration& place, std::string_view entity);
/// Who answers for the order: the first who accepted, else the first called; null: nobody.
const Responder* owner_of(const Order& order);

}  // namespace city
