#pragma once

// Callers: the people who ring the five hotlines, about elevators, kitchens, shops and what is
// nobody's: when, what they say, how they name the place (by a code, an address, a nickname, a
// wrong house number, or hardly); the same matter through another channel, the same person again,
// and those who ring once more after the reply. Part of City, which asks it for what is due. One
// thread.

#include <array>
#include <map>
#include <queue>

#include "connectors/simulate/elevator.h"
#include "connectors/simulate/phrases.h"
#include "connectors/simulate/trade.h"

namespace simulate {

class Callers {
 public:
  /// `elevators` outlives this.
  Callers(std::uint64_t seed, int calls_a_day, const std::vector<Elevator>& elevators, Trade& trade,
          Time start, Time end);

  std::optional<Time> next() const;
  /// The next call, into the mail.
  void happen(Mail& mail);
  /// Somebody in the cabin rings now.
  void trapped(std::size_t elevator, Time at, Mail& mail);
  /// The caller has been told this; now and then that is not the end of it.
  void replied(std::string_view receipt, Time at);

  struct Meant {
    std::string entity;  // empty: nobody's
    std::optional<std::size_t> elevator;
  };
  /// What the caller of a receipt was speaking of; null: no such receipt.
  const Meant* meant_by(std::string_view receipt) const;

  std::vector<Trade::Count> counts() const;

 private:
  enum class Why { first, other_channel, again, after_reply };
  struct Ring {
    Time at{};
    std::uint64_t sequence = 0;
    Why why = Why::first;
    const Phrase* phrase = nullptr;
    std::size_t whom = 0;     // an elevator, or one of the premises
    std::size_t channel = 0;  // of kChannels
    std::uint64_t caller = 0;
    int before = 0;        // calls in the same matter
    std::string original;  // number of the first receipt, where the caller names it
    bool operator<(const Ring& other) const {
      return std::tie(other.at, other.sequence) < std::tie(at, sequence);
    }
  };
  struct Named {
    std::string about, address, remark;
  };

  void plan(int calls_a_day, Time start, Time end);
  void draw(Ring& ring);
  void push(Ring ring);
  void follow_up(const Ring& ring, const std::string& number);
  std::size_t channel_of(const Phrase& phrase);
  Named names(const Ring& ring);
  Named names_elevator(const Elevator& elevator, bool urgent);
  Named names_premises(const Premises& one);
  Named names_nothing();
  std::string entity_of(const Ring& ring) const;
  std::string district_of(const Ring& ring) const;
  std::string send(const Ring& ring, std::string_view kind, std::string_view category,
                   std::string_view text, Mail& mail, const Named& named);

  std::uint64_t seed_;
  const std::vector<Elevator>& elevators_;
  Trade& trade_;
  std::array<std::vector<const Phrase*>, kTopicCount> by_topic_;  // as often as its share says
  std::priority_queue<Ring> rings_;
  std::map<std::string, Meant, std::less<>> meant_;  // by receipt
  std::map<std::string, Ring, std::less<>> rung_;    // by receipt, without those of the trapped
  Random dice_;
  std::uint64_t sequence_ = 0;
  std::int64_t ids_ = 0;
  std::array<std::int64_t, std::size(kChannels)> by_channel_{};
  std::array<std::int64_t, kTopicCount> of_topic_{};
  std::array<std::int64_t, 4> by_why_{};
  std::int64_t trapped_ = 0;
};

}  // namespace simulate
