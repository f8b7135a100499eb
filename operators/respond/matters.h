#pragma once

// Matters: the legal follow-up of violations, at the party. An order's verdict opens one for each
// behaviour of the law list; earlier ones of the same behaviour within its window make the
// difference between a proposed exemption (首违免罚) and a case. The software proposes, tells and
// reminds; each decision is a person's, with a reason. Reads Offences and the devices' word of
// their public notice (letters), Feedback on matters and the version "law". One task's thread.

#include "operators/city/letters.h"
#include "operators/city/steps.h"
#include "operators/duty/active_list.h"
#include "operators/duty/duty_list.h"
#include "operators/duty/law_list.h"
#include "operators/respond/open_matter.h"
#include "streams/operator.h"

namespace city {

class Matters : public streams::Operator<Matter(Offence, NoticeTold, Feedback, streams::Version)> {
 public:
  explicit Matters(std::string city) : city_(std::move(city)) {}

  streams::Map<std::string, OpenMatter> matters = map<std::string, OpenMatter>("matters");
  streams::Timer wake = timer("wake", &Matters::on_wake);
  streams::Side<Notice> notices = side<Notice>("notices");
  streams::Side<Rejected> rejected = side<Rejected>("rejected");
  Letters post = letters();
  Count unnamed = count("unnamed");  // violations that are no behaviour of the list
  Count dropped = count("dropped");  // the oldest matters of a party that has too many
  Count bad_versions = count("bad_versions");

  using Out = streams::Emit<Matter>;
  void process(const streams::Record<Offence>& in, Out& out) override;
  void process(const streams::Record<NoticeTold>& in, Out& out) override;
  void process(const streams::Record<Feedback>& in, Out& out) override;
  void process(const streams::Record<streams::Version>& in, Out& out) override;
  void on_wake(Out& out);

 private:
  // opening, evidence, time (matters.cpp)
  std::vector<const Behaviour*> behaviours_of(const Offence& offence) const;
  void open(const Behaviour& behaviour, const Offence& offence, Out& out);
  void find_earlier(Matter& matter, const Behaviour& behaviour) const;
  void make_room();
  void ask_devices(const Matter& matter);
  void remind(OpenMatter& open);

  // what people say (matter_steps.cpp)
  using Refusal = std::optional<Reason>;  // it was not legal, and nothing was changed
  struct MatterStep;
  static const MatterStep kMatterSteps[];
  std::string target_matter(const Feedback& said, Refusal& why) const;
  Refusal notified(OpenMatter& open, const Feedback& said, Out& out);
  Refusal objection(OpenMatter& open, const Feedback& said, Out& out);
  Refusal corrected(OpenMatter& open, const Feedback& said, Out& out);
  Refusal not_corrected(OpenMatter& open, const Feedback& said, Out& out);
  Refusal exempt(OpenMatter& open, const Feedback& said, Out& out);
  Refusal file_case(OpenMatter& open, const Feedback& said, Out& out);
  Refusal decide(OpenMatter& open, const Feedback& said, Out& out);
  Refusal served(OpenMatter& open, const Feedback& said, Out& out);
  Refusal paid(OpenMatter& open, const Feedback& said, Out& out);
  void answer_objections(OpenMatter& open, const Feedback& said);
  void close(OpenMatter& open, std::string_view by, Text why, Out& out);

  // common (matters.cpp)
  streams::Time now() const { return std::max(context().time, context().recorded); }
  void move(OpenMatter& open, MatterState to);
  void record(OpenMatter& open, std::string_view step, std::string_view by, Text why);
  void publish(OpenMatter& open, Out& out);
  void notify(const OpenMatter& open, std::string_view to, std::string_view kind, Text text);
  /// With the names of whoever it speaks of.
  template <class Words>
  Words with_names(const Words& words) const {
    return city::named(words, duty_->names());
  }
  void arm();

  const std::string city_;
  // From the active version, not state: the task hands it over again when it restores.
  ActiveList<LawList> law_;
  ActiveList<DutyList> duty_;
};

}  // namespace city
