// Whose topics they are, on a real broker (WATCHFIRE_BROKERS, see tests/broker/run.sh).

#include "connectors/kafka/city_identity.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "connectors/kafka/appender.h"
#include "connectors/kafka/changelog.h"
#include "connectors/kafka/topics.h"

namespace {

using namespace connectors::kafka;
using streams::Error;

constexpr int kPartitions = 3;

class CityIdentityTest : public testing::Test {
 protected:
  void SetUp() override {
    static int number = 0;
    connection_.brokers = std::getenv("WATCHFIRE_BROKERS");
    connection_.prefix =
        "identity-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + ".";
    ASSERT_TRUE(create_topics(connection_, engine_topics(kPartitions), 1).ok());
  }
  streams::Result<CityIdentity> claim(const std::string& application,
                                      const std::string& city = "shanghai") {
    return claim_city(connection_, kPartitions, application, city);
  }

  Connection connection_;
};

TEST_F(CityIdentityTest, StaysTheSame) {
  const auto first = claim("one");
  ASSERT_TRUE(first.ok()) << first.error().what;
  const auto again = claim("one");
  ASSERT_TRUE(again.ok()) << again.error().what;
  EXPECT_EQ(*first, *again);
  auto consumer = Consumer::open(connection_, {});
  ASSERT_TRUE(consumer.ok());
  for (int partition = 0; partition < kPartitions; ++partition) {
    const auto read = read_identity(**consumer, partition);
    ASSERT_TRUE(read.ok()) << read.error().what;
    EXPECT_EQ(*read, *first);
  }
}

TEST_F(CityIdentityTest, RefusesAnotherApplicationAndAnotherCity) {
  ASSERT_TRUE(claim("one").ok());
  const auto application = claim("two");
  ASSERT_FALSE(application.ok());
  EXPECT_EQ(application.error().kind, Error::Kind::usage);
  EXPECT_NE(application.error().what.find("belong to the application one"), std::string::npos);
  const auto city = claim("one", "beijing");
  ASSERT_FALSE(city.ok());
  EXPECT_NE(city.error().what.find("of the city shanghai"), std::string::npos);
}

TEST_F(CityIdentityTest, OneOfSeveralAtOnceGivesIt) {
  std::vector<std::string> ids(4);
  std::vector<std::thread> threads;
  for (std::string& id : ids)
    threads.emplace_back([&] {
      if (const auto claimed = claim("one")) id = claimed->id;
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& id : ids) EXPECT_EQ(id, ids.front());
  EXPECT_FALSE(ids.front().empty());
}

// Made by an older version, or its beginning was deleted: what is there can't be trusted.
TEST_F(CityIdentityTest, MustStandBeforeEverythingElse) {
  auto appender = Appender::open(connection_, {});
  ASSERT_TRUE(appender.ok());
  ASSERT_TRUE((*appender)->append({{{std::string{kChangelog}, 1}, {}, "row", "r..."}}).ok());
  const auto claimed = claim("one");
  ASSERT_FALSE(claimed.ok());
  EXPECT_EQ(claimed.error().kind, Error::Kind::usage);
  EXPECT_NE(claimed.error().what.find("partition 1"), std::string::npos);
}

}  // namespace
