#include "app/answerer.h"

#include <gtest/gtest.h>

#include <future>

namespace app {
namespace {

using connectors::Response;

/// A reply that is waited for, and a job that ends when it is told to.
struct Asked {
  std::promise<Response> promise;
  connectors::Reply reply = [this](Response response) { promise.set_value(std::move(response)); };
  Response answer() { return promise.get_future().get(); }
};

TEST(Answerer, AnswersOneAfterTheOtherInTheirOrder) {
  Answerer answerer{4, "too many"};
  std::string order;  // the answerer's thread alone writes it
  Asked first, second;
  answerer.ask([&] { return order += "1", Response{.body = "first"}; }, first.reply);
  answerer.ask([&] { return order += "2", Response{.body = "second"}; }, second.reply);
  EXPECT_EQ(second.answer().body, "second");
  EXPECT_EQ(first.answer().body, "first");
  EXPECT_EQ(order, "12");
}

TEST(Answerer, WhoFindsNoRoomOrComesTooLateIsToldSo) {
  Answerer answerer{1, "too many"};
  std::promise<void> begun, go_on;
  Asked at_work, waiting, no_room, late;
  answerer.ask(
      [&] {
        begun.set_value();
        go_on.get_future().wait();
        return Response{.body = "done"};
      },
      at_work.reply);
  begun.get_future().wait();
  answerer.ask([] { return Response{.body = "never"}; }, waiting.reply);
  answerer.ask([] { return Response{.body = "never"}; }, no_room.reply);
  const Response refused = no_room.answer();
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find("too many"), std::string::npos);
  std::thread stopping{[&] { answerer.stop(); }};
  // Until stop() has said so, a request would wait behind the one that is at work.
  while (true) {
    Asked asked;
    std::future<Response> answer = asked.promise.get_future();
    answerer.ask([] { return Response{.body = "never"}; }, asked.reply);
    if (answer.get().body.find("shut down") != std::string::npos) break;
  }
  go_on.set_value();
  stopping.join();
  EXPECT_EQ(at_work.answer().body, "done");
  EXPECT_EQ(waiting.answer().status, 503);
  answerer.ask([] { return Response{.body = "never"}; }, late.reply);
  EXPECT_EQ(late.answer().status, 503);
}

}  // namespace
}  // namespace app
