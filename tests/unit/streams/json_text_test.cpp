#include <gtest/gtest.h>

#include "connectors/json/json_reader.h"
#include "streams/json.h"
#include "streams/nearest.h"

namespace {

using namespace streams;

/// What a dead letter keeps of bytes can be read, whatever they were.
TEST(ReadableText, IsAlwaysUtf8) {
  const std::string mark = "\xef\xbf\xbd";
  const std::pair<std::string, std::string> cases[] = {
      {"电梯 é", "电梯 é"},
      {"\xf0\x9f\x94\xa5", "\xf0\x9f\x94\xa5"},
      {"\xed\xa0\x80", mark + mark + mark},                  // half of a pair
      {"\xed\xb0\x80x", mark + mark + mark + "x"},           // the other half
      {"\xc0\x80", mark + mark},                             // NUL in two bytes
      {"\xe0\x80\xaf", mark + mark + mark},                  // "/" in three
      {"\xf0\x80\x80\xaf", mark + mark + mark + mark},       // in four
      {"\xf4\x90\x80\x80", mark + mark + mark + mark},       // behind the last character
      {"\xf5\x80\x80\x80", mark + mark + mark + mark},
      {"a\xe7\x94", "a" + mark + mark},
      {"\xff", mark},
  };
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(readable_text(bytes), text) << bytes;
    std::string json, back;
    append_json_text(json, readable_text(bytes));
    connectors::SimdJsonReader reader{json};
    EXPECT_TRUE(reader.text(back)) << json;
    EXPECT_EQ(back, text);
  }
}

TEST(Nearest, TheLikeliestComesFirst) {
  const std::string_view words[] = {"complaint", "report", "help"};
  EXPECT_EQ(nearest_first("halp", words), "help, report, complaint");
  EXPECT_EQ(edit_distance("opne", "open"), 1u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(nearest_first(std::string(100'000, 'x'), words).substr(0, 6), "compla");
}

}  // namespace
