#include "app/topic_feed.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

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
  TopicFeed::Extent extent_of(const streams::Partition& place) {
    const auto all = log_.fetch(place, 0, 1 << 30);
    const auto end = static_cast<std::int64_t>(all->records.size());
    return {std::min(first_.load(), end), end};
  }
  std::string cursor(const std::string& offsets) {
    const std::string now{ask("wait=no").headers["Next-Cursor"]};
    return now.substr(0, now.find('-') + 1) + offsets;
  }

  std::atomic<std::int64_t> first_ = 0;  // what was before is no longer kept
  TopicFeed feed_{{log_, [this](const streams::Partition& place) { return extent_of(place); }},
                  {.log_identity = "this log",
                   .partitions = 2,
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
  EXPECT_EQ(first.headers["Next-Cursor"], cursor("2.1"));
  append("{4}", 1, 4);
  const auto next = ask("wait=no&from=" + cursor("2.1"));
  EXPECT_EQ(next.body, "{4}\n");
  EXPECT_EQ(next.headers["Next-Cursor"], cursor("2.2"));
  const auto none = ask("wait=no&from=" + cursor("2.2"));
  EXPECT_EQ(none.body, "");
  EXPECT_EQ(none.headers["Next-Cursor"], cursor("2.2"));
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
  auto waiting = std::async(std::launch::async, [this] { return ask("from=" + cursor("0.0")); });
  EXPECT_EQ(waiting.wait_for(milliseconds{100}), std::future_status::timeout);
  append("{1}");
  EXPECT_EQ(waiting.get().body, "{1}\n");
}

TEST_F(TopicFeedTest, StopAnswersThoseWhoWaitAndThoseWhoCome) {
  const std::string here = cursor("0.0");
  auto waiting = std::async(std::launch::async, [&] { return ask("from=" + here); });
  EXPECT_EQ(waiting.wait_for(milliseconds{100}), std::future_status::timeout);
  feed_.stop();
  const auto answer = waiting.get();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers["Next-Cursor"], here);
  EXPECT_EQ(ask("from=" + here).status, 503);
}

TEST_F(TopicFeedTest, OnlyOutputsAndOnlyCursors) {
  for (const char* door : {"hotline.complaints", "field.feedback", "city.events", "nonsense", ""})
    EXPECT_EQ(ask("wait=no", door).status, 404) << door;
  for (const std::string& topic : output_topics()) EXPECT_EQ(ask("wait=no", topic).status, 200);
  for (const char* wrong : {"1", "1.2.3", "1.", "-1.0", "1.x", "99999999999999999999.0", "soon"})
    EXPECT_EQ(ask(std::string{"wait=no&from="} + wrong).status, 400) << wrong;
  EXPECT_EQ(ask("from=%zz").status, 400);
  EXPECT_EQ(ask("wait=maybe").status, 400);
}

TEST_F(TopicFeedTest, ACursorThatLeadsNowhereIsToldHowToGoOn) {
  for (int i = 0; i < 3; ++i) append("{}", 0, i);
  const std::string there = cursor("3.0");
  EXPECT_EQ(ask("wait=no&from=" + there).status, 200);
  const auto old = ask("wait=no&from=3.0");
  EXPECT_EQ(old.status, 400);
  EXPECT_NE(old.body.find("from=start"), std::string::npos);
  const auto beyond = ask("wait=no&from=" + cursor("4.0"));
  EXPECT_EQ(beyond.status, 410);
  EXPECT_NE(beyond.body.find("beyond the end"), std::string::npos);
  EXPECT_NE(beyond.body.find(R"("from":"start","earliest":")" + cursor("0.0")), std::string::npos);
  EXPECT_EQ(ask("wait=no&from=" + there, "warnings").status, 410);
  EXPECT_EQ(ask("wait=no&from=0123456789abcdef-0.0").status, 410);
  first_ = 2;
  EXPECT_EQ(ask("wait=no&from=" + cursor("1.0")).status, 410);
  const auto from_start = ask("wait=no&from=start");
  EXPECT_EQ(from_start.body, "{}\n");
  EXPECT_EQ(ask("wait=no&from=" + cursor("2.0")).status, 200);
}

TEST_F(TopicFeedTest, WhoHangsUpFreesItsPlace) {
  test::asio::io_context io;
  for (int round = 0; round < 20; ++round) {  // two may wait
    auto socket = test::connected(io, server_.port());
    test::http::request<test::http::empty_body> request{test::http::verb::get,
                                                        "/v1/topics/rejected", 11};
    request.set(test::http::field::host, "localhost");
    test::http::write(socket, request);
    socket.close();
    while (ask("wait=no").status == 503) std::this_thread::yield();
  }
}

}  // namespace
}  // namespace app
