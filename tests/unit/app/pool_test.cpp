#include "app/pool.h"

#include <gtest/gtest.h>

namespace {

TEST(Pool, DoesEveryItemOnceInEveryRound) {
  for (const int threads : {1, 2, 4}) {
    app::Pool pool{threads};
    for (int round = 0; round < 3000; ++round) {
      const int count = 1 + round % 7;
      std::vector<int> done(static_cast<std::size_t>(count), 0);
      pool.run(count, [&](int item) { done[static_cast<std::size_t>(item)] += 1; });
      ASSERT_EQ(done, std::vector<int>(static_cast<std::size_t>(count), 1)) << round;
    }
  }
}

}  // namespace
