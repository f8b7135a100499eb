#include "app/topic_feed.h"

#include <gtest/gtest.h>

#include <future>

#include "streams/memory.h"
#include "tests/unit/app/city_records.h"
#include "tests/unit/connectors/http/client.h"

namespace app {
namespace {

using std::chrono::milliseconds;

class TopicFeedTest : public testing::Test {
 protected:
  TopicFeedTest() {
    feed_.add_routes(server_);
    EXPECT_TRUE(server_.start({.port = 0}).ok());
  }
  test::Answer ask(const std::string& query, const std::string& topic = "rejected") {
    return test::get(server_.port(), "/v1/topics/" + topic + "?" + query);
  }
  void append(const std::string& bytes, int partition = 0, int second = 0) {
    std::vector<streams::Append> records;
    records.push_back({{"rejected", partition}, test::at(second), bytes});
    ASSERT_TRUE(log_.append(std::move(records), false).ok());
  }

  streams::MemoryLog log_;
  connectors::Server server_{std::nullopt};
  TopicFeed feed_{log_,
                  {.partitions = 2,
                   .answer_bytes = 64,
                   .waiting = 2,
                   .wait = milliseconds{2'000},
                   .look_interval = milliseconds{1}}};
};

TEST_F(TopicFeedTest, ACursorGoesOnWhereTheAnswerEnded) {
  append("{1}", 0, 1);
  append("{2}", 1, 2);
  append("{3}", 0, 3);
  const auto first = ask("wait=no");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.headers["Content-Type"], "application/x-ndjson");
  EXPECT_EQ(first.body, "{1}\n{2}\n{3}\n");
  EXPECT_EQ(first.headers["Next-Cursor"], "2.1");
  append("{4}", 1, 4);
  const auto next = ask("wait=no&from=2.1");
  EXPECT_EQ(next.body, "{4}\n");
  EXPECT_EQ(next.headers["Next-Cursor"], "2.2");
  const auto none = ask("wait=no&from=2.2");
  EXPECT_EQ(none.body, "");
  EXPECT_EQ(none.headers["Next-Cursor"], "2.2");
  EXPECT_EQ(ask("from=start&wait=no").body, "{1}\n{2}\n{3}\n{4}\n");
}

TEST_F(TopicFeedTest, NothingIsLeftOutOfManyAnswers) {
  std::string all, seen;
  for (int i = 0; i < 50; ++i) {
    append(std::string(20, static_cast<char>('a' + i % 26)), 0, i);
    all += std::string(20, static_cast<char>('a' + i % 26)) + "\n";
  }
  std::string cursor = "start";
  int answers = 0;
  for (std::string body = "-"; !body.empty(); ++answers) {
    const auto answer = ask("wait=no&from=" + cursor);
    body = answer.body;
    seen += body;
    cursor = std::string{answer.headers["Next-Cursor"]};
  }
  EXPECT_EQ(seen, all);
  EXPECT_GT(answers, 5);
}

TEST_F(TopicFeedTest, ATimePassesOverWhatWasBefore) {
  append("{1}", 0, 1);
  append("{2}", 1, 9);
  EXPECT_EQ(ask("wait=no&from=2026-11-22T00:00:05Z").body, "{2}\n");
  EXPECT_EQ(ask("wait=no&from=2026-11-22T08:00:05+08:00").body, "{2}\n");
  EXPECT_EQ(ask("wait=no&from=2026-11-22T08%3A00%3A05%2B08%3A00").body, "{2}\n");
}

TEST_F(TopicFeedTest, AnAnswerWaitsForTheNextRecord) {
  auto waiting = std::async(std::launch::async, [this] { return ask("from=0.0"); });
  EXPECT_EQ(waiting.wait_for(milliseconds{100}), std::future_status::timeout);
  append("{1}");
  EXPECT_EQ(waiting.get().body, "{1}\n");
}

TEST_F(TopicFeedTest, StopAnswersThoseWhoWaitAndThoseWhoCome) {
  auto waiting = std::async(std::launch::async, [this] { return ask("from=7.0"); });
  EXPECT_EQ(waiting.wait_for(milliseconds{100}), std::future_status::timeout);
  feed_.stop();
  const auto answer = waiting.get();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers["Next-Cursor"], "7.0");
  EXPECT_EQ(ask("from=7.0").status, 503);
}

TEST_F(TopicFeedTest, OnlyOutputsAndOnlyCursors) {
  for (const char* door : {"hotline.complaints", "field.feedback", "city.events", "nonsense", ""})
    EXPECT_EQ(ask("wait=no", door).status, 404) << door;
  for (const std::string& topic : output_topics()) EXPECT_EQ(ask("wait=no", topic).status, 200);
  for (const char* wrong : {"1", "1.2.3", "1.", "-1.0", "1.x", "99999999999999999999.0", "soon"})
    EXPECT_EQ(ask(std::string{"wait=no&from="} + wrong).status, 400) << wrong;
  EXPECT_EQ(ask("from=%zz").status, 400);
}

}  // namespace
}  // namespace app
