// What subcommands ask of a running directory, through its socket and without one: in process, with
// the test as the worker.

#include "app/local_socket.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <future>

#include "app/activation.h"
#include "app/home.h"
#include "app/retry.h"
#include "tests/contract/temp_directory.h"

namespace app {
namespace {

using connectors::LocalClient;
using connectors::Response;

constexpr const char* kPack = R"(pack: elevator
rules:
- rule: elevator.fault
  title: {zh: 电梯故障, en: Fault}
  on: elevator.telemetry
  when: data.faultCode != null
  episode: 10m
  consequence: order
  source: "x"
)";

constexpr const char* kFirst =
    R"({"specversion":"1.0","id":"1","source":"/t","type":"city.camera.alert.v1",)"
    R"("subject":"elevator/1","time":"2026-11-22T08:00:00Z","data":{"label":"x"}})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

std::string complaint(const std::string& id, const std::string& channel) {
  return R"({"specversion":"1.0","id":")" + id +
         R"(","source":"/t","type":"city.complaint.filed.v1","subject":"complaint/1",)"
         R"("time":"2026-11-22T08:00:00Z","data":{"channel":)" +
         channel + R"(,"kind":"help","text":"x"}})";
}

class LocalSocketTest : public testing::Test {
 protected:
  LocalSocketTest() {
    std::filesystem::create_directories(city_ / "rules");
    std::ofstream{city_ / "rules/elevator.yaml"} << kPack;
    open();
    put("camera.alerts", kFirst);  // with its first record the city's clock begins to run
  }
  void open() {
    running_.reset();
    RunOptions options;
    options.data = data_;
    options.city = city_.string();
    options.memory = "64MiB";
    auto opened = RunningCity::open(options);
    ASSERT_TRUE(opened.ok()) << opened.error().what;
    running_ = std::move(*opened);
    ASSERT_TRUE(engine().run_until_end().ok());
  }
  Engine& engine() { return running_->engine(); }
  std::vector<std::string> active() {
    std::vector<std::string> packs;
    for (const auto& task : engine().epochs().tasks())
      for (const auto& version : task->versions()) packs.push_back(version.hash);
    return packs;
  }
  /// Asks on another thread, and is the worker until the answer is there.
  Response ask(const connectors::Request& request) {
    auto answer = std::async(std::launch::async, [&] {
      auto client = LocalClient::connect(data_);
      EXPECT_TRUE(client.has_value());
      auto got = client->ask(request);
      EXPECT_TRUE(got.ok()) << got.error().what;
      return got ? *got : Response{};
    });
    while (answer.wait_for(std::chrono::milliseconds{1}) != std::future_status::ready) {
      running_->serve();
      EXPECT_TRUE(engine().run_until_end().ok());
    }
    EXPECT_TRUE(engine().run_until_end().ok());
    return answer.get();
  }
  Response activate(const std::string& pack) {
    return ask(
        {.method = "POST", .path = "/rules", .headers = {{"x-file", "p.yaml"}}, .body = pack});
  }
  Response retry() { return ask({.method = "POST", .path = "/dead-letters"}); }
  void put(const std::string& topic, const std::string& bytes) {
    const streams::Time now = *streams::parse_time("2026-11-22T08:00:00Z");
    ASSERT_TRUE(engine().log().append({{{topic, 0}, now, bytes, {}}}, true).ok());
    ASSERT_TRUE(engine().run_until_end().ok());
  }
  std::vector<DeadLetter> dead() {
    std::int64_t from = 0;
    return *read_dead_letters(engine().log(), from);
  }

  TempDirectory temp_;
  // Longer than a socket's name may be.
  std::string data_ = temp_.path() + "/" + std::string(90, 'd') + "/data";
  std::filesystem::path city_ = temp_.path() + "/toytown";
  std::unique_ptr<RunningCity> running_;
};

TEST_F(LocalSocketTest, WhatIsSetAsideIsListedAndOnlyThatIsRestored) {
  const Response list = ask({.method = "GET", .path = "/entities"});
  EXPECT_EQ(list.body, "0 entities are set aside\n");
  const Response restored = ask({.method = "POST", .path = "/entities", .body = "elevator/1"});
  EXPECT_EQ(restored.status, 400);
  EXPECT_NE(restored.body.find("elevator/1 is not set aside"), std::string::npos);
}

TEST_F(LocalSocketTest, IsThereForThisUserAloneAndGoesWithTheCity) {
  struct stat found {};
  ASSERT_EQ(::stat((data_ + "/socket").c_str(), &found), 0);
  EXPECT_TRUE(S_ISSOCK(found.st_mode));
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  running_.reset();
  EXPECT_FALSE(std::filesystem::exists(data_ + "/socket"));
  EXPECT_FALSE(LocalClient::connect(data_).has_value());
  std::ofstream{data_ + "/socket"} << "left by a process that was killed";
  open();
  EXPECT_TRUE(LocalClient::connect(data_).has_value());
}

TEST_F(LocalSocketTest, ActivatesAPackInEveryPartition) {
  const std::string changed = replaced(kPack, "faultCode != null", "faultCode == 'x'");
  const std::string rule = std::string{kPack}.substr(std::string_view{kPack}.find("- rule"));
  const Response answer = activate(changed + replaced(rule, "elevator.fault", "elevator.other"));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(answer.body.starts_with("elevator@")) << answer.body;
  EXPECT_NE(answer.body.find("rule elevator.fault: decides otherwise"), std::string::npos)
      << answer.body;
  EXPECT_NE(answer.body.find("rule elevator.other: new"), std::string::npos) << answer.body;
  const std::string hash = answer.body.substr(9, 8);
  EXPECT_EQ(active(), std::vector<std::string>(4, hash));
  const Response wording = activate(replaced(kPack, "en: Fault", "en: A fault"));
  EXPECT_NE(wording.body.find("rule elevator.other: gone"), std::string::npos) << wording.body;
  const Response only = activate(replaced(kPack, "en: Fault", "en: Its fault"));
  EXPECT_NE(only.body.find("1 rules keep what they remember"), std::string::npos) << only.body;
}

TEST_F(LocalSocketTest, ActivatingTwiceChangesNothing) {
  const std::string changed = replaced(kPack, "10m", "20m");
  const Response first = activate(changed), second = activate(changed);
  EXPECT_EQ(second.body.substr(0, 17), first.body.substr(0, 17));
  EXPECT_NE(second.body.find("is active already"), std::string::npos) << second.body;
}

/// What is activated acts from the next epoch on; until then it counts as active all the same.
TEST_F(LocalSocketTest, ThereAndBackBeforeTheNextEpochIsBack) {
  const std::vector<std::string> files = active();
  ASSERT_TRUE(activate_pack(engine(), replaced(kPack, "10m", "20m"), "p.yaml").ok());
  const auto back = activate_pack(engine(), kPack, "p.yaml");
  ASSERT_TRUE(back.ok());
  EXPECT_NE(back->find("decides otherwise"), std::string::npos) << *back;
  ASSERT_TRUE(engine().run_until_end().ok());
  EXPECT_EQ(active(), files);
}

TEST_F(LocalSocketTest, AWrongPackIsAnsweredWithTheSentencesOfRulesCheck) {
  const std::vector<std::string> before = active();
  const Response answer = activate(replaced(kPack, "when:", "whenn:"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.body.starts_with("p.yaml:")) << answer.body;
  const auto alone = pack_version(replaced(kPack, "when:", "whenn:"), "p.yaml", {});
  ASSERT_FALSE(alone.ok());
  EXPECT_EQ(answer.body, alone.error().what);
  EXPECT_EQ(active(), before);
}

TEST_F(LocalSocketTest, AnActivatedPackOutlivesARestartUntilTheCitysFileChanges) {
  const std::vector<std::string> files = active();
  ASSERT_EQ(activate(replaced(kPack, "10m", "20m")).status, 200);
  const std::vector<std::string> activated = active();
  ASSERT_NE(activated, files);
  open();
  EXPECT_EQ(active(), activated);
  std::ofstream{city_ / "rules/elevator.yaml"} << replaced(kPack, "10m", "30m");
  open();
  EXPECT_NE(active(), activated);
  EXPECT_NE(active(), files);
}

TEST_F(LocalSocketTest, RetryPutsEachBackOnce) {
  put("hotline.complaints", "no JSON");
  put("hotline.complaints", complaint("a", "12345"));  // a number where the contract has text
  put("hotline.complaints", complaint("a", "12345"));  // the same bytes
  ASSERT_EQ(dead().size(), 3u);
  EXPECT_EQ(retry().body,
            "2 dead letters went through their doors again, 0 of them were accepted\n");
  EXPECT_EQ(dead().size(), 7u) << "two marks, two buried anew";
  EXPECT_EQ(retry().body,
            "0 dead letters went through their doors again, 0 of them were accepted\n");
  EXPECT_EQ(dead().size(), 7u);
  Retry again{engine(), "toytown", true};
  ASSERT_TRUE(again.begin(engine().epochs().clock()).ok());
  ASSERT_TRUE(engine().run_until_end().ok());
  EXPECT_EQ(*again.outcome(),
            "2 dead letters went through their doors again, 0 of them were accepted\n");
}

TEST_F(LocalSocketTest, RetrySaysWhatWasAcceptedAndWhatCantBePutBack) {
  put("hotline.complaints", complaint("b", R"("12345")"));
  // As a program that could not read it would have left it.
  const auto letter = [](const std::string& id, const std::string& topic) {
    return R"({"specversion":"1.0","id":")" + id +
           R"(.1","source":"/watchfire/toytown","type":"city.dead_letter.v1","subject":"s/1",)"
           R"("time":"2026-11-22T08:00:00Z","data":{"id":")" +
           id + R"(","topic":")" + topic + R"(","partition":0,"offset":0,"reason":"r","bytes":")" +
           id + R"("}})";
  };
  put("dead.letters", letter("d-1", "hotline.complaints"));
  put("dead.letters", letter("d-2", "lines.csv"));
  put("dead.letters", letter("d-3", "city.events"));
  put("dead.letters", letter("d-4", "field.feedback"));  // no such record
  EXPECT_EQ(retry().body,
            "1 dead letters went through their doors again, 1 of them were accepted\n"
            "  1 are lines of files that reached no door: mend the file and replay it\n"
            "  1 are older than what their doors keep\n"
            "  1 came from inside the city and can't be put back\n");
}

TEST_F(LocalSocketTest, WhatWasRejectedHasLeftNoTrace) {
  put("hotline.complaints", complaint("c", "12345"));
  ASSERT_EQ(dead().size(), 1u);
  put("hotline.complaints", complaint("c", R"("12345")"));
  for (const auto& counter : engine().epochs().tasks()[0]->graph().counters())
    if (counter.name == "once_duplicates") {
      EXPECT_EQ(*counter.value, 0u) << "the right one was taken for a duplicate of the wrong one";
    }
}

TEST_F(LocalSocketTest, GivesRecordsFromAnOffsetOn) {
  put("hotline.complaints", complaint("a", R"("12345")"));
  put("hotline.complaints", "two\nlines");
  auto client = LocalClient::connect(data_);
  ASSERT_TRUE(client.has_value());
  auto all = ask_records(*client, "hotline.complaints", {});
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].bytes, complaint("a", R"("12345")"));
  EXPECT_EQ((*all)[1].bytes, "two\nlines");
  EXPECT_EQ((*all)[1].offset, 1);
  EXPECT_EQ((*all)[1].recorded, *streams::parse_time("2026-11-22T08:00:00Z"));
  auto rest = ask_records(*client, "hotline.complaints",
                          {{{"hotline.complaints", 0}, 1}, {{"hotline.complaints", 1}, 7}});
  ASSERT_EQ(rest->size(), 1u);
  EXPECT_EQ(rest->front().offset, 1);
  EXPECT_TRUE(ask_records(*client, "nothing.such", {})->empty());
}

TEST_F(LocalSocketTest, WhoWaitsWhenTheCityEndsIsTold) {
  auto client = LocalClient::connect(data_);
  auto watcher = LocalClient::connect(data_);
  ASSERT_TRUE(client && watcher);
  auto answer = std::async(
      std::launch::async, [&] { return client->ask({.method = "POST", .path = "/dead-letters"}); });
  // Nobody serves. The city may also go before the request has been read: then the answer is an
  // error of the client.
  ASSERT_TRUE(ask_records(*watcher, "warnings", {}).ok());
  running_.reset();
  const auto got = answer.get();
  EXPECT_TRUE(!got || got->status == 500);
}

}  // namespace
}  // namespace app
