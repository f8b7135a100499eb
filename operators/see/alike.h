#pragma once

// Alike: finds receipts that may be one matter although nobody linked them: of one category, at one
// address (or on one road where a caller said no number), with words in common (likeness.h). It
// proposes, and a person decides: the same words about another house are another matter. Runs on
// the entities road/…, which receipts tell of themselves; reads the version "hotline" for its
// numbers. One task's thread.

#include "operators/city/letters.h"
#include "operators/duty/active_list.h"
#include "operators/duty/hotline_list.h"
#include "operators/see/resolve.h"
#include "streams/operator.h"

namespace see {

struct Heard {
  city::Wording wording;
  streams::Time at{};
  bool exercise = false;
  static constexpr auto fields() {
    return std::tuple{field("wording", &Heard::wording), field("at", &Heard::at),
                      field("exercise", &Heard::exercise)};
  }
};

/// `road/仙霞路`
std::string road_of(const city::StreetAddress& where);
/// Whether both may be at one house: nothing that both said differs.
bool may_be_one_place(const city::StreetAddress& a, const city::StreetAddress& b);

class Alike : public streams::Operator<Nothing(city::Wording, streams::Version)> {
 public:
  streams::Map<std::string, Heard> heard = map<std::string, Heard>("heard");  // by receipt
  streams::Timer quiet = timer("quiet", &Alike::on_quiet);
  Letters post = letters();
  Count bad_versions = count("bad_versions");
  Count dropped = count("dropped");

  using Out = streams::Emit<Nothing>;
  void process(const streams::Record<city::Wording>& in, Out& out) override;
  void process(const streams::Record<streams::Version>& in, Out& out) override;
  void on_quiet(Out& out);

 private:
  void forget_old(streams::Time now);
  void make_room();

  city::ActiveList<city::HotlineList> hotline_;
};

}  // namespace see
