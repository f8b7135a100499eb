// Who may: tokens, their rights, and what a door adds to an officer's word.

#include "connectors/http/tokens.h"

#include <gtest/gtest.h>

#include "connectors/http/entrance.h"
#include "connectors/http/signer.h"
#include "connectors/json/event_decoder.h"

namespace connectors {
namespace {

constexpr auto kFeedback = "city.field.feedback.v1";

Rights dispatch() {
  Rights rights;
  rights.name = "dispatch-a";
  rights.routes = {"/v1/events", "/v1/topics/*"};
  rights.types = {kFeedback, "city.complaint.filed.v1"};
  rights.subjects = {"elevator/*", "complaint/*"};
  rights.by = {"unit", "officer"};
  rights.units = {"unit/fast-lift", "unit/jing-an-*"};
  rights.district = "310105";
  return rights;
}

std::string event(const std::string& type, const std::string& subject, const std::string& data,
                  const std::string& more = "") {
  return R"({"specversion":"1.0","id":"1","source":"/a","type":")" + type + R"(","subject":")" +
         subject + R"(","time":"2026-11-22T08:00:00Z",)" + more + R"("data":)" + data + "} ";
}

class EntranceTest : public testing::Test {
 protected:
  EntranceTest() { decoder_.extract(entrance_fields()); }
  /// What is said against it; else the event as it is kept, read again.
  std::string admitted(const Rights& rights, const std::string& text) {
    padded_ = text + std::string(streams::Decoder::kPadding, ' ');
    streams::Event read;
    if (const auto reject = decoder_.decode({padded_.data(), text.size()}, read))
      return reject->reason;
    kept_ = text;
    const Entrance entrance = enter(rights, pseudonym_, read, kept_);
    if (!entrance.refusal.empty()) return entrance.refusal;
    again_ = kept_ + std::string(streams::Decoder::kPadding, ' ');
    const auto reject = decoder_.decode({again_.data(), kept_.size()}, event_);
    EXPECT_FALSE(reject) << kept_ << reject->reason;
    return "";
  }
  std::string step(const Rights& rights, const std::string& by, const std::string& more = "") {
    return admitted(rights, event(kFeedback, "elevator/1", R"({"by":")" + by + R"("})", more));
  }

  EventDecoder decoder_;
  Pseudonym pseudonym_{Signer::random()};
  std::string padded_, kept_, again_;
  streams::Event event_;
};

TEST_F(EntranceTest, ATokenSpeaksForItsOwnAlone) {
  const Rights rights = dispatch();
  EXPECT_EQ(step(rights, "unit/fast-lift"), "");
  EXPECT_EQ(step(rights, "unit/jing-an-7"), "");
  EXPECT_NE(step(rights, "unit/other").find("'units' has nothing for 'unit/other'"),
            std::string::npos);
  for (const char* by : {"leader/nobody", "checker/1", "seat/3", "party/x", "rule/1", "approver/1"})
    EXPECT_NE(step(rights, by).find("'by' has nothing for"), std::string::npos) << by;
  EXPECT_NE(admitted(rights, event(kFeedback, "kitchen/1", "{}")).find("'subjects'"),
            std::string::npos);
  EXPECT_NE(admitted(rights, event("city.permit.changed.v1", "elevator/1", "{}")).find("'types'"),
            std::string::npos);
  EXPECT_NE(admitted(rights, event("city.complaint.filed.v1", "complaint/1",
                                   R"({"district":"310106"})"))
                .find("'district'"),
            std::string::npos);
  EXPECT_EQ(admitted(rights, event("city.complaint.filed.v1", "complaint/1",
                                   R"({"district":"310105"})")),
            "");
}

TEST_F(EntranceTest, TheDoorSaysForWhichUnitsAnOfficerAnswers) {
  EXPECT_EQ(step(dispatch(), "officer/SH-1"), "");
  EXPECT_EQ(event_.vouched, "unit/fast-lift unit/jing-an-*");
  EXPECT_EQ(step(dispatch(), "officer/SH-1", R"("vouchedunits":"unit/fast-lift",)"), "");
  EXPECT_EQ(event_.vouched, "unit/fast-lift");
  for (const char* forged : {"unit/other", "*", "unit/*", "nonsense", "unit/fast-lift unit/other"})
    EXPECT_NE(step(dispatch(), "officer/SH-1",
                   R"("vouchedunits":")" + std::string{forged} + R"(",)"),
              "")
        << forged;
  EXPECT_EQ(step(*Rights::all(), "officer/ghost"), "");
  EXPECT_EQ(event_.vouched, "none") << "nobody named a unit";
  EXPECT_EQ(step(*Rights::all(), "officer/SH-1", R"("vouchedunits":"unit/fast-lift",)"), "");
  EXPECT_EQ(event_.vouched, "unit/fast-lift");
  EXPECT_EQ(step(dispatch(), "officer/SH-1", R"("vouchedunits":null,)"), "");
  EXPECT_EQ(event_.vouched, "unit/fast-lift unit/jing-an-*");
  for (const char* twice : {R"("vouchedunits":"none","vouchedunits":"unit/fast-lift",)",
                            R"("vouchedunits":"unit/other","vouched\u0075nits":null,)"})
    EXPECT_NE(step(dispatch(), "officer/SH-1", twice), "") << twice;
  EXPECT_EQ(step(*Rights::all(), "unit/fast-lift"), "");
  EXPECT_EQ(event_.vouched, "") << "a unit needs nobody";
  EXPECT_NE(step(*Rights::none(), "unit/fast-lift"), "");
}

TEST_F(EntranceTest, NoSenderSaysWhatIsTheCitysOwn) {
  const auto call = [&](const std::string& data, const std::string& more = "") {
    return admitted(*Rights::all(), event("city.complaint.filed.v1", "complaint/1", data, more));
  };
  EXPECT_EQ(call(R"({"receipt":"20261122-7","where":"in the stairs","came":7})"), "");
  EXPECT_EQ(call(R"({"text":"x","watchfire.receipt":"complaint/2",)"
                 R"("watch\u0066ire.came":"2026-11-22T08:00:00Z"})"),
            "");
  EXPECT_EQ(event_.data, R"({"text":"x"})");
  EXPECT_NE(admitted(*Rights::all(), event("city.complaint.filed.v1", "elevator/1", "{}"))
                .find("complaint/<id>"),
            std::string::npos);
  EXPECT_NE(call("{}", R"("via":"complaint/2",)").find("'via'"), std::string::npos);
}

TEST_F(EntranceTest, NobodysNameStaysInAComplaint) {
  const auto complaint = [&](const std::string& data) {
    return admitted(*Rights::all(), event("city.complaint.filed.v1", "complaint/1", data));
  };
  const std::string unchanged = R"({"complainant":"h:5f2c","text":"x"})";
  EXPECT_EQ(complaint(unchanged), "");
  EXPECT_EQ(event_.data, unchanged);
  EXPECT_EQ(complaint(R"({"text":"x","complainant":"13800001111","district":"310105"})"), "");
  const std::string once{event_.data};
  EXPECT_EQ(kept_.find("13800001111"), std::string::npos);
  EXPECT_NE(once.find(R"("complainant":"h:)"), std::string::npos) << once;
  EXPECT_NE(once.find(R"("district":"310105")"), std::string::npos) << once;
  EXPECT_EQ(complaint(R"({"text":"x","complainant":"13800001111","district":"310105"})"), "");
  EXPECT_EQ(event_.data, once) << "the same person is known again";
  EXPECT_NE(complaint(R"({"complainant":"13800001111","complainant":"h:1"})"), "");
  EXPECT_EQ(complaint(R"({"compl\u0061inant":"13800001111"})"), "");
  EXPECT_EQ(kept_.find("13800001111"), std::string::npos);
  EXPECT_EQ(complaint(R"({"complainant":"h:张三"})"), "");
  EXPECT_EQ(kept_.find("张三"), std::string::npos);
  EXPECT_NE(complaint(R"({"complainant":13800001111})"), "") << "a wrong type is refused";
  EXPECT_NE(complaint(R"({"text":{"a":1}})"), "");
}

TEST(Tokens, KnowsSecretsByTheirHashAndFollowsTheList) {
  const auto entry = [](const std::string& secret) {
    return Tokens::Entry{sha256_hex(secret), dispatch()};
  };
  streams::Time now = *streams::parse_time("2026-11-22T00:00:00Z");
  std::optional<std::vector<Tokens::Entry>> newer{{entry("one"), entry("two")}};
  newer->back().rights.not_after = now + std::chrono::hours{1};
  Tokens tokens{{}};
  tokens.follow([&] { return std::exchange(newer, std::nullopt); }, [&] { return now; });
  std::shared_ptr<const Rights> rights;
  EXPECT_FALSE(tokens.refuse("Bearer one", "/v1/events", rights));
  EXPECT_EQ(rights->name, "dispatch-a");
  EXPECT_FALSE(tokens.refuse("Bearer two", "/v1/topics/warnings", rights)) << "both, in between";
  const auto path = tokens.refuse("Bearer one", "/api/board", rights);
  ASSERT_TRUE(path);
  EXPECT_EQ(path->status, 403);
  EXPECT_NE(path->body.find("'routes' has nothing for '/api/board'"), std::string::npos);
  EXPECT_TRUE(rights == Rights::none());
  for (const char* wrong : {"Bearer three", "one", "Bearer ", "", "Basic one"}) {
    const auto no = tokens.refuse(wrong, "/v1/events", rights);
    ASSERT_TRUE(no) << wrong;
    EXPECT_EQ(no->status, 401);
  }
  now += std::chrono::hours{1};
  EXPECT_EQ(tokens.refuse("Bearer two", "/v1/events", rights)->status, 401) << "it has ended";
}

}  // namespace
}  // namespace connectors
