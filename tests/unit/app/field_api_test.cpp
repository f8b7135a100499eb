#include "app/field_api.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "connectors/json/event_decoder.h"
#include "streams/memory.h"
#include "tests/contract/temp_directory.h"
#include "tests/support/source_directory.h"
#include "tests/unit/app/city_records.h"
#include "tests/unit/connectors/http/client.h"

namespace app {
namespace {

using connectors::EventDecoder;
using connectors::Signer;
using test::at;

using namespace std::string_literals;

const std::string kUnit = "unit/fast-lift";
/// The parts of a picture, with this in the place of its pixels.
std::string jpeg_of(const std::string& pixels) {
  return "\xff\xd8\xff\xda\0\x04sc"s + pixels + "\xff\xd9";
}
std::string png_of(const std::string& pixels) {
  return "\x89PNG\r\n\x1a\n"s + "\0\0\0"s + static_cast<char>(pixels.size()) + "IDAT" + pixels +
         "crc!" + "\0\0\0\0IENDcrc!"s;
}
constexpr int kMinute = 60, kHour = 3600;

class FieldApiTest : public testing::Test {
 protected:
  FieldApiTest() {
    field_.add_routes(server_);
    EXPECT_TRUE(server_.start({.port = 0}).ok());
    warning_.reasons = {{"consequence.life", "危及人身", "life at risk"}};
    warning_.evidence = {
        {"e-1", "/12345", "hotline.complaints", at(0), true, {R"({"x":"h:5f2c"})"}}};
    order_.responders.resize(2);
    order_.responders[0].unit = kUnit;
    order_.responders[1].unit = "unit/duty-room";
    order_.complaints = {"c-77"};
    order_.history = {{at(0), "dispatch", "rule", {"派单", "dispatched"}}};
    other_.responders = order_.responders;
    publish();
  }
  void publish(const std::string& cause = "") {
    records_.publish(warning_);
    records_.publish(order_, cause);
    records_.publish(other_);
    ASSERT_TRUE(board_.poll().ok());
  }
  test::Answer make_link(const std::string& body,
                         const test::Headers& who = {{"X-Seat", "seat/3"}}) {
    return test::post(server_.port(), "/api/links", "application/json", body, who);
  }
  /// The path of a link of `unit`, for `hours`.
  std::string link(const std::string& unit = kUnit, const std::string& hours = "24") {
    const std::string body =
        make_link(R"({"order":"o-1","unit":")" + unit + R"(","hours":)" + hours + "}").body;
    const std::size_t from = body.find("/m/");
    return from == body.npos ? body : body.substr(from, body.find('"', from) - from);
  }
  test::Answer get(const std::string& path) { return test::get(server_.port(), path); }
  test::Answer act(const std::string& path, const std::string& body, const std::string& key = "k") {
    return test::post(server_.port(), path + "/actions", "application/json", body,
                      {{"Idempotency-Key", key}});
  }
  /// What phones said; links that were given and taken back: steps().
  std::vector<std::string> feedback() {
    std::vector<std::string> found = steps();
    std::erase_if(found, [](const std::string& step) {
      return step.find(R"("step":"link_)") != step.npos;
    });
    return found;
  }
  std::vector<std::string> steps() {
    std::vector<std::string> found;
    for (int partition = 0; partition < 2; ++partition) {
      const auto batch = log_.fetch({"field.feedback", partition}, 0, 1 << 20);
      for (const auto& record : (*batch).records) found.emplace_back(record.bytes);
    }
    return found;
  }
  void expect_end(const std::string& path, const std::string& code) {
    const auto page = get(path);
    EXPECT_EQ(page.status, 410) << page.body;
    EXPECT_NE(page.body.find("链接已"), std::string::npos) << page.body;
    EXPECT_NE(page.body.find("link"), std::string::npos) << page.body;
    const auto order = get(path + "/order");
    EXPECT_EQ(order.status, 410);
    EXPECT_NE(order.body.find(code), std::string::npos) << order.body;
    EXPECT_EQ(act(path, R"({"step":"arrived"})").status, 410);
    EXPECT_TRUE(feedback().empty());
  }

  streams::MemoryLog log_;
  test::Records records_{log_};
  city::Warning warning_ = records_.warning("w-1", city::Priority::P1);
  city::Order order_ = records_.order("o-1", warning_), other_ = records_.order("o-2", warning_);
  Board board_{log_, {.partitions = 2, .run = "run"}};
  connectors::GroupCommit commits_{[this](std::vector<streams::Append> records) {
    return log_.append(std::move(records), true);
  }};
  std::atomic<int> now_{100};
  const TempDirectory directory_;
  connectors::Server server_{std::nullopt};
  FieldApi field_{{board_, commits_,
                   [this] {
                     return CityClock{at(now_), 1};
                   }},
                  {.city = "sh",
                   .partitions = 2,
                   .screen = source_directory("/screen/phone"),
                   .photos = directory_.path() + "/photos"},
                  *Signer::read_or_make(directory_.path() + "/secret")};
};

TEST_F(FieldApiTest, ALinkShowsItsOrderAndNothingElse) {
  records_.append("rejected",
                  R"({"id":"x-1.1","subject":"elevator/1","causationid":"f-1",)"
                  R"("time":"2026-11-22T00:01:00Z","data":{"id":"x-1","step":"finding",)"
                  R"("by":"unit/fast-lift","target":"o-1","state":"accepted",)"
                  R"("reason":{"code":"step.state","zh":"未到场","en":"not there"}}})");
  records_.append("rejected", R"({"id":"x-2.1","subject":"elevator/1","causationid":"f-2",)"
                              R"("data":{"by":"unit/duty-room","target":"o-1"}})");
  records_.append(
      "entity.status",
      R"({"id":"s.1","subject":"elevator/1","data":{"registration":)"
      R"({"name":"一号梯","address":"仙霞路 88 弄","rescueCode":"310105-1"},"secret":1}})");
  ASSERT_TRUE(board_.poll().ok());
  const std::string path = link();
  ASSERT_TRUE(path.starts_with("/m/")) << path;
  EXPECT_NE(get(path).body.find("/phone/main.js"), std::string::npos);
  const auto order = get(path + "/order");
  ASSERT_EQ(order.status, 200) << order.body;
  for (const char* there :
       {R"("unit":"unit/fast-lift")", R"("expires":"2026-11-23T00:01:40.000Z")",
        R"("clock":"2026-11-22T00:01:40.000Z")", R"("id":"o-1")", R"("title":{"zh":"试")",
        R"("address":"仙霞路 88 弄")", R"("rescueCode":"310105-1")", "危及人身",
        R"("refusals":[{"cause":"f-1","at":"2026-11-22T00:01:00.000Z","step":"finding")", "未到场",
        R"({"code":"rescued","zh":"救出人员","en":"rescued"})",
        R"({"code":"confirmed","zh":"情况属实","en":"as reported"})"})
    EXPECT_NE(order.body.find(there), std::string::npos) << there << " is not in " << order.body;
  for (const char* absent : {"o-2", "c-77", "h:5f2c", "evidence", "f-2", "secret"})
    EXPECT_EQ(order.body.find(absent), std::string::npos) << absent << " is in " << order.body;
  EXPECT_EQ(get("/m/worker.js").headers["Content-Type"], "text/javascript; charset=utf-8");
  EXPECT_EQ(get(path + "/board").status, 404);
  EXPECT_EQ(get(path + "/").status, 404);
}

TEST_F(FieldApiTest, AStepIsTheUnitsOnTheLinksOrder) {
  const std::string path = link();
  const auto answer = act(path, R"({"step":"accept","eta":"2026-11-22T00:15:00Z"})");
  ASSERT_EQ(answer.status, 202) << answer.body;
  EXPECT_NE(answer.body.find(R"("time":"2026-11-22T00:01:40.000Z")"), std::string::npos);
  const auto kept = feedback();
  ASSERT_EQ(kept.size(), 1u);
  EventDecoder decoder;
  streams::Event event;
  const std::string padded = kept[0] + std::string(streams::Decoder::kPadding, ' ');
  ASSERT_FALSE(decoder.decode({padded.data(), kept[0].size()}, event).has_value());
  EXPECT_EQ(event.type, "city.field.feedback.v1");
  EXPECT_EQ(event.source, "/watchfire/sh/phone");
  EXPECT_EQ(event.subject, "elevator/1");
  EXPECT_EQ(event.data, R"({"by":"unit/fast-lift","step":"accept","order":"o-1",)"
                        R"("eta":"2026-11-22T00:15:00Z"})");
  EXPECT_NE(answer.body.find(event.id), std::string::npos);
}

TEST_F(FieldApiTest, AStepOnADrillsOrderIsMarked) {
  const std::string path = link();
  records_.exercise = true;
  publish();
  ASSERT_EQ(act(path, R"({"step":"accept","eta":"2026-11-22T00:15:00Z"})").status, 202);
  ASSERT_EQ(feedback().size(), 1u);
  EXPECT_NE(feedback()[0].find(R"("exercise":true)"), std::string::npos) << feedback()[0];
}

TEST_F(FieldApiTest, TheSameKeyIsTheSameStepAndAnotherOrdersIsNot) {
  const std::string path = link();
  const auto id_of = [](const std::string& body) { return body.substr(0, body.find(',')); };
  const std::string body = R"({"step":"arrived"})";
  EXPECT_EQ(id_of(act(path, body).body), id_of(act(path, body).body));
  EXPECT_NE(id_of(act(path, body).body), id_of(act(path, body, "another").body));
  EXPECT_NE(id_of(act(path, body).body), id_of(act(link("unit/duty-room"), body).body));
  EXPECT_EQ(act(path, body, "").status, 400);
}

TEST_F(FieldApiTest, WhatWasPressedEarlierIsDatedSo) {
  now_ = 10 * kMinute;
  const std::string path = link();
  EXPECT_NE(act(path, R"({"step":"arrived","agoMs":60000})").body.find("T00:09:00.000Z"),
            std::string::npos);
  // Not before there was an order, and never in the future.
  EXPECT_NE(act(path, R"({"step":"arrived","agoMs":999999999})").body.find("T00:00:00.000Z"),
            std::string::npos);
  EXPECT_EQ(act(path, R"({"step":"arrived","agoMs":-1})").status, 400);
  EXPECT_EQ(act(path, R"({"step":"arrived","agoMs":"soon"})").status, 400);
}

TEST_F(FieldApiTest, ABodySaysNothingThatTheLinkSays) {
  const std::string path = link();
  for (const char* wrong :
       {R"({"step":"arrived","by":"unit/other"})", R"({"step":"arrived","order":"o-2"})",
        R"({"step":"arrived","subject":"elevator/2"})", R"({"step":"claim"})",
        R"({"step":"verify"})", R"({"step":"arrived","warning":"w-1"})", R"({"eta":1})", "nonsense",
        "[]"}) {
    const auto answer = act(path, wrong);
    EXPECT_EQ(answer.status, 400) << wrong << answer.body;
  }
  EXPECT_EQ(act(path, R"({"step":"arrived","note":")" + std::string(70'000, 'x') + "\"}").status,
            413);
  EXPECT_EQ(test::post(server_.port(), path + "/actions", "text/plain", R"({"step":"arrived"})",
                       {{"Idempotency-Key", "k"}})
                .status,
            415);
  EXPECT_TRUE(feedback().empty());
}

TEST_F(FieldApiTest, AForgedLinkIsRefusedWithoutDetail) {
  const std::string path = link();
  const TempDirectory elsewhere;
  const FieldLink mine{"o-1", kUnit, at(9 * kHour), at(0)};
  const std::string forged =
      "/m/" + token_of(mine, *Signer::read_or_make(elsewhere.path() + "/secret"));
  std::string bent = path;
  bent[5] = bent[5] == 'A' ? 'B' : 'A';
  const std::string dot = path.substr(0, path.find('.'));
  for (const std::string& wrong : {forged, bent, dot, dot + ".", path + "A", std::string{"/m/"},
                                   std::string{"/m/."}, std::string{"/m/x.y"}}) {
    const auto page = get(wrong);
    EXPECT_EQ(page.status, 403) << wrong;
    EXPECT_EQ(page.body.find("o-1"), std::string::npos);
    EXPECT_EQ(get(wrong + "/order").status, 403) << wrong;
    EXPECT_EQ(act(wrong, R"({"step":"arrived"})").status, 403) << wrong;
  }
  EXPECT_TRUE(feedback().empty());
}

TEST_F(FieldApiTest, ALinkEndsWithItsTime) {
  const std::string path = link(kUnit, "0.5");
  now_ = 100 + 30 * kMinute - 1;
  EXPECT_EQ(get(path + "/order").status, 200);
  now_ = 100 + 30 * kMinute;
  expect_end(path, "link.expired");
}

TEST_F(FieldApiTest, ALinkEndsAnHourAfterItsOrder) {
  const std::string path = link();
  order_.state = city::OrderState::closed;
  order_.history.push_back({at(10 * kMinute), "close", kUnit, {"办结", "closed"}});
  publish();
  now_ = 10 * kMinute + kHour - 1;
  EXPECT_EQ(get(path).status, 200);
  EXPECT_EQ(get(path + "/order").status, 200);
  now_ = 10 * kMinute + kHour;
  expect_end(path, "link.ended");
  EXPECT_EQ(make_link(R"({"order":"o-1","unit":"unit/fast-lift"})").status, 409);
}

TEST_F(FieldApiTest, ALinkEndsWhenItsUnitIsNoLongerCalled) {
  const std::string path = link();
  order_.responders[0].unit = "unit/heir";
  publish();
  expect_end(path, "link.not_called");
  EXPECT_TRUE(link("unit/heir").starts_with("/m/"));
}

TEST_F(FieldApiTest, OnlyASeatMakesALinkForAResponderOfAnOrder) {
  const std::string good = R"({"order":"o-1","unit":"unit/fast-lift"})";
  EXPECT_EQ(make_link(good).status, 201);
  EXPECT_EQ(make_link(good, {}).status, 400);
  EXPECT_EQ(make_link(good, {{"X-Seat", "unit/fast-lift"}}).status, 400);
  EXPECT_EQ(make_link(good, {{"X-Seat", "seat/"}}).status, 400);
  EXPECT_EQ(make_link(R"({"order":"o-9","unit":"unit/fast-lift"})").status, 404);
  EXPECT_EQ(make_link(R"({"order":"o-1","unit":"unit/other"})").status, 409);
  for (const char* hours : {"0", "-1", "169", "\"24\""})
    EXPECT_EQ(
        make_link(R"({"order":"o-1","unit":"unit/fast-lift","hours":)" + std::string{hours} + "}")
            .status,
        400)
        << hours;
}

TEST_F(FieldApiTest, APictureIsKeptOnceForSeatsAndItsLink) {
  const std::string path = link(), jpeg = jpeg_of(std::string(2 << 20, 'j'));
  const auto send = [&](const std::string& bytes, const std::string& to) {
    return test::post(server_.port(), to + "/photos", "image/jpeg", bytes);
  };
  const auto kept = send(jpeg, path);
  ASSERT_EQ(kept.status, 201) << kept.body;
  EXPECT_EQ(send(jpeg, path).body, kept.body);
  const std::string photo = kept.body.substr(9, kept.body.rfind('"') - 9);
  EXPECT_TRUE(photo.starts_with("/api/photos/o-1/") && photo.ends_with(".jpg")) << photo;
  const std::string name = photo.substr(photo.rfind('/'));
  for (const std::string& where : {photo, path + "/photos" + name}) {
    const auto got = get(where);
    EXPECT_EQ(got.status, 200) << where;
    EXPECT_EQ(got.headers["Content-Type"], "image/jpeg");
    EXPECT_TRUE(got.body == jpeg);
  }
  EXPECT_EQ(get("/api/photos/o-1").body, R"({"photos":[")" + photo + "\"]}\n");
  EXPECT_EQ(act(path, R"({"step":"arrived","photos":[")" + photo + R"("]})").status, 202);
  EXPECT_NE(feedback().at(0).find(photo), std::string::npos);

  EXPECT_EQ(send("GIF89a", path).status, 415);
  EXPECT_EQ(send(jpeg + std::string(6 << 20, 'x'), path).status, 413);
  EXPECT_EQ(send(jpeg.substr(0, 5), path).status, 400) << "cut off";
  EXPECT_EQ(send(jpeg, "/m/x.y").status, 403);
  for (const char* wrong :
       {"/api/photos/o-1/../o-2/x.jpg", "https://elsewhere/x.jpg", "/api/photos/o-1/x.jpg"})
    EXPECT_EQ(act(path, R"({"step":"arrived","photos":[")" + std::string{wrong} + R"("]})").status,
              400);
  EXPECT_EQ(get("/api/photos/o-1/../../secret").status, 404);
  EXPECT_EQ(get("/api/photos/..").body, "{\"photos\":[]}\n");
  for (int i = 0; i < 11; ++i)
    EXPECT_EQ(send(png_of(std::to_string(i)), path).status, 201);
  EXPECT_EQ(send(png_of("one too many"), path).status, 409);
}

TEST_F(FieldApiTest, APictureWithoutPositionIsMendedWhenItIsSentAgain) {
  const std::string path = link();
  const std::string gps = "\xff\xd8\xff\xfe\0\x05GPS"s + jpeg_of("pixels").substr(2);
  const auto send = [&] { return test::post(server_.port(), path + "/photos", "image/jpeg", gps); };
  const std::string body = send().body, photo = body.substr(9, body.rfind('"') - 9);
  EXPECT_EQ(get(photo).body, jpeg_of("pixels"));
  const std::string name = photo.substr(photo.rfind('/') + 1);
  EXPECT_EQ(name, connectors::sha256_hex(gps) + ".jpg") << "of what was sent";
  const std::string file = directory_.path() + "/photos/o-1/" + name;
  EXPECT_TRUE(std::filesystem::exists(directory_.path() + "/photos/o-1/" + name.substr(0, 64) +
                                      ".json"));
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms{0600});
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}}) {  // a power cut
    std::filesystem::resize_file(file, size);
    EXPECT_EQ(send().status, 201);
    EXPECT_EQ(get(photo).body, jpeg_of("pixels"));
  }
  EXPECT_EQ(get("/api/photos/o-1").body, R"({"photos":[")" + photo + "\"]}\n");
}

TEST_F(FieldApiTest, GivingAndTakingBackALinkAreStepsOnTheOrder) {
  const std::string path = link();
  ASSERT_EQ(steps().size(), 1u);
  EXPECT_NE(steps()[0].find(R"({"by":"seat/3","step":"link_given","order":"o-1",)"
                               R"("to":"unit/fast-lift"})"),
            std::string::npos)
      << steps()[0];
  const auto revoke = [&](const std::string& body, const test::Headers& who) {
    return test::post(server_.port(), "/api/links/revoke", "application/json", body, who);
  };
  EXPECT_EQ(revoke(R"({"order":"o-1","unit":"unit/fast-lift"})", {}).status, 400);
  EXPECT_EQ(revoke(R"({"order":"o-9","unit":"unit/fast-lift"})", {{"X-Seat", "seat/3"}}).status,
            404);
  EXPECT_EQ(revoke(R"({"order":"o-1"})", {{"X-Seat", "seat/3"}}).status, 400);
  EXPECT_EQ(revoke(R"({"order":"o-1","unit":"unit/fast-lift","reason":"手机遗失"})",
                   {{"X-Seat", "seat/3"}})
                .status,
            202);
  ASSERT_EQ(steps().size(), 2u);
  EXPECT_NE(steps()[1].find(R"("step":"link_revoked")"), std::string::npos);
  EXPECT_EQ(get(path + "/order").status, 200) << "the order says so, in every process";
  order_.revoked_links = {{kUnit, at(now_)}};
  publish();
  EXPECT_EQ(get(path + "/order").status, 410);
  EXPECT_NE(get(path + "/order").body.find("link.revoked"), std::string::npos);
  EXPECT_EQ(act(path, R"({"step":"arrived"})").status, 410);
  EXPECT_EQ(link().find("/m/"), std::string::npos) << "not at the same moment";
  now_ = 101;
  EXPECT_EQ(get(link() + "/order").status, 200) << "a later one opens";
  EXPECT_EQ(get(link("unit/duty-room") + "/order").status, 200) << "so does another unit's";
}

TEST_F(FieldApiTest, ABoardThatHasJustBegunAsksForPatience) {
  const FieldLink early{"o-3", kUnit, at(kHour), at(0)};
  const std::string path =
      "/m/" + token_of(early, *Signer::read_or_make(directory_.path() + "/secret"));
  EXPECT_EQ(get(path).status, 200);
  EXPECT_EQ(get(path + "/order").status, 503);
  EXPECT_EQ(act(path, R"({"step":"arrived"})").status, 503);
}

}  // namespace
}  // namespace app
