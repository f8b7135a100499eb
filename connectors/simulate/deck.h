#pragma once

// Deck: cards with shares, dealt in a random order; shuffled anew when all are dealt. So shares
// hold exactly. The first time, one of each comes before the second of any: a short run, too, shows
// as many different cards as it deals. One thread.

#include <algorithm>
#include <vector>

#include "connectors/simulate/random.h"

namespace simulate {

class Deck {
 public:
  explicit Deck(Random dice) : dice_(dice) {}

  void add(std::size_t card, int share) {
    cards_.insert(cards_.end(), static_cast<std::size_t>(share), card);
  }
  bool empty() const { return cards_.empty(); }
  std::size_t deal() {
    if (dealt_ % cards_.size() == 0) dice_.shuffle(cards_);
    if (dealt_ == 0) put_one_of_each_first();
    return cards_[dealt_++ % cards_.size()];
  }

 private:
  void put_one_of_each_first() {
    std::size_t distinct = 0;
    for (std::size_t i = 0; i < cards_.size(); ++i) {
      const auto end = cards_.begin() + static_cast<std::ptrdiff_t>(distinct);
      if (std::find(cards_.begin(), end, cards_[i]) == end)
        std::swap(cards_[distinct++], cards_[i]);
    }
  }

  Random dice_;
  std::vector<std::size_t> cards_;
  std::size_t dealt_ = 0;
};

}  // namespace simulate
