#pragma once

// Receipts: every complaint has its own way, its own clock and its own reply, linked to others or
// not. It opens one when a complaint comes, learns from see/resolve what it is about and from
// respond/dispatch which order works on it and from see/alike which other receipt may be the same
// matter, sees to it that a person decides where that is not certain, tells the complainant the end
// (or, in time, that there is none yet), and has it done again when they are not satisfied. Reads
// Complaints, Placed, OrderWord, SameMatter and AlikeWord (letters), Feedback on receipts and the
// versions "duty", "hotline" and "calendar". Runs on the entities complaint/…; one task's thread.

#include "operators/city/complaint.h"
#include "operators/city/letters.h"
#include "operators/city/receipt.h"
#include "operators/city/steps.h"
#include "operators/duty/active_list.h"
#include "operators/duty/duty_list.h"
#include "operators/duty/hotline_list.h"
#include "streams/operator.h"

namespace city {

/// What is remembered of a receipt beside what is published.
struct OpenReceipt {
  Receipt receipt;
  StreetAddress where;
  std::string cause_source, cause_id;  // of the complaint
  std::string unplaced;                // rule that was concluded because nobody could place it
  bool exercise = false;
  bool asked = false;              // the receipt that `originalNo` names
  bool contact_late = false;       // said already
  std::vector<std::string> twins;  // receipts of the same matter that wait for its place
  std::string order_entity, unit;  // of the order that works on it
  std::string order_district;
  Priority order_priority = Priority::P4;
  std::string sketch;                // of its words
  std::string address;               // as it was said, while nobody has placed it
  std::vector<std::string> offered;  // candidates when it was last looked for
  int looked = 0;                    // how often since then
  std::string code;                  // that it named instead of an entity
  std::string warning;               // that was concluded because nobody could place it
  static constexpr auto fields() {
    using O = OpenReceipt;
    return std::tuple{field("receipt", &O::receipt),
                      field("where", &O::where),
                      field("causeSource", &O::cause_source),
                      field("causeId", &O::cause_id),
                      field("unplaced", &O::unplaced),
                      field("exercise", &O::exercise),
                      field("asked", &O::asked),
                      field("contactLate", &O::contact_late),
                      field("twins", &O::twins),
                      field("orderEntity", &O::order_entity),
                      field("unit", &O::unit),
                      field("orderDistrict", &O::order_district),
                      field("orderPriority", &O::order_priority),
                      field("sketch", &O::sketch),
                      field("address", &O::address),
                      field("offered", &O::offered),
                      field("looked", &O::looked),
                      field("code", &O::code),
                      field("warning", &O::warning)};
  }
};

class Receipts : public streams::Operator<Receipt(Complaint, Placed, SameMatter, AlikeWord,
                                                  OrderWord, Feedback, streams::Version)> {
 public:
  explicit Receipts(std::string city) : city_(std::move(city)) {}

  streams::Value<OpenReceipt> open = value<OpenReceipt>("open");
  streams::Timer due = timer("due", &Receipts::on_due);
  streams::Timer over = timer("over", &Receipts::on_over);
  streams::Timer again = timer("again", &Receipts::on_again);
  streams::Side<Notice> notices = side<Notice>("notices");
  streams::Side<Rejected> rejected = side<Rejected>("rejected");
  /// Of a receipt that belongs to no entity yet: for judge.
  streams::Side<Conclusion> conclusions = side<Conclusion>("conclusions");
  Letters post = letters();
  Count bad_versions = count("bad_versions");

  using Out = streams::Emit<Receipt>;
  void process(const streams::Record<Complaint>& in, Out& out) override;
  void process(const streams::Record<Placed>& in, Out& out) override;
  void process(const streams::Record<SameMatter>& in, Out& out) override;
  void process(const streams::Record<AlikeWord>& in, Out& out) override;
  void process(const streams::Record<OrderWord>& in, Out& out) override;
  void process(const streams::Record<Feedback>& in, Out& out) override;
  void process(const streams::Record<streams::Version>& in, Out& out) override;
  void on_due(Out& out);
  void on_over(Out& out);
  void look_again();
  void on_again(Out& out);

 private:
  // what it is about (receipts.cpp)
  const UnplacedRule* unplaced_rule() const;
  void conclude_unplaced(const Reason& why);
  void end_unplaced(const Reason& why);
  Complaint complaint_of_labels() const;
  void tell_entity();
  void tell_road();
  void offer(const std::string& entity);
  void ask_twin(const std::string& twin, std::string_view by);
  void tell_twin(const std::string& twin);
  void answer_twins();
  // the order that works on it (receipts.cpp)
  void take_order(const OrderWord& word);
  void reply(ReceiptState end, const std::string& cause, Text text);

  // its own clock (receipt_clock.cpp)
  void start_clock();
  void arm();
  void answer_meanwhile();

  // what people say (receipt_steps.cpp); a reason: it was not legal, and nothing was changed
  using Refusal = std::optional<Reason>;
  struct DeskStep;
  static const DeskStep kDeskSteps[];
  Refusal resolve_entity(const Feedback& said, Out& out);
  Refusal answer_directly(const Feedback& said, Out& out);
  Refusal decline(const Feedback& said, Out& out);
  Refusal may_end_here() const;
  bool names_its_own(const Feedback& said) const;
  void hear_call(const Feedback& said, Out& out);
  Refusal call_logged(const Feedback& said, Out& out);
  Refusal revisit(const Feedback& said, Out& out);
  Refusal reopen(const Feedback& said, Out& out);
  void redo(const Text& why);

  // common (receipts.cpp)
  streams::Time now() const { return std::max(context().time, context().recorded); }
  void tell(std::string_view to, std::string_view kind, Text text, std::string_view cause);
  void record(std::string_view step, std::string_view by, Text why);
  /// With the names of whoever it speaks of.
  template <class Words>
  Words with_names(const Words& words) const {
    return city::named(words, duty_->names());
  }
  void publish(Out& out, const std::string& cause = {});

  const std::string city_;
  // From the active version, not state: the task hands it over again when it restores.
  ActiveList<DutyList> duty_;
  ActiveList<HotlineList> hotline_;
  ActiveList<Calendar> calendar_;
};

/// What the complainant's own words were about, without them.
Text matter_of(const Receipt& receipt);

}  // namespace city
