#pragma once

// Resolve: finds what a complaint is about. A receipt names an entity, a code (rescue code,
// licence, QR code) or only an address; codes and places are entities that registrations make known
// to them, so the complaint goes there as the same event, and on to the one entity that fits. Where
// that is not certain nobody guesses: the receipt is told so, and a person decides; the place
// remembers the decision. A new gazetteer reads the registered addresses again. First operator of
// the loop beside see/detect. One task's thread.

#include "operators/city/complaint.h"
#include "operators/city/permit.h"
#include "operators/duty/active_list.h"
#include "operators/see/gazetteer.h"
#include "streams/operator.h"

namespace see {

using streams::field;

/// An entity says where it is, or that it is there no more. To `code/…` and `place/…`.
struct Registered {
  static constexpr std::string_view kLetter = "registered";
  std::string entity;
  city::StreetAddress where;
  bool gone = false;
  static constexpr auto fields() {
    return std::tuple{field("entity", &Registered::entity), field("where", &Registered::where),
                      field("gone", &Registered::gone)};
  }
};

/// What an entity last said, and to whom.
struct Whereabouts {
  city::StreetAddress where;
  std::vector<std::string> told;  // codes and its place
  std::string address, name;      // as registered
  std::vector<std::string> codes;
  std::string gazetteer;  // by which the address was read
  static constexpr auto fields() {
    using W = Whereabouts;
    return std::tuple{field("where", &W::where),     field("told", &W::told),
                      field("address", &W::address), field("name", &W::name),
                      field("codes", &W::codes),     field("gazetteer", &W::gazetteer)};
  }
};

/// How often registrations are looked at for a new gazetteer, and unplaced receipts try again.
inline constexpr streams::Duration kLookAgain = std::chrono::hours{1};

/// Never emitted: what Resolve does, it does by letter.
struct Nothing {};

class Resolve : public streams::Operator<Nothing(city::Complaint, city::PermitChange, Registered,
                                                 city::Lesson, streams::Version)> {
 public:
  streams::Value<Whereabouts> whereabouts = value<Whereabouts>("whereabouts");
  streams::Map<std::string, Registered> known = map<std::string, Registered>("known");
  streams::Map<std::string, city::Lesson> lessons = map<std::string, city::Lesson>("lessons");
  streams::Timer reread = timer("reread", &Resolve::on_reread);
  Letters post = letters();
  Count bad_versions = count("bad_versions");
  Count lessons_dropped = count("lessons_dropped");

  using Out = streams::Emit<Nothing>;
  void process(const streams::Record<city::Complaint>& in, Out& out) override;
  void process(const streams::Record<city::PermitChange>& in, Out& out) override;
  void process(const streams::Record<Registered>& in, Out& out) override;
  void process(const streams::Record<city::Lesson>& in, Out& out) override;
  void process(const streams::Record<streams::Version>& in, Out& out) override;
  void on_reread(Out& out);

 private:
  void announce(Whereabouts now);
  void from_receipt(city::Complaint complaint);
  void at_code(const city::Complaint& complaint);
  void at_place(const city::Complaint& complaint);
  void ask_others(const city::Complaint& complaint);
  void to_place(const city::Complaint& complaint, std::string_view otherwise_zh,
                std::string_view otherwise_en);
  void found(city::Complaint complaint, const std::string& entity, city::Reason why);
  void not_certain(const city::Complaint& complaint, std::vector<std::string> candidates,
                   city::Reason why);
  void forward(const city::Complaint& complaint, const std::string& to);
  std::vector<const Registered*> candidates_of(const city::Complaint& complaint) const;

  city::ActiveList<Gazetteer> gazetteer_;
};

}  // namespace see
