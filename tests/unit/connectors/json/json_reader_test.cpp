#include "connectors/json/json_reader.h"

#include <gtest/gtest.h>

#include "connectors/json/event_decoder.h"

namespace connectors {
namespace {

using streams::Duration;
using streams::field;
using streams::Json;
using streams::Time;

enum class Grade { green, yellow, red };
constexpr auto names_of(Grade) {
  return std::array<std::string_view, 3>{"green", "yellow", "red"};
}

struct Part {
  std::string name;
  double share = 0;
  bool operator==(const Part&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("name", &Part::name), field("share", &Part::share)};
  }
};

struct Whole {
  std::string text;
  std::int64_t count = 0;
  bool open = false;
  Grade grade = Grade::green;
  std::optional<Time> until;
  Duration limit{};
  std::vector<Part> parts;
  std::optional<std::string> note;
  Json seen;
  bool operator==(const Whole&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        field("text", &Whole::text),   field("count", &Whole::count), field("open", &Whole::open),
        field("grade", &Whole::grade), field("until", &Whole::until), field("limit", &Whole::limit),
        field("parts", &Whole::parts), field("note", &Whole::note),   field("seen", &Whole::seen)};
  }
};

bool read(std::string_view json, Whole& value, std::string& where) {
  SimdJsonReader reader{json};
  return streams::read_json(reader, value, where);
}

TEST(JsonReaderTest, ReadsWhatAppendJsonWrites) {
  Whole value{.text = "电\"梯\\\n\x01",
              .count = -7,
              .open = true,
              .grade = Grade::red,
              .until = *streams::parse_time("2026-11-22T08:00:00.123Z"),
              .limit = std::chrono::minutes{90},
              .parts = {{"a", 0.1}, {"", -1e300}},
              .note = std::nullopt,
              .seen = {R"({"a":[1,"x"]})"}};
  for (int round = 0; round < 2; ++round) {
    std::string json, where;
    streams::append_json(json, value);
    Whole back;
    EXPECT_TRUE(read(json, back, where)) << json << where;
    EXPECT_EQ(back, value);
    value = Whole{};
    value.note = "n";
  }
}

TEST(JsonReaderTest, SkipsUnknownMembersAndTakesNullForLists) {
  Whole value;
  std::string where;
  EXPECT_TRUE(
      read(R"( { "x":[{"text":"no"}], "text" : "yes", "parts":null, "y":{} , "seen": 1.50 } )",
           value, where));
  EXPECT_EQ(value.text, "yes");
  EXPECT_EQ(value.seen.text, "1.50");
}

TEST(JsonReaderTest, NamesTheFieldThatIsNotAsDescribed) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"text":5})", "text"},
      {R"({"count":"5"})", "count"},
      {R"({"open":1})", "open"},
      {R"({"grade":"blue"})", "grade"},
      {R"({"until":"soon"})", "until"},
      {R"({"limit":90})", "limit"},
      {R"({"parts":[{"name":"a"},{"share":true}]})", "parts.share"},
      {R"({"parts":{}})", "parts"},
      {R"({"note":[]})", "note"},
      {R"({"seen":tru})", "seen"},
  };
  for (const auto& [json, path] : cases) {
    Whole value;
    std::string where;
    EXPECT_FALSE(read(json, value, where)) << json;
    EXPECT_EQ(where, path) << json;
  }
}

TEST(JsonReaderTest, BrokenTextIsFalseAtOnce) {
  for (const char* json :
       {"", "{", "[]", "{} x", "{\"text\":\"a\"", "nul", "{\"text\":\"\xff\"}"}) {
    Whole value;
    std::string where;
    EXPECT_FALSE(read(json, value, where)) << json;
  }
  SimdJsonReader reader{"{\"a\":1"};
  EXPECT_FALSE(reader.object([](std::string_view, streams::JsonReader&) { return true; }));
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.failure().position, 6u);
  std::string text;
  EXPECT_FALSE(reader.raw(text) || reader.text(text) || reader.null());
}

TEST(JsonReaderTest, TheDecodersReaderLeavesTheEventAlone) {
  EventDecoder decoder;
  decoder.extract({{"t", {"text"}}});
  const std::string text =
      R"({"specversion":"1.0","id":"i","source":"s","type":"t","subject":"a/b",)"
      R"("time":"2026-11-22T08:00:00Z","data":{"text":"a\nb","parts":[{"name":"\u7535"}]}})";
  const std::string bytes = text + std::string(streams::Decoder::kPadding, '\0');
  streams::Event event;
  ASSERT_FALSE(decoder.decode({bytes.data(), text.size()}, event));
  Whole value;
  std::string where;
  EXPECT_TRUE(streams::read_json(decoder.read(event.data), value, where));
  EXPECT_EQ(value.text, "a\nb");
  EXPECT_EQ(value.parts.at(0).name, "电");
  EXPECT_EQ(event.slots[0].view(), "a\nb");
}

}  // namespace
}  // namespace connectors
