#include "streams/hash.h"

#include <gtest/gtest.h>

namespace {

using namespace streams;

// Figures of Apache Kafka's own `Utils.toPositive(Utils.murmur2(key.getBytes("UTF-8")))`, as its
// UtilsTest has them.
TEST(Hash, PartitionsLikeKafka) {
  constexpr int kWide = 0x7fffffff;
  const auto positive = [](std::int32_t murmur) { return (murmur & 0x7fffffff) % kWide; };
  EXPECT_EQ(partition_of("21", kWide), positive(-973932308));
  EXPECT_EQ(partition_of("foobar", kWide), positive(-790332482));
  EXPECT_EQ(partition_of("a-little-bit-long-string", kWide), positive(-985981536));
  EXPECT_EQ(partition_of("a-little-bit-longer-string", kWide), positive(-1486304829));
  EXPECT_EQ(partition_of("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", kWide),
            positive(-58897971));
  EXPECT_EQ(partition_of("abc", kWide), positive(479470107));
}

TEST(Hash, IdsAreOfTheirPartsInOrder) {
  const std::string id = make_id("w-", {"a", "bc"});
  EXPECT_EQ(id.size(), 34u);
  EXPECT_TRUE(id.starts_with("w-"));
  EXPECT_EQ(id, make_id("w-", {"a", "bc"}));
  EXPECT_NE(id, make_id("w-", {"ab", "c"}));
  EXPECT_NE(id, make_id("w-", {"bc", "a"}));
}

}  // namespace
