// Who asks: addresses as one name each, and how long a wrong token waits.

#include "connectors/http/callers.h"

#include <gtest/gtest.h>

namespace connectors {
namespace {

TEST(CallersTest, EachWrongTokenWaitsTwiceAsLong) {
  Callers callers;
  const Callers::Clock::time_point now{std::chrono::hours{1}};
  EXPECT_EQ(callers.wrong_token("a", now).wait, std::chrono::milliseconds{100});
  EXPECT_EQ(callers.wrong_token("a", now).wait, std::chrono::milliseconds{200});
  EXPECT_EQ(callers.wrong_token("b", now).wait, std::chrono::milliseconds{100});
  for (int i = 0; i < 100; ++i) callers.wrong_token("a", now);
  EXPECT_EQ(callers.wrong_token("a", now).wait, Callers::kLongestWait);
  EXPECT_EQ(callers.wrong_token("a", now + Callers::kForgotten * 2).times, 1u);
  callers.right_token("b");
  EXPECT_EQ(callers.wrong_token("b", now).times, 1u);
  for (std::size_t i = 0; i < 2 * Callers::kMostWrong; ++i)
    callers.wrong_token(std::to_string(i), now);
  EXPECT_EQ(callers.wrong_token("b", now).times, 1u);
}

TEST(CallersTest, KnowsAddresses) {
  EXPECT_EQ(address_text("10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(address_text(" 10.1.2.3:80 "), "10.1.2.3");
  EXPECT_EQ(address_text("[2001:db8:1:2:3:4:5:6]:80"), "2001:db8:1:2::/64");
  EXPECT_EQ(address_text("::ffff:10.1.2.3"), "10.1.2.3");
  for (const char* none : {"", "unknown", "_hidden", "10.1.2", "a\nb"})
    EXPECT_EQ(address_text(none), "") << none;
  EXPECT_EQ(forwarded_for("6.6.6.6, 10.1.2.3", ""), "10.1.2.3");
  EXPECT_EQ(forwarded_for("", R"(for=6.6.6.6, For="[2001:db8::1]:80";proto=https)"),
            "2001:db8::/64");
  EXPECT_EQ(forwarded_for("nonsense", "by=1.2.3.4"), "");
}

}  // namespace
}  // namespace connectors
