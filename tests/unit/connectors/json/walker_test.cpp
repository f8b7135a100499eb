#include "connectors/json/walker.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

namespace connectors {
namespace {

using streams::Slot;

/// "" if the text is JSON, else why not.
std::string fault(const std::string& text) {
  Walker walker;
  Slot slot;
  const Walker::Mark start = walker.start_unpadded(text);
  if (start != nullptr && walker.finish(walker.value(start, slot))) return "";
  return walker.failure().reason;
}

double number(const std::string& text) {
  Walker walker;
  Slot slot;
  const Walker::Mark start = walker.start_unpadded(text);
  return start != nullptr && walker.finish(walker.value(start, slot)) && slot.is(Slot::Kind::number)
             ? slot.d
             : std::nan("");
}

TEST(WalkerTest, TakesJson) {
  for (const char* text : {"{}", "[]", " [ ] ", "null", "true", "false", "\"\"", "0", "-0", "1e5",
                           "[[[]]]", R"({"a":{"b":[{},[],"",1]}})", "\"\\u0000\"", "[1 , 2\r\n]"})
    EXPECT_EQ(fault(text), "") << text;
}

TEST(WalkerTest, SaysWhatIsNoJsonAndWhere) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "the text is empty at byte 0"},
      {"  ", "the text is empty at byte 2"},
      {"{", "the text ends inside an object at byte 1"},
      {R"({"a")", "the text ends inside an object at byte 4"},
      {R"({"a":)", "the text ends inside an object at byte 5"},
      {R"({"a":1)", "there is no ',' or '}' after a member of an object at byte 6"},
      {R"({"a":1,})", "there is no name in quotes at byte 7"},
      {R"({a:1})", "there is no name in quotes at byte 1"},
      {R"({"a" 1})", "there is no ':' after the name at byte 5"},
      {R"({"a":1 "b":2})", "there is no ',' or '}' after a member of an object at byte 7"},
      {R"({"a"b:1})", "there is no ':' after the name at byte 4"},
      {R"({"a":})", "there is no JSON value at byte 5"},
      {"[", "the text ends where a value should stand at byte 1"},
      {"[1,]", "there is no JSON value at byte 3"},
      {"[1", "there is no ',' or ']' after an element of an array at byte 2"},
      {"[1}", "there is no ',' or ']' after an element of an array at byte 2"},
      {"{} {}", "there is more text after the value at byte 3"},
      {"[tru]", "there is no JSON value at byte 1"},
      {"[truefalse]", "there is no JSON value at byte 1"},
      {"[tr\"a\"]", "there is no JSON value at byte 1"},
      {"[1\"a\"]", "there is no JSON value at byte 1"},
      {"[1e999]", "there is a number beyond the range of a double at byte 1"},
      {"[\"\\x\"]", "a string holds a broken escape at byte 1"},
      {"[\"\\ud800\"]", "a string holds a broken escape at byte 1"},
      {"[\"\\udc00\"]", "a string holds a broken escape at byte 1"},
      {"[\"ab]", "a string opens and never closes at byte 1"},
      {"[\"a\nb\"]", "a string holds a control character at byte 3"},
      {"[\"a\xff\"]", "there is no valid UTF-8 at byte 3"},
      {"[\"\xed\xa0\x80\"]", "there is no valid UTF-8 at byte 2"},
      {"[\"\xe7\x94\"]", "there is no valid UTF-8 at byte 2"},
  };
  for (const auto& [text, reason] : cases) EXPECT_EQ(fault(text), "not JSON: " + reason) << text;
}

TEST(WalkerTest, NestingIsBounded) {
  const auto nested = [](int depth) {
    const auto count = static_cast<std::size_t>(depth);
    return std::string(count, '[') + std::string(count, ']');
  };
  EXPECT_EQ(fault(nested(Walker::kMaxDepth)), "");
  EXPECT_EQ(fault(nested(Walker::kMaxDepth + 1)),
            "not JSON: objects and arrays are nested too deeply at byte 64");
  EXPECT_NE(fault(std::string(1'000'000, '[')), "");
}

TEST(WalkerTest, NumbersAreTheNearestDoubles) {
  for (const char* text :
       {"0", "-0", "7", "0.00", "1.02", "-12.5", "121.473701", "999999999999999", "0.1", "0.000001",
        "123456789012345678", "9007199254740993", "1e5", "1E-5", "1.7976931348623157e308", "5e-324",
        "0.30000000000000004", "100000000000000000000000", "2.2250738585072011e-308"})
    EXPECT_EQ(std::bit_cast<std::uint64_t>(number(text)),
              std::bit_cast<std::uint64_t>(std::strtod(text, nullptr)))
        << text;
  EXPECT_EQ(number("1e-400"), 0.0);
  EXPECT_EQ(number("0e99999999999999999999"), 0.0);
  EXPECT_EQ(number("1e-99999999999999999999"), 0.0);
  EXPECT_EQ(number("0." + std::string(400, '0') + "1"), 0.0);
  EXPECT_TRUE(std::signbit(number("-1e-400")));
  for (const std::string& text : {std::string{"1e400"},
                                  std::string{"-1e400"},
                                  std::string{"1e99999999999999999999"},
                                  "1" + std::string(400, '0'),
                                  std::string{"01"},
                                  std::string{"-"},
                                  std::string{"1."},
                                  std::string{".5"},
                                  std::string{"+1"},
                                  std::string{"1e"},
                                  std::string{"1e+"},
                                  std::string{"0x10"},
                                  std::string{"NaN"},
                                  std::string{"Infinity"},
                                  std::string{"-01"},
                                  std::string{"1.5.2"},
                                  std::string{"1-2"},
                                  std::string{"--1"},
                                  std::string{"1_0"},
                                  std::string{"00000000000000000000001"}})
    EXPECT_TRUE(std::isnan(number(text))) << text;
}

}  // namespace
}  // namespace connectors
