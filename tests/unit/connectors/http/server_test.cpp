#include "connectors/http/server.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "tests/unit/connectors/http/client.h"

namespace connectors {
namespace {

using test::get;
using test::http::verb;

class ServerTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(directory_);
    std::ofstream{directory_ + "/" + name} << text;
    std::filesystem::permissions(directory_ + "/" + name, std::filesystem::perms{0600});
    return directory_ + "/" + name;
  }
  std::optional<Tokens> token() {
    return *Tokens::read_file(file("token", "a-secret-of-26-characters\n"));
  }
  static void echo(Server& server) {
    server.route("POST", "/echo", [](Request request, Reply reply) {
      reply({.body = std::move(request.body), .type = "text/plain"});
    });
    server.route("GET", "/things/", [](Request request, Reply reply) {
      reply({.body = std::move(request.tail), .type = "text/plain"});
    });
    server.route(
        "GET", "/health", [](const Request&, const Reply& reply) { reply({.body = "{}"}); },
        Access::open);
  }
  std::string directory_ = testing::TempDir() + "/face_server_test";
};

TEST_F(ServerTest, AnswersByRouteAndSaysWhatIsWrong) {
  Server server{std::nullopt};
  echo(server);
  ASSERT_TRUE(server.start({.port = 0}).ok());
  EXPECT_EQ(test::post(server.port(), "/echo", "text/plain", "hello").body, "hello");
  EXPECT_EQ(get(server.port(), "/things/elevator/3%31%20a?x=1").body, "elevator/31 a");
  EXPECT_EQ(get(server.port(), "/nowhere").status, 404);
  EXPECT_EQ(get(server.port(), "/echo").status, 405);
  EXPECT_EQ(get(server.port(), "/things/%zz").status, 400);
  EXPECT_EQ(server.counters().answered[4], 3u);
  const auto head = test::send(server.port(), verb::head, "/health");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers["Content-Length"], "2");
}

TEST_F(ServerTest, BoundsBodyAndHeaders) {
  Server server{std::nullopt, {.body_bytes = 100, .header_bytes = 400}};
  echo(server);
  ASSERT_TRUE(server.start({.port = 0}).ok());
  EXPECT_EQ(test::post(server.port(), "/echo", "text/plain", std::string(101, 'x')).status, 413);
  EXPECT_EQ(test::post(server.port(), "/echo", "text/plain", std::string(8 << 20, 'x')).status,
            413);
  EXPECT_EQ(get(server.port(), "/health", {{"X-Long", std::string(500, 'x')}}).status, 431);
}

TEST_F(ServerTest, TokenIsNeededForAllButPageAndHealth) {
  file("index.html", "<html>");
  Server server{token()};
  echo(server);
  ASSERT_TRUE(server.files(directory_).ok());
  ASSERT_TRUE(server.start({.port = 0}).ok());
  EXPECT_EQ(get(server.port(), "/").body, "<html>");
  EXPECT_EQ(get(server.port(), "/health").status, 200);
  EXPECT_EQ(get(server.port(), "/things/a").status, 401);
  EXPECT_EQ(get(server.port(), "/token").status, 404);  // no kind of file that a page has
  EXPECT_EQ(get(server.port(), "/../../etc/passwd").status, 404);
  EXPECT_EQ(get(server.port(), "/things/a", {{"Authorization", "Bearer wrong-secret"}}).status,
            401);
  EXPECT_EQ(get(server.port(), "/things/a", {{"Authorization", "Bearer a-secret-of-26-characters"}})
                .status,
            200);
}

TEST_F(ServerTest, TokenFileMustHoldAToken) {
  EXPECT_FALSE(Tokens::read_file(directory_ + "/none").ok());
  EXPECT_FALSE(Tokens::read_file(file("short", "abc")).ok());
  const auto two_lines = Tokens::read_file(file("lines", "a-secret-of-26\ncharacters"));
  ASSERT_FALSE(two_lines.ok());
  EXPECT_EQ(two_lines.error().what.find("secret"), std::string::npos);
}

TEST_F(ServerTest, ForeignPagesAndHostsAreRefused) {
  Server server{std::nullopt};
  echo(server);
  ASSERT_TRUE(server.start({.port = 0}).ok());
  const std::string own = "127.0.0.1:" + std::to_string(server.port());
  EXPECT_EQ(get(server.port(), "/health", {{"Host", "evil.example"}}).status, 403);
  EXPECT_EQ(
      test::post(server.port(), "/echo", "text/plain", "x", {{"Origin", "http://evil.example"}})
          .status,
      403);
  EXPECT_EQ(
      test::post(server.port(), "/echo", "text/plain", "x", {{"Origin", "http://" + own}}).status,
      200);
}

TEST_F(ServerTest, SaysInOneSentenceWhyItCannotListen) {
  Server first{std::nullopt}, second{std::nullopt}, third{std::nullopt};
  ASSERT_TRUE(first.start({.port = 0}).ok());
  const auto taken = second.start({.port = first.port()});
  ASSERT_FALSE(taken.ok());
  EXPECT_NE(taken.error().what.find("another program has taken this port"), std::string::npos);
  const auto open = third.start({.host = "0.0.0.0", .port = 0, .loopback = false});
  ASSERT_FALSE(open.ok());
  EXPECT_NE(open.error().what.find("token file"), std::string::npos);
}

TEST(EndpointTest, ReadsWhatPeopleWrite) {
  EXPECT_EQ((*parse_endpoint("0.0.0.0:80")).host, "0.0.0.0");
  EXPECT_FALSE((*parse_endpoint("0.0.0.0:80")).loopback);
  EXPECT_EQ((*parse_endpoint("[::1]:8080")).host, "::1");
  EXPECT_TRUE((*parse_endpoint("localhost:1")).loopback);
  EXPECT_EQ((*parse_endpoint(":65535")).port, 65535);
  for (const char* bad :
       {"8080", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "host:1", "[::1:80", ""})
    EXPECT_FALSE(parse_endpoint(bad).ok()) << bad;
}

TEST_F(ServerTest, LateAnswersAreTakenFromAnyThread) {
  Server server{std::nullopt};
  std::promise<Reply> asked;
  server.route("GET", "/late",
               [&](const Request&, Reply reply) { asked.set_value(std::move(reply)); });
  ASSERT_TRUE(server.start({.port = 0}).ok());
  auto answer = std::async([&] { return get(server.port(), "/late"); });
  const Reply reply = asked.get_future().get();
  reply({.body = "once"});
  reply({.body = "twice"});
  EXPECT_EQ(answer.get().body, "once");
}

TEST_F(ServerTest, HandlerThatDoesNotAnswerIsGivenUp) {
  Server server{std::nullopt, {.answer_time = std::chrono::milliseconds{20}}};
  Reply kept;
  server.route("GET", "/never", [&](const Request&, Reply reply) { kept = std::move(reply); });
  ASSERT_TRUE(server.start({.port = 0}).ok());
  EXPECT_EQ(get(server.port(), "/never").status, 503);
}

TEST_F(ServerTest, StreamsFramesAndDropsASlowReader) {
  Server server{std::nullopt, {.stream_queue_bytes = 1 << 20}};
  std::promise<std::shared_ptr<EventStream>> opened;
  server.stream("/stream",
                [&](const Request&, auto stream) { opened.set_value(std::move(stream)); });
  ASSERT_TRUE(server.start({.port = 0}).ok());
  test::StreamReader reader{server.port(), "/stream"};
  const auto stream = opened.get_future().get();
  std::string frame;
  append_frame(frame, "warning", "r.1", "{\n}");
  ASSERT_TRUE(stream->send(std::make_shared<const std::string>(frame)));
  EXPECT_NE(reader.read_until("{ }").find("event: warning\nid: r.1\ndata: { }\n\n"),
            std::string::npos);

  const auto much = std::make_shared<const std::string>(256 << 10, 'x');
  int sent = 0;
  while (stream->send(much)) ASSERT_LT(++sent, 1'000);  // never read: sockets fill, then the queue
  EXPECT_EQ(server.counters().dropped_streams, 1u);
}

TEST_F(ServerTest, StopsWithAStreamOpen) {
  auto server = std::make_unique<Server>(std::nullopt);
  std::promise<void> opened;
  std::shared_ptr<EventStream> kept;
  server->stream("/stream", [&](const Request&, auto stream) {
    kept = std::move(stream);
    opened.set_value();
  });
  ASSERT_TRUE(server->start({.port = 0}).ok());
  test::StreamReader reader{server->port(), "/stream"};
  opened.get_future().get();
  server->stop();
  EXPECT_FALSE(kept->send(std::make_shared<const std::string>("late")));
  EXPECT_NE(reader.read_until("no such text").find("<closed>"), std::string::npos);
}

}  // namespace
}  // namespace connectors
