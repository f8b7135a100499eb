// What everybody but an engineer sees of a dead letter.

#include "app/masked.h"

#include <gtest/gtest.h>

#include "app/log_line.h"
#include "streams/json.h"

namespace app {
namespace {

std::string letter(const std::string& topic, const std::string& bytes) {
  std::string record = R"({"specversion":"1.0","id":"d-1.1","data":{"id":"d-1","topic":")" + topic +
                       R"(","reason":"why","bytes":)";
  streams::append_json_text(record, bytes);
  return record + "}}";
}
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kCall =
    R"({"type":"city.complaint.filed.v1","subject":"complaint/1","data":{"channel":"12345",)"
    R"("text":"住三楼的张三","complainant":"13816273645","address":"仙霞路1号","contact":"138",)"
    R"("photos":["p"],"name":"张三","kind":{"text":"张三"},"district":"310105"}})";

TEST(Masked, OfAComplaintOnlyWhatIsAboutNobody) {
  for (const char* topic :
       {"hotline.complaints", "city.events", "elevator.telemetry", "calls.csv"}) {
    const std::string shown = masked_dead_letter(letter(topic, kCall));
    for (const char* hidden : {"张三", "13816273645", "仙霞路", "[\\\"p\\\"]", "138"})
      EXPECT_FALSE(has(shown, hidden)) << topic << ": " << shown;
    for (const char* stays : {"d-1.1", "\"reason\":\"why\"", "complaint/1", "12345", "310105"})
      EXPECT_TRUE(has(shown, stays)) << topic << ": " << shown;
  }
}

TEST(Masked, WhatCantBeReadIsHiddenWhereAHotlineMayHaveSaidIt) {
  const std::string cut = kCall.substr(0, kCall.size() - 3);
  for (const char* topic : {"hotline.complaints", "city.events", "calls.csv"})
    EXPECT_TRUE(has(masked_dead_letter(letter(topic, cut)), "(hidden: ")) << topic;
  EXPECT_FALSE(has(masked_dead_letter(letter("hotline.complaints",
                                             R"({"type":"city.unheardof.v1","data":{"a":"张三"}})")),
                   "张三"));
  EXPECT_FALSE(has(masked_dead_letter(letter("hotline.complaints",
                                             R"({"type":"city.complaint.filed.v1","data":"张三"})")),
                   "张三"));
  const std::string other = R"({"type":"city.elevator.telemetry.v1","data":{"floor":"x"}})";
  for (const char* topic : {"elevator.telemetry", "city.events"})
    EXPECT_EQ(masked_dead_letter(letter(topic, other)), letter(topic, other));
  EXPECT_EQ(masked_dead_letter(letter("camera.alerts", "nonsense")),
            letter("camera.alerts", "nonsense"));
}

TEST(LogLine, IsOneLineWhateverACallerNames) {
  EXPECT_EQ(log_line("seat/3\r\nlink: seat/9 \x1b[31m 席位\x7f"),
            "seat/3\\x0d\\x0alink: seat/9 \\x1b[31m 席位\\x7f");
}

}  // namespace
}  // namespace app
