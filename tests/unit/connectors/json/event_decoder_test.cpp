#include "connectors/json/event_decoder.h"

#include <gtest/gtest.h>

#include <memory>

namespace connectors {
namespace {

using streams::Event;
using streams::Slot;

constexpr std::string_view kEnvelope =
    R"("specversion":"1.0","id":"e-1","source":"/sh/iot","type":"t.one","subject":"elevator/7",)"
    R"("time":"2026-11-22T08:00:00.123+08:00")";

/// Keeps the bytes alive, with padding that would finish a cut text if it were read.
class EventDecoderTest : public testing::Test {
 protected:
  EventDecoderTest() {
    decoder_.extract({{"t.one", {"speed", "door.zone", "text", "photos", "door", "door.a.b"}},
                      {"t.two", {"x"}},
                      {"t.none", {}}});
  }

  std::optional<streams::Reject> decode(const std::string& text, char padding = '}') {
    size_ = text.size();
    bytes_ = text + std::string(streams::Decoder::kPadding, padding);
    return decoder_.decode({bytes_.data(), size_}, event_);
  }
  void decode_data(const std::string& data) {
    const auto reject = decode("{" + std::string{kEnvelope} + ",\"data\":" + data + "}");
    ASSERT_FALSE(reject) << reject->reason;
  }
  std::string reason(const std::string& text) {
    const auto reject = decode(text);
    return reject ? reject->reason : "no reject";
  }
  /// The envelope's other members, each with its comma.
  static std::string envelope_without(const std::string& name) {
    std::string all{kEnvelope};
    all += ',';
    const std::size_t at = all.find(name + ":");
    if (at != all.npos) all.erase(at, all.find(",\"", at) == all.npos ? all.npos
                                                                   : all.find(",\"", at) + 1 - at);
    return all;
  }
  std::string reason_with(const std::string& members) { return reason("{" + members + "}"); }
  bool in_bytes(std::string_view view) const {
    return view.data() >= bytes_.data() && view.data() + view.size() <= bytes_.data() + size_;
  }

  EventDecoder decoder_;
  std::string bytes_;
  std::size_t size_ = 0;
  Event event_;
};

TEST_F(EventDecoderTest, FillsTheEnvelopeAndTheSlots) {
  const std::string data =
      R"({ "speed":-0.25 ,"other":[1,{"speed":2}],"door":{"zone":true,"a":{"b":"deep"}},)"
      R"("text":null })";
  ASSERT_FALSE(
      decode("{" + std::string{kEnvelope} +
             R"(,"recordedtime":"2026-11-22T00:00:01Z","causationid":"e-0","exercise":true,)"
             R"("datacontenttype":"application/json","traceparent":{"a":[]},"data":)" +
             data + "}\n"));
  EXPECT_EQ(event_.id, "e-1");
  EXPECT_EQ(event_.source, "/sh/iot");
  EXPECT_EQ(event_.type, "t.one");
  EXPECT_EQ(event_.subject, "elevator/7");
  EXPECT_EQ(event_.causation, "e-0");
  EXPECT_TRUE(event_.exercise);
  EXPECT_EQ(streams::format_time(event_.time), "2026-11-22T00:00:00.123Z");
  EXPECT_EQ(streams::format_time(event_.recorded), "2026-11-22T00:00:01.000Z");
  EXPECT_EQ(event_.data, data);
  ASSERT_EQ(event_.slots.size(), 6u);
  EXPECT_EQ(event_.slots[0].d, -0.25);
  EXPECT_TRUE(event_.slots[1].is(Slot::Kind::boolean) && event_.slots[1].b);
  EXPECT_TRUE(event_.slots[2].is(Slot::Kind::null));
  EXPECT_TRUE(event_.slots[3].is(Slot::Kind::absent));
  EXPECT_TRUE(event_.slots[4].is(Slot::Kind::raw));
  EXPECT_EQ(event_.slots[4].view(), R"({"zone":true,"a":{"b":"deep"}})");
  EXPECT_EQ(event_.slots[5].view(), "deep");
}

TEST_F(EventDecoderTest, TextIsAViewUnlessItHoldsEscapes) {
  decode_data(R"({"text":"电梯困人","photos":[ "a\"]" ]})");
  EXPECT_EQ(event_.slots[2].view(), "电梯困人");
  EXPECT_TRUE(in_bytes(event_.slots[2].view()));
  EXPECT_EQ(event_.slots[3].view(), R"([ "a\"]" ])");
  decode_data(R"({"te\u0078t":"\u7535\ud83d\ude00\n\\","door":{"zone":"a\/b"}})");
  EXPECT_EQ(event_.slots[2].view(), "电😀\n\\");
  EXPECT_FALSE(in_bytes(event_.slots[2].view()));
  EXPECT_EQ(event_.slots[1].view(), "a/b");
  EXPECT_TRUE(in_bytes(event_.id));
}

TEST_F(EventDecoderTest, AttributesComeInAnyOrder) {
  // `data` first: the type is not known when it is passed, and its text is unescaped twice.
  ASSERT_FALSE(
      decode(R"({"data":{"text":"a\tb","speed":3},"time":"2026-11-22T00:00:00Z",)"
             R"("subject":"a/b","type":"t.one","source":"s","id":"i","specversion":"1.0"})"));
  EXPECT_EQ(event_.slots[0].d, 3);
  EXPECT_EQ(event_.slots[2].view(), "a\tb");
  EXPECT_EQ(event_.data, R"({"text":"a\tb","speed":3})");
}

TEST_F(EventDecoderTest, TheOrderOfFieldsMayChangeFromEventToEvent) {
  decode_data(R"({"speed":1,"text":"a"})");
  decode_data(R"({"text":"b","speed":2})");
  EXPECT_EQ(event_.slots[0].d, 2);
  EXPECT_EQ(event_.slots[2].view(), "b");
  decode_data(R"({"text2":"b","speedy":2,"spee":1,"":0,"a name of more than sixteen bytes":1})");
  for (const Slot& slot : event_.slots) EXPECT_TRUE(slot.is(Slot::Kind::absent));
  decode_data(R"({ "text" : "b" , "speed" : 2 })");
  EXPECT_EQ(event_.slots[0].d, 2);
}

TEST_F(EventDecoderTest, ATypeWithoutFieldsHasNoSlots) {
  for (const std::string type : {"t.none", "t.unknown"}) {
    ASSERT_FALSE(
        decode(R"({"specversion":"1.0","id":"i","source":"s","type":")" + type +
               R"(","subject":"a/b","recordedtime":"2026-11-22T00:00:00Z","data":{"x":1}})"));
    EXPECT_TRUE(event_.slots.empty());
    EXPECT_EQ(event_.data, R"({"x":1})");
    EXPECT_EQ(event_.time, event_.recorded);
  }
}

TEST_F(EventDecoderTest, APathMayBeListedTwiceAndNamesMayBeLong) {
  const std::string name = "a name of far more than sixteen bytes";
  decoder_.extract({{"t.one", {name, "a", name + "x", "a", name}}});
  decode_data("{\"" + name + "\":1,\"" + name + "x\":2,\"" + name + "y\":3,\"a\":4}");
  const std::vector<double> expected{1, 4, 2, 4, 1};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(event_.slots[i].d, expected[i]);
}

TEST_F(EventDecoderTest, ExerciseIsABooleanOrItsText) {
  const auto exercise = [&](const std::string& json) {
    const auto reject =
        decode("{" + std::string{kEnvelope} + ",\"exercise\":" + json + ",\"data\":{}}");
    EXPECT_FALSE(reject);
    return event_.exercise;
  };
  EXPECT_TRUE(exercise("true"));
  EXPECT_TRUE(exercise("\"true\""));
  EXPECT_FALSE(exercise("\"false\""));
  EXPECT_FALSE(exercise("null"));
}

TEST_F(EventDecoderTest, RejectsSayWhichAttributeIsWrong) {
  const std::string all[] = {R"("specversion":"1.0")", R"("id":"i")",        R"("source":"s")",
                             R"("type":"t")",          R"("subject":"a/b")", R"("data":{})"};
  const std::string names[] = {"specversion", "id", "source", "type", "subject", "data"};
  for (std::size_t left_out = 0; left_out < 6; ++left_out) {
    std::string members = R"("time":"2026-11-22T00:00:00Z")";
    for (std::size_t i = 0; i < 6; ++i)
      if (i != left_out) members += "," + all[i];
    EXPECT_EQ(reason_with(members).find("attribute '" + names[left_out] + "' is missing: it "), 0u);
    EXPECT_EQ(reason_with(members + ",\"" + names[left_out] + "\":null").find("missing"),
              reason_with(members).find("missing"));
  }
  const std::string data = R"(,"data":{})";
  const auto with = [&](const std::string& member) {
    return reason_with(envelope_without(member.substr(0, member.find(':'))) + member + data);
  };
  EXPECT_EQ(with(R"("subject":null)"),
            "attribute 'subject' is missing: it names the entity, as in elevator/31010500012345");
  EXPECT_EQ(with(R"("id":"")"),
            "attribute 'id' is empty: it names the event once and for all, as in 01JD8Z6F0R");
  EXPECT_EQ(with(R"("id":7)"), "attribute 'id' is a number, not text");
  EXPECT_EQ(with(R"("specversion":"0.3")"),
            "attribute 'specversion' is '0.3', not '1.0': no other CloudEvents version is read");
  for (const std::string subject : {"elevator", "/7", "elevator/"})
    EXPECT_EQ(
        with(R"("subject":")" + subject + "\""),
        "attribute 'subject' is '" + subject + "', not <kind>/<id>, as in elevator/31010500012345");
  EXPECT_EQ(with(R"("time":"2026-13-01T00:00:00Z")"),
            "attribute 'time' is '2026-13-01T00:00:00Z', not an RFC 3339 time with its "
            "offset, as in 2026-11-22T08:00:00.123+08:00");
  EXPECT_EQ(
      with(R"("recordedtime":["x"])").find("attribute 'recordedtime' is an array, not an RFC"), 0u);
  EXPECT_EQ(with(R"("time":null)").find("attributes 'time' and 'recordedtime' are both missing"),
            0u);
  EXPECT_EQ(with(R"("exercise":"yes")"),
            "attribute 'exercise' is 'yes', not true or false: it says whether this is a drill");
  EXPECT_EQ(with(R"("causationid":{})"),
            "attribute 'causationid' is an object, not text: it is the id of the event that led to "
            "this one");
  EXPECT_EQ(
      with(R"("datacontenttype":"text/xml")"),
      "attribute 'datacontenttype' is 'text/xml', not application/json: no other data is read");
  EXPECT_EQ(with(R"("datacontenttype":"application/json; charset=utf-8")"), "no reject");
  EXPECT_EQ(reason_with(std::string{kEnvelope} + R"(,"data":[1])"),
            "attribute 'data' is an array, not an object");
  EXPECT_EQ(reason_with(std::string{kEnvelope} + R"(,"data":"x")"),
            "attribute 'data' is 'x', not an object");
}

TEST_F(EventDecoderTest, ARejectShowsLongTextCutBetweenCharacters) {
  std::string subject(59, 'x');
  for (int i = 0; i < 10; ++i) subject += "电";
  EXPECT_EQ(reason_with(envelope_without("\"subject\"") + "\"data\":{},\"subject\":\"" +
                        subject + "\""),
            "attribute 'subject' is '" + std::string(59, 'x') +
                "…', not <kind>/<id>, as in elevator/31010500012345");
}

TEST_F(EventDecoderTest, ARejectKnowsThePosition) {
  const auto wrong_kind = decode(R"({"specversion":"1.0","id":7})");
  ASSERT_TRUE(wrong_kind);
  EXPECT_EQ(wrong_kind->position, 26u);
  const auto no_json = decode(R"({"specversion":"1.0",)");
  ASSERT_TRUE(no_json);
  EXPECT_EQ(no_json->reason, "not JSON: the text ends inside an object at byte 21");
  EXPECT_EQ(no_json->position, 21u);
  EXPECT_EQ(reason("[]"), "not JSON: the text is no object, so no CloudEvent at byte 0");
}

TEST_F(EventDecoderTest, NamesWithEscapesAndPartialNamesAreLookedUp) {
  ASSERT_FALSE(decode(R"({"spec\u0076ersion":"1.0","id":"\u0069","source":"s","type":"t.\u006fne",)"
                      R"("subject":"a\/b","time":"2026-11-22T00:00:00Z","data":{"speed":1}})"));
  EXPECT_EQ(event_.id, "i");
  EXPECT_EQ(event_.subject, "a/b");
  EXPECT_EQ(event_.slots[0].d, 1);
}

TEST_F(EventDecoderTest, ALaterEventLeavesNothingBehind) {
  ASSERT_FALSE(decode("{" + std::string{kEnvelope} +
                      R"(,"causationid":"c","exercise":true,"data":{"speed":1}})"));
  decode_data("{}");
  EXPECT_TRUE(event_.causation.empty());
  EXPECT_FALSE(event_.exercise);
  EXPECT_TRUE(event_.slots[0].is(Slot::Kind::absent));
}

TEST_F(EventDecoderTest, EveryCutOfAnEventIsRejectedWhateverFollows) {
  const std::string text =
      "{" + std::string{kEnvelope} +
      R"(,"data":{"speed":1.5e3,"door":{"zone":[true,{"a":null}]},"text":"\u7535"}})";
  ASSERT_FALSE(decode(text));
  for (const char padding : {'}', ']', '"', ' ', ',', ':', '{', '[', '1', '\0'})
    for (std::size_t size = 0; size < text.size(); ++size)
      EXPECT_TRUE(decode(text.substr(0, size), padding)) << size << padding;
}

/// The contract holds for the five types that come from outside.
class ContractTest : public EventDecoderTest {
 protected:
  std::string of(const std::string& type, const std::string& data, const std::string& id = "e") {
    return reason(R"({"specversion":"1.0","id":")" + id + R"(","source":"/s","type":"city.)" +
                  type + R"(.v1","subject":"a/b","time":"2026-11-22T00:00:00Z","data":)" + data +
                  "}");
  }
  std::string telemetry(const std::string& data) { return of("elevator.telemetry", data); }
  std::string complaint(const std::string& data) { return of("complaint.filed", data); }
  std::string feedback(const std::string& data) { return of("field.feedback", data); }
  std::string permit(const std::string& data) { return of("permit.changed", data); }
  static constexpr const char* kGood = "no reject";
};

TEST_F(ContractTest, AWordOutsideAClosedListIsRefusedWithTheKnownOnesTheNearestFirst) {
  EXPECT_EQ(complaint(R"({"kind":"halp"})"),
            "data.kind is 'halp', none of the words for it: help, clue, consult, report, service, "
            "complaint");
  EXPECT_EQ(telemetry(R"({"mode":"faults"})").find(
                "data.mode is 'faults', none of the words for it: fault, "),
            0u);
  EXPECT_EQ(telemetry(R"({"door":"opne"})").find(
                "data.door is 'opne', none of the words for it: open, "),
            0u);
  EXPECT_NE(permit(R"({"record":"maintenence"})").find(": maintenance, "), std::string::npos);
  EXPECT_NE(permit(R"({"action":"compleeted"})").find(": completed, "), std::string::npos);
  EXPECT_NE(feedback(R"({"step":"arived"})").find(": arrived, "), std::string::npos);
  EXPECT_NE(feedback(R"({"finding":"confirm"})").find(": confirmed, "), std::string::npos);
  EXPECT_NE(feedback(R"({"action":"rescue"})").find(": rescued, "), std::string::npos);
}

TEST_F(ContractTest, KnownWordsNullAndUnknownFieldsPass) {
  EXPECT_EQ(telemetry(R"({"mode":"fire","door":null,"floor":null,"spin":"left","direction":"x"})"),
            kGood);
  EXPECT_EQ(complaint(R"({"kind":"help","category":"anything","channel":"twitter","text":"a\nb"})"),
            kGood);
  EXPECT_EQ(of("camera.alert", R"({"label":"never_heard_of","confidence":0.5})"), kGood);
  EXPECT_EQ(permit(R"({"record":"filing","validUntil":"whenever","on":"2026-11-22"})"), kGood);
}

TEST_F(ContractTest, AFieldOfAnotherTypeIsRefused) {
  EXPECT_EQ(complaint(R"({"text":5})"), "data.text is a number, not text");
  EXPECT_EQ(complaint(R"({"photos":"x"})"), "data.photos is 'x', not a list of texts");
  EXPECT_EQ(complaint(R"({"photos":["x",1]})"), "data.photos is an array, not a list of texts");
  EXPECT_EQ(telemetry(R"({"occupied":"yes"})"), "data.occupied is 'yes', not true or false");
  EXPECT_EQ(telemetry(R"({"speedMps":"0"})"), "data.speedMps is '0', not a number");
  EXPECT_EQ(feedback(R"({"eta":"soon"})"),
            "data.eta is 'soon', not an RFC 3339 time with its offset, as in "
            "2026-11-22T08:00:00+08:00");
  for (const char* name : {"eta", "until", "replyBy"})
    for (const char* local : {"2026-11-22T08:00:00", "2026-11-22"})
      EXPECT_NE(feedback(std::string{"{\""} + name + "\":\"" + local + "\"}"), kGood)
          << "it would be read as London's: " << name << " " << local;
  EXPECT_EQ(permit(R"({"on":20261122})"),
            "data.on is a number, not an RFC 3339 time, as in 2026-11-22T08:00:00+08:00");
}

TEST_F(ContractTest, AWordThatIsNotFilledInIsUnknown) {
  decoder_.extract({{"city.elevator.telemetry.v1", {"mode", "faultCode"}}});
  EXPECT_EQ(telemetry(R"({"mode":"","faultCode":""})"), kGood);
  EXPECT_TRUE(event_.slots[0].is(Slot::Kind::null));
  EXPECT_TRUE(event_.slots[1].is(Slot::Kind::text)) << "no closed list: whatever it means";
}

// One reader might take the first and another the last: a sender's right the one, a step the other.
TEST_F(ContractTest, WhatStandsTwiceIsRefused) {
  EXPECT_EQ(telemetry(R"({"mode":"halp","mode":"fault"})"), "data.mode stands twice: send it once");
  EXPECT_EQ(telemetry(R"({"door":"open","door":"open"})"), "data.door stands twice: send it once");
  EXPECT_EQ(feedback(R"({"by":"unit/b","by":null})"), "data.by stands twice: send it once");
  EXPECT_EQ(telemetry(R"({"x":{"a":1,"a":2},"mine":1,"mine":2})"), kGood) << "nobody reads these";
  EXPECT_EQ(reason_with(std::string{kEnvelope} + R"(,"data":{},"id":"e-2")"),
            "attribute 'id' stands twice: send it once");
  EXPECT_EQ(reason_with(std::string{kEnvelope} + R"(,"data":{},"data":{})"),
            "attribute 'data' stands twice: send it once");
  EXPECT_EQ(reason_with(R"("data":{"mode":"fault"},)" + std::string{kEnvelope}), kGood)
      << "read twice, as its type came later";
}

TEST_F(ContractTest, AnAlarmButtonThatStandsTwiceIsTakenAsTheLastSays) {
  EXPECT_EQ(telemetry(R"({"alarmButton":false,"alarmButton":true})"), kGood);
  EXPECT_NE(telemetry(R"({"alarmButton":true,"alarmButton":false})"), kGood);
  EXPECT_NE(telemetry(R"({"alarmButton":true,"alarmButton":null})"), kGood);
  EXPECT_EQ(telemetry(R"({"alarmButton":true,"floor":1,"floor":2})"), kGood);
}

TEST_F(ContractTest, AnAlarmButtonIsTakenWhateverElseIsWrong) {
  EXPECT_EQ(telemetry(R"({"mode":"halp","occupied":"yes","alarmButton":true})"), kGood);
  EXPECT_NE(telemetry(R"({"alarmButton":true,"mode":"halp","alarmButton":false})"), kGood);
  EXPECT_NE(telemetry(R"({"alarmButton":"true"})"), kGood);
}

TEST_F(ContractTest, NamesAndTextsHaveBounds) {
  const std::string id(256, 'x');
  EXPECT_EQ(of("elevator.telemetry", "{}", id), kGood);
  EXPECT_NE(of("elevator.telemetry", "{}", id + "x").find("longer than 256 bytes"),
            std::string::npos);
  EXPECT_EQ(complaint(R"({"about":")" + id + "\"}"), kGood);
  EXPECT_NE(complaint(R"({"about":")" + id + "x\"}").find("too long: it may have 256 bytes"),
            std::string::npos);
  EXPECT_EQ(feedback(R"({"note":")" + std::string(4096, 'x') + "\"}"), kGood);
  EXPECT_NE(feedback(R"({"note":")" + std::string(4097, 'x') + "\"}"), kGood);
  EXPECT_NE(complaint(R"({"text":")" + std::string(16385, 'x') + "\"}"), kGood);
  EXPECT_NE(complaint(R"({"mine":")" + std::string(65537, 'x') + "\"}"), kGood);
}

TEST_F(ContractTest, AnEventIsBoundedInBytes) {
  const auto texts = [](int count) {
    std::string data = R"({"x":[)";
    for (int i = 0; i < count; ++i)
      data += (i == 0 ? "\"" : ",\"") + std::string(60'000, 'x') + '"';
    return data + "]}";
  };
  EXPECT_EQ(telemetry(texts(4)), kGood);
  EXPECT_EQ(telemetry(texts(5)), "the event has more than 262144 bytes");
  // What the city itself names may be longer, and has a bound too.
  const auto own = [&](std::size_t size) {
    return reason_with(R"("specversion":"1.0","id":")" + std::string(size, 'x') +
                       R"(","source":"/s","type":"city.letter.v1","subject":"a/b",)"
                       R"("time":"2026-11-22T00:00:00Z","data":{})");
  };
  EXPECT_EQ(own(1024), kGood);
  EXPECT_NE(own(1025).find("longer than 1024 bytes"), std::string::npos);
}

TEST_F(ContractTest, AnEventOfTooManyMembersIsRefused) {
  const auto many = [](int count) {
    std::string data = R"({"x":{"0":0)";
    for (int i = 1; i < count; ++i) data += ",\"" + std::to_string(i) + "\":0";
    return data + "}}";
  };
  EXPECT_EQ(telemetry(many(4000)), kGood);
  EXPECT_EQ(telemetry(many(130'000)).find("the event has more than "), 0u);
  EXPECT_EQ(telemetry(many(5000)), "the event has more than 4096 members and elements");
}

TEST_F(ContractTest, ControlCharactersStandInNoName) {
  for (const std::string control : {"\\u0000", "\\u001b", "\\n", "\x7f", "\\u0085", "\xc2\x85"}) {
    EXPECT_NE(of("elevator.telemetry", "{}", "a" + control).find("control character"),
              std::string::npos)
        << control;
    EXPECT_NE(complaint(R"({"about":"x)" + control + "\"}"), kGood) << control;
    EXPECT_NE(reason_with(std::string{kEnvelope} + R"(,"subject":"a/b)" + control +
                          R"(","data":{})"),
              kGood)
        << control;
  }
  EXPECT_NE(feedback(R"({"note":"\u0000"})"), kGood);
  EXPECT_EQ(feedback(R"({"note":"two\nlines\tand caf\u00e9 é"})"), kGood);
}

TEST_F(ContractTest, DataMayComeAsBase64) {
  const std::string head =
      R"({"specversion":"1.0","id":"e","source":"/s","type":"t.two","subject":"a/b",)"
      R"("time":"2026-11-22T00:00:00Z","data_base64":)";
  ASSERT_FALSE(decode(head + R"("eyJ4Ijo3fQ=="})"));
  EXPECT_EQ(event_.data, R"({"x":7})");
  EXPECT_EQ(event_.slots[0].d, 7);
  EXPECT_EQ(reason(head + R"("eyJ4Ijo3fQ"})"),
            "attribute 'data_base64' is 'eyJ4Ijo3fQ', not base64 (RFC 4648, with its padding)");
  EXPECT_EQ(reason(head + R"("aGVsbG8="})"), "attribute 'data_base64' holds no JSON object");
  EXPECT_EQ(reason(head + R"("eyJ4Ijo3fQ==","data":{}})")
                .find("attribute 'data_base64' is 'eyJ4Ijo3fQ==', though there is 'data' too"),
            0u);
  EXPECT_EQ(reason(head + R"("eyJ4Ijo3fQ==","datacontenttype":"image/png"})")
                .find("attribute 'datacontenttype' is 'image/png'"),
            0u);
}

TEST_F(EventDecoderTest, AMediaTypeIsJsonInAnyCaseAndWithParameters) {
  const auto with = [&](const std::string& type) {
    return reason_with(std::string{kEnvelope} + R"(,"datacontenttype":")" + type +
                       R"(","data":{})");
  };
  for (const char* good : {"Application/JSON", "application/json;charset=UTF-8", "text/json",
                           "application/vnd.city+json ; charset=\\\"utf-8\\\""})
    EXPECT_EQ(with(good), "no reject") << good;
  for (const char* bad :
       {"application/jsonx", "application/json; charset=gbk", "json", "text/plain"})
    EXPECT_NE(with(bad), "no reject") << bad;
}

TEST_F(EventDecoderTest, ManyTextsAndLargeOnes) {
  std::string data = "{\"text\":\"";
  for (int i = 0; i < 50'000; ++i) data += "\\u7535";
  decode_data(data + "\"}");
  EXPECT_EQ(event_.slots[2].size, 150'000u);
  decode_data("{}");
}

}  // namespace
}  // namespace connectors
