#pragma once

// Crews: the people of the simulated city: duty rooms, mechanics, stations, merchants, squads,
// checkers, leaders, seats. They see what the software puts out and answer by the table
// (crews_table.h), with what City says is really there; their answers are field.feedback. Driven by
// Lockstep, after each epoch. What they say depends on nothing but the seed, the table and the
// order of what they have seen. One thread.

#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "connectors/json/json_reader.h"
#include "connectors/simulate/city.h"
#include "connectors/simulate/deck.h"
#include "connectors/simulate/tally.h"

namespace simulate {

struct CrewOptions {
  std::uint64_t seed = 1;
  CrewTable table = crew_table();
};

class Crews {
 public:
  Crews(CrewOptions options, City& city);
  Crews(const Crews&) = delete;
  Crews& operator=(const Crews&) = delete;

  /// A record that the epoch ending with the tick `now` has put out. Topics that nobody here reads
  /// are passed over. False: a record of a known topic that could not be read.
  bool see(std::string_view topic, std::string_view record_json, Time now);

  /// Recorded time of the next feedback; always later than the `now` of what caused it.
  std::optional<Time> next();
  /// All feedback recorded at or before `until`, in recorded order.
  void take(Time until, std::vector<Arrival>& out);

  const Tally& tally() const { return tally_; }

 private:
  /// An order, a warning or a complaint that a seat looks at, a matter that an officer decides.
  struct Job {
    std::string id, entity, item;
    bool of_warning = false, of_receipt = false, of_matter = false;
    Matter matter = Matter::fault;
    bool life = false;
    bool over = false;
    int attempt = 1;
    std::set<std::string> called;  // "<attempt>/<unit>"
    std::string handled_by;
    std::string merchant;  // of a kitchen's hygiene: whose own word counts little
    Time handled{}, returned{}, rejected{}, extension{}, supervised{};
    int reopened = -1;  // of a warning: for which reopening it was dealt
    bool urgent = false;
    bool unplaced = false, asked = false;  // of a receipt: dealt, or soon
    bool ordered = false, told = false;    // it has an order; the caller has the answer
  };
  /// A row that is being played, by one unit of one job.
  struct Act {
    std::string job;
    std::size_t play;
    std::string actor;  // whom `By::unit` means
    int attempt;
    std::size_t move = 0;
    Time at{};  // when the move is made; it is recorded a little later
    Time recorded{};
    std::uint64_t sequence = 0;
  };
  struct Later {
    bool operator()(const Act& a, const Act& b) const {
      return std::tie(a.recorded, a.sequence) > std::tie(b.recorded, b.sequence);
    }
  };
  using Queue = std::priority_queue<Act, std::vector<Act>, Later>;
  struct Repeat {
    Time recorded;
    std::string subject, bytes;
  };

  bool see_order(streams::JsonReader& in, Time now);
  bool see_warning(streams::JsonReader& in, Time now);
  bool see_receipt(streams::JsonReader& in, Time now);
  void see_answer(Job& job, const city::Receipt& receipt, Time now);
  bool see_matter(streams::JsonReader& in, Time now);
  bool see_notice(streams::JsonReader& in);
  void answer_overseers(Job& job, const city::Order& order, Time now);
  void deal(Call call, const Job& job, std::string actor, Time now);
  void go_on(Act act);
  bool stands(const Act& act) const;
  void work(const Act& act);
  std::string speak(const Act& act, const Job& job, const Move& move);
  void speak_of_receipt(Sheet& sheet, const Job& job, const Move& move) const;
  static void speak_of_matter(Sheet& sheet, const Move& move);
  void tell_finding(Sheet& sheet, const Act& act, const Job& job, const Move& move);
  void do_what(const Job& job, const Finding& finding, Time at);
  bool is_own_word(const Job& job, std::string_view by) const;
  void look_at_desk(Time until);
  static std::string sender(const Move& move, const Act& act);

  CrewOptions options_;
  City& city_;
  Random dice_;
  std::vector<Deck> calls_;     // by Call
  std::vector<Deck> findings_;  // by Matter, then real or not
  Tally tally_;
  connectors::SimdJsonReader reader_;
  std::map<std::string, Job, std::less<>> jobs_;
  Queue speaking_;
  Queue working_;                          // moves without a word
  std::multimap<Time, std::string> desk_;  // receipts of which an order may still come
  std::multimap<Time, Repeat> repeats_;
  std::set<std::string, std::less<>> illegal_;  // ids of events that must be rejected
  std::uint64_t sequence_ = 0;
  std::int64_t ids_ = 0;
};

}  // namespace simulate
