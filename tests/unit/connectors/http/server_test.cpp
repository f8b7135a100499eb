#include "connectors/http/server.h"

#include <gtest/gtest.h>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <list>
#include <mutex>
#include <thread>

#include "connectors/http/callers.h"
#include "connectors/http/open_files.h"
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

TEST_F(ServerTest, AHandlerThatThrowsAnswers500AndTheNextIsServed) {
  Server server{std::nullopt};
  echo(server);
  std::string told;
  server.hear([&told](const std::string& what) { told = what; });
  server.route("GET", "/breaks",
               [](const Request&, const Reply&) { throw std::logic_error{"broken invariant: x"}; });
  ASSERT_TRUE(server.start({.port = 0}).ok());
  EXPECT_EQ(get(server.port(), "/breaks").status, 500);
  EXPECT_EQ(told, "GET /breaks could not be answered: broken invariant: x");
  EXPECT_EQ(get(server.port(), "/health").status, 200);
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

/// One answer to bytes as they are: its status line and headers, in the order they came.
std::string raw(std::uint16_t port, const std::string& bytes, const char* from = "127.0.0.1") {
  test::asio::io_context io;
  test::asio::ip::tcp::socket socket{io};
  socket.open(test::asio::ip::tcp::v4());
  socket.bind({test::asio::ip::make_address(from), 0});
  socket.connect({test::asio::ip::make_address("127.0.0.1"), port});
  boost::system::error_code failed;
  test::asio::write(socket, test::asio::buffer(bytes), failed);
  socket.shutdown(test::asio::socket_base::shutdown_send, failed);
  std::string all;
  test::asio::read(socket, test::asio::dynamic_buffer(all), failed);
  return all;
}
int status(const std::string& answer) {
  return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
}

TEST_F(ServerTest, ARequestHasOneHost) {
  Server server{std::nullopt};
  echo(server);
  ASSERT_TRUE(server.start({.port = 0}).ok());
  const auto with = [&](const std::string& line, const std::string& headers) {
    return status(raw(server.port(), line + "\r\n" + headers + "\r\n"));
  };
  EXPECT_EQ(with("GET /health HTTP/1.1", "Host: LOCALHOST\r\n"), 200);
  EXPECT_EQ(with("GET /health HTTP/1.1", "hOST: localhost:80\r\n"), 200);
  EXPECT_EQ(with("GET /health HTTP/1.0", ""), 200);
  EXPECT_EQ(with("GET /health HTTP/1.1", ""), 400);
  EXPECT_EQ(with("GET /health HTTP/1.1", "Host: localhost\r\nHost: localhost\r\n"), 400);
  EXPECT_EQ(with("GET /health HTTP/1.1", "Host: local host\r\n"), 400);
  EXPECT_EQ(with("GET /health HTTP/1.1", "Host: localhost:port\r\n"), 400);
  EXPECT_EQ(with("GET http://LocalHost/health?a=b HTTP/1.1", "Host: other\r\n"), 200);
  EXPECT_EQ(with("GET http://evil.example/health HTTP/1.1", "Host: localhost\r\n"), 403);
  EXPECT_EQ(with("GET ftp://localhost/health HTTP/1.1", "Host: localhost\r\n"), 400);
  EXPECT_EQ(with("GET health HTTP/1.1", "Host: localhost\r\n"), 400);
  EXPECT_EQ(with("GET /things/%0d%0a HTTP/1.1", "Host: localhost\r\n"), 400);
  EXPECT_EQ(with("GET /things/%ff HTTP/1.1", "Host: localhost\r\n"), 400);
}

TEST_F(ServerTest, EveryMethodIsAnsweredWithThoseThatAre) {
  file("index.html", "<html>");
  Server server{std::nullopt};
  echo(server);
  ASSERT_TRUE(server.files(directory_).ok());
  ASSERT_TRUE(server.start({.port = 0}).ok());
  const auto ask = [&](verb method, const std::string& path) {
    return test::send(server.port(), method, path);
  };
  for (const auto& [method, path, allow] :
       {std::tuple{verb::delete_, "/health", "GET, HEAD, OPTIONS"},
        std::tuple{verb::get, "/echo", "POST, OPTIONS"},
        std::tuple{verb::post, "/index.html", "GET, HEAD, OPTIONS"},
        std::tuple{verb::trace, "/things/a", "GET, HEAD, OPTIONS"}}) {
    const auto answer = ask(method, path);
    EXPECT_EQ(answer.status, 405) << path;
    EXPECT_EQ(answer.headers["Allow"], allow) << path;
  }
  EXPECT_EQ(ask(verb::options, "/echo").status, 204);
  EXPECT_EQ(ask(verb::options, "/echo").headers["Allow"], "POST, OPTIONS");
  EXPECT_EQ(ask(verb::options, "*").headers["Allow"], "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(ask(verb::options, "/nowhere").status, 404);
  EXPECT_EQ(ask(verb::head, "/index.html").headers["Content-Length"], "6");
}

TEST_F(ServerTest, ExpectationsAndCodings) {
  Server server{std::nullopt, {.body_bytes = 100'000}};
  echo(server);
  ASSERT_TRUE(server.start({.port = 0}).ok());
  const std::string head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
  EXPECT_EQ(raw(server.port(), head + "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\nhi")
                .find("HTTP/1.1 100 Continue\r\n"),
            0u);
  EXPECT_EQ(
      status(raw(server.port(), head + "Expect: tea\r\nContent-Length: 2\r\n\r\nhi")), 417);
  EXPECT_EQ(status(raw(server.port(), head + "Transfer-Encoding: gzip\r\n\r\n")), 501);
  const auto sent = [&](const std::string& coding, const std::string& body) {
    return test::post(server.port(), "/echo", "text/plain", body, {{"Content-Encoding", coding}});
  };
  const std::string gzip(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\xc8\x04\x00"
      "\xac\x2a\x93\xd8\x02\x00\x00\x00",
      22);
  const std::string zlib("\x78\x9c\xcb\xc8\x04\x00\x01\x3b\x00\xd2", 10);
  EXPECT_EQ(sent("GZip", gzip).body, "hi");
  EXPECT_EQ(sent("x-gzip", gzip + gzip).body, "hihi");
  EXPECT_EQ(sent("deflate", zlib).body, "hi");
  EXPECT_EQ(sent("deflate", zlib.substr(2, 4)).body, "hi");
  EXPECT_EQ(sent("identity", "hi").body, "hi");
  EXPECT_EQ(sent("gzip", "hi").status, 400);
  EXPECT_EQ(sent("gzip", gzip.substr(0, 15)).status, 400);
  EXPECT_EQ(sent("gzip", gzip + "x").status, 400);
  for (const char* coding : {"br", "gzip, gzip", "zstd"}) {
    EXPECT_EQ(sent(coding, "hi").status, 415) << coding;
    EXPECT_EQ(sent(coding, "hi").headers["Accept-Encoding"], "gzip, deflate");
  }
}

/// Sockets that say nothing.
class Idle {
 public:
  void open(std::uint16_t port, int count, const char* from) {
    for (int i = 0; i < count; ++i) {
      test::asio::ip::tcp::socket& socket = sockets_.emplace_back(io_);
      socket.open(test::asio::ip::tcp::v4());
      socket.bind({test::asio::ip::make_address(from), 0});
      socket.connect({test::asio::ip::make_address("127.0.0.1"), port});
    }
  }
  std::list<test::asio::ip::tcp::socket>& sockets() { return sockets_; }

 private:
  test::asio::io_context io_;
  std::list<test::asio::ip::tcp::socket> sockets_;
};

constexpr const char* kAsk =
    "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

TEST_F(ServerTest, IdleConnectionsLockNobodyOut) {
  Server server{std::nullopt};
  echo(server);
  ASSERT_TRUE(server.start({.port = 0}).ok());
  Idle idle;
  idle.open(server.port(), 512, "127.0.0.1");
  EXPECT_EQ(status(raw(server.port(), kAsk, "127.0.0.2")), 200);
  EXPECT_EQ(status(raw(server.port(), kAsk)), 200);
  EXPECT_LE(server.counters().connections, ServerLimits{}.address_connections + 2);
  EXPECT_GE(server.counters().refused[static_cast<std::size_t>(Refusal::evicted)], 512u - 128u);
}

TEST_F(ServerTest, ManyAddressesLeaveAShareToThoseWhoHaveAToken) {
  Server server{token(), {.connections = 16, .known_share = 8, .address_connections = 4}};
  echo(server);
  ASSERT_TRUE(server.start({.port = 0}).ok());
  Idle idle;
  for (int i = 2; i < 12; ++i)
    idle.open(server.port(), 4, ("127.0.0." + std::to_string(i)).c_str());
  EXPECT_EQ(status(raw(server.port(),
                       "GET /things/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                       "Authorization: Bearer a-secret-of-26-characters\r\n\r\n")),
            200);
  EXPECT_LE(server.counters().connections, 9u);
}

TEST_F(ServerTest, WhoSaysNothingIsLeft) {
  Server server{std::nullopt,
                {.first_byte_time = std::chrono::milliseconds{20},
                 .request_time = std::chrono::milliseconds{20}}};
  echo(server);
  ASSERT_TRUE(server.start({.port = 0}).ok());
  Idle idle;
  idle.open(server.port(), 2, "127.0.0.1");
  test::asio::write(idle.sockets().back(), test::asio::buffer(std::string{"GET /he"}));
  char byte = 0;
  boost::system::error_code ended;
  for (auto& socket : idle.sockets()) {
    socket.read_some(test::asio::buffer(&byte, 1), ended);
    EXPECT_TRUE(ended);
  }
  const auto slow = [&] {
    return server.counters().refused[static_cast<std::size_t>(Refusal::slow)];
  };
  while (slow() < 2) std::this_thread::yield();  // a reader may see the end before it is counted
  EXPECT_EQ(slow(), 2u);
}

TEST_F(ServerTest, WhoAsksNothingMoreIsLeft) {
  Server server{std::nullopt, {.idle_time = std::chrono::milliseconds{20}}};
  echo(server);
  ASSERT_TRUE(server.start({.port = 0}).ok());
  Idle idle;
  idle.open(server.port(), 1, "127.0.0.1");
  auto& socket = idle.sockets().front();
  test::asio::write(socket, test::asio::buffer(std::string{
                                "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"}));
  std::string all;
  boost::system::error_code ended;
  test::asio::read(socket, test::asio::dynamic_buffer(all), ended);  // to its end, which comes
  EXPECT_EQ(status(all), 200);
}

TEST_F(ServerTest, WrongTokensAreSlowedAndTold) {
  Server server{token()};
  echo(server);
  std::mutex mutex;
  std::vector<std::string> said;
  server.hear([&](const std::string& what) {
    const std::lock_guard lock{mutex};
    said.push_back(what);
  });
  ASSERT_TRUE(server.start({.port = 0}).ok());
  const test::Headers wrong{{"Authorization", "Bearer not-the-secret-at-all"}};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(get(server.port(), "/things/a", wrong).status, 401);
  EXPECT_EQ(get(server.port(), "/things/a").status, 401);
  const auto refused = server.counters().refused;
  EXPECT_EQ(refused[static_cast<std::size_t>(Refusal::wrong_token)], 2u);
  EXPECT_EQ(refused[static_cast<std::size_t>(Refusal::no_token)], 1u);
  const std::lock_guard lock{mutex};
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[1], "a wrong token came from 127.0.0.1 for /things/a, 2 in a row");
}

TEST_F(ServerTest, AProxySpeaksForEachCallerWhomItNames) {
  Server server{std::nullopt, {.address_connections = 1}};
  std::vector<Reply> kept;
  std::promise<void> asked;
  server.route("GET", "/late", [&](const Request&, Reply reply) {
    kept.push_back(std::move(reply));
    asked.set_value();
  });
  echo(server);
  EXPECT_FALSE(server.trust("proxy.example").ok());
  ASSERT_TRUE(server.trust("127.0.0.1").ok());
  ASSERT_TRUE(server.start({.port = 0}).ok());
  const auto of = [&](const char* caller, const char* path) {
    return get(server.port(), path, {{"X-Forwarded-For", caller}}).status;
  };
  auto late = std::async(std::launch::async, [&] { return of("10.0.0.1", "/late"); });
  asked.get_future().wait();
  EXPECT_EQ(of("10.0.0.1", "/health"), 429);
  EXPECT_EQ(of("10.0.0.2", "/health"), 200);
  EXPECT_EQ(status(raw(server.port(),
                       "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.0.0.2\r\n"
                       "X-Forwarded-For: 10.0.0.1\r\nConnection: close\r\n\r\n")),
            429)
      << "what the proxy has added comes last, also in a line of its own";
  kept.front()({.body = "{}"});
  EXPECT_EQ(late.get(), 200);
  EXPECT_EQ(of("10.0.0.1", "/health"), 200);
}

TEST(OpenFilesTest, AreRaisedOrFewerConnectionsAreTaken) {
  OpenFiles enough{4096, 4096}, raised{256, 100'000}, fewer{256, 1000}, none{256, 700};
  EXPECT_EQ(*connections_within(enough, 512), 512u);
  EXPECT_EQ(enough.soft, 4096u);
  EXPECT_EQ(*connections_within(raised, 512), 512u);
  EXPECT_EQ(raised.soft, 512 + kOtherFiles);
  EXPECT_EQ(*connections_within(fewer, 512), 1000 - kOtherFiles);
  const auto refused = connections_within(none, 512);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what.find("may open 700 files and needs 1280"), std::string::npos);
}

TEST_F(ServerTest, AHandlerSeesThatItsCallerHasLeft) {
  Server server{std::nullopt};
  std::promise<Request> asked;
  std::promise<Reply> reply_of;
  server.route("GET", "/late", [&](Request request, Reply reply) {
    reply_of.set_value(std::move(reply));
    asked.set_value(std::move(request));
  });
  ASSERT_TRUE(server.start({.port = 0}).ok());
  auto answer = std::async(std::launch::async, [&] {
    return raw(server.port(), "GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n");
  });
  const Request request = asked.get_future().get();
  ASSERT_NE(request.left, nullptr);
  while (!*request.left) std::this_thread::yield();  // it has ended what it sends
  reply_of.get_future().get()({.body = "{}"});
  EXPECT_EQ(status(answer.get()), 200);  // and still gets its answer
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
  for (const char* scheme : {"Bearer", "bearer", "BEARER"})
    EXPECT_EQ(get(server.port(), "/things/a",
                  {{"Authorization", std::string{scheme} + " a-secret-of-26-characters"}})
                  .status,
              200)
        << scheme;
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
