#pragma once

// Trade: the city's kitchens and shops over time: their registrations, what their cameras and the
// street's send, filed pitches and what becomes of them; and what is really so, until somebody
// corrects it. Part of City, which asks it for what is due; told by callers what they have seen and
// by crews what they have done. One thread.

#include <array>
#include <map>
#include <queue>
#include <unordered_map>

#include "connectors/simulate/lapses.h"
#include "connectors/simulate/mail.h"
#include "connectors/simulate/random.h"
#include "connectors/simulate/scene.h"

namespace simulate {

class Trade {
 public:
  Trade(std::uint64_t seed, const CitySize& size, const std::vector<District>& districts,
        Time start, Time end);
  Trade(const Trade&) = delete;
  Trade& operator=(const Trade&) = delete;

  std::optional<Time> next() const;
  /// The next thing that is due, into the mail.
  void happen(Mail& mail);

  /// Kitchens first, shops behind them.
  const std::vector<Premises>& premises() const { return premises_; }
  std::size_t kitchens() const { return kitchens_; }
  std::size_t shops() const { return premises_.size() - kitchens_; }
  const std::vector<Lapse>& lapses() const { return lapses_; }

  /// By its id; of a cell of the map: the shop in whose front something was last seen there.
  std::optional<std::size_t> find(std::string_view entity) const;
  Scene scene(std::size_t premises, Matter matter, Time at) const;
  /// It is so from here on, until then at the latest.
  void begin(std::size_t premises, Matter matter, Time until);
  void corrected(std::size_t premises, Matter matter, Time at);

  struct Count {
    std::string_view what;
    std::int64_t events = 0;
  };
  std::vector<Count> counts() const;

 private:
  static constexpr std::size_t kMatters = 4;  // of_premises
  enum Counted {
    kKitchen,
    kShop,
    kDevice,
    kFiling,
    kFilingEnds,
    kHygieneSeen,
    kRodentSeen,
    kGoodsSeen,
    kBetweenSeen,
    kMistaken,
    kCounted,
  };
  struct Due {
    enum class What { registration, device, filing, filing_ends, sighting };
    Time at;
    std::uint64_t sequence;
    What what;
    std::size_t index;  // of the premises; of a sighting: of the lapse
    int again;          // how often before; of a device: which camera
    bool operator<(const Due& other) const {
      return std::tie(other.at, other.sequence) < std::tie(at, sequence);
    }
  };
  struct Filing {
    std::string no;
    Time until{};
    std::string_view ends;  // "revoked", "expired"
  };

  void later(Due::What what, Time at, std::size_t index, int again = 0);
  void plan_filing(std::size_t premises, Time start, Time end);
  void register_premises(const Premises& one, Time at, Mail& mail);
  void register_device(const Premises& one, std::size_t camera, Time at, Mail& mail);
  void file(std::size_t premises, std::string_view action, Time at, Mail& mail);
  void sight(const Due& due, Mail& mail);
  std::string new_id(std::string_view kind);

  std::uint64_t seed_;
  std::size_t kitchens_ = 0;
  std::vector<Premises> premises_;
  std::unordered_map<std::string_view, std::size_t> by_subject_;
  std::map<std::string, std::size_t, std::less<>> by_cell_;  // what was last seen there
  std::vector<Lapse> lapses_;
  std::map<std::size_t, Filing> filings_;
  std::vector<std::array<Time, kMatters>> until_;  // what is really so
  std::priority_queue<Due> dues_;
  Random dice_;
  std::uint64_t sequence_ = 0;
  std::int64_t ids_ = 0;
  std::array<std::int64_t, kCounted> counts_{};
};

}  // namespace simulate
