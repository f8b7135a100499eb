#pragma once

// Receipts: every complaint has its own way and its own reply, linked to others or not. It opens
// one when a complaint comes, learns from see/resolve what it is about and from respond/dispatch
// which order works on it, sees to it that a person decides where that is not certain, and tells
// the complainant the end. Reads Complaints, Placed and OrderWord (letters), Feedback on receipts
// and the version "hotline". Runs on the entities complaint/…; one task's thread.

#include "operators/city/complaint.h"
#include "operators/city/letters.h"
#include "operators/city/receipt.h"
#include "operators/city/steps.h"
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
  static constexpr auto fields() {
    using O = OpenReceipt;
    return std::tuple{field("receipt", &O::receipt),          field("where", &O::where),
                      field("causeSource", &O::cause_source), field("causeId", &O::cause_id),
                      field("unplaced", &O::unplaced),        field("exercise", &O::exercise)};
  }
};

class Receipts
    : public streams::Operator<Receipt(Complaint, Placed, OrderWord, Feedback, streams::Version)> {
 public:
  explicit Receipts(std::string city) : city_(std::move(city)) {}

  streams::Value<OpenReceipt> open = value<OpenReceipt>("open");
  streams::Timer over = timer("over", &Receipts::on_over);
  streams::Side<Notice> notices = side<Notice>("notices");
  streams::Side<Rejected> rejected = side<Rejected>("rejected");
  /// Of a receipt that belongs to no entity yet: for judge.
  streams::Side<Conclusion> conclusions = side<Conclusion>("conclusions");
  Letters post = letters();
  Count bad_versions = count("bad_versions");

  using Out = streams::Emit<Receipt>;
  void process(const streams::Record<Complaint>& in, Out& out) override;
  void process(const streams::Record<Placed>& in, Out& out) override;
  void process(const streams::Record<OrderWord>& in, Out& out) override;
  void process(const streams::Record<Feedback>& in, Out& out) override;
  void process(const streams::Record<streams::Version>& in, Out& out) override;
  void on_over(Out& out);

 private:
  void resolve_entity(const Feedback& said);
  void answer_directly(const Feedback& said);
  void conclude_unplaced(const Reason& why);
  void end_unplaced(const Reason& why);
  void reply(ReceiptState end, const std::string& cause, Text text);
  void record(std::string_view step, std::string_view by, Text why);
  void publish(Out& out, const std::string& cause = {});

  const std::string city_;
  // From the active version, not state: the task hands it over again when it restores.
  HotlineList hotline_;
  std::string hotline_version_;
};

}  // namespace city
