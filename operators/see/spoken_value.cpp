#include "operators/see/spoken_value.h"

#include <charconv>
#include <cmath>

#include "operators/city/field_words.h"
#include "operators/city/words.h"
#include "operators/rules/cel/value.h"

namespace see {
namespace {

using city::Text;
using streams::Slot;
using streams::Time;

constexpr std::size_t kTextBytes = 90;  // 30 Chinese characters
constexpr std::size_t kListed = 5;

const Text kUnknown{"未知", "unknown"};
const Text kYes{"是", "yes"}, kNo{"否", "no"};

/// At most two decimals: nobody reads more in a sentence.
std::string spoken_number(double number) {
  char text[400];
  const bool written_out = std::fabs(number) < 1e15;
  const auto [end, error] =
      written_out ? std::to_chars(text, text + sizeof text, number, std::chars_format::fixed, 2)
                  : std::to_chars(text, text + sizeof text, number);
  std::string out{text, error == std::errc{} ? end : text};
  if (written_out) {
    out.erase(out.find_last_not_of('0') + 1);
    if (out.ends_with('.')) out.pop_back();
    if (out == "-0") out = "0";
  }
  return out;
}

/// Without control characters, and not longer than a sentence bears.
std::string cleaned(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool whole = (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
    if (out.size() >= kTextBytes && whole) return out + "…";
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return out;
}

/// The word for a value of a closed list; the pack's own come first.
std::optional<Text> named(std::string_view field, std::string_view value,
                          const rules::ValueWords& words) {
  if (const auto it = words.find(value); it != words.end()) return it->second;
  if (const city::FieldWord* word = city::field_word(field, value))
    return Text{std::string{word->zh}, std::string{word->en}};
  return std::nullopt;
}

Text spoken_text(std::string_view text, const city::Calendar& calendar, Time now) {
  if (text.empty()) return kUnknown;
  if (const std::optional<Time> time = streams::parse_time(text)) {
    if (text.size() == 10) return city::spoken_day(*time);
    return calendar.spoken(*time, now);
  }
  const std::string clean = cleaned(text);
  return {clean, clean};
}

}  // namespace

Time time_of(const Slot& timestamp) {
  return Time{std::chrono::seconds{timestamp.i}} +
         streams::Duration{timestamp.size / 1'000'000};
}

Text spoken_value(const Slot& value, std::string_view field, const rules::ValueWords& words,
                  const city::Calendar& calendar, Time now) {
  switch (value.kind) {
    case Slot::Kind::boolean:
      return named(field, value.b ? "true" : "false", words).value_or(value.b ? kYes : kNo);
    case Slot::Kind::integer:
    case Slot::Kind::natural:
    case Slot::Kind::number: {
      if (value.is(Slot::Kind::number) && !std::isfinite(value.d)) return kUnknown;
      const std::string number = value.is(Slot::Kind::integer)   ? std::to_string(value.i)
                                 : value.is(Slot::Kind::natural) ? std::to_string(value.u)
                                                                 : spoken_number(value.d);
      return named(field, number, words).value_or(Text{number, number});
    }
    case Slot::Kind::text:
      if (auto word = named(field, value.view(), words)) return *word;
      return spoken_text(value.view(), calendar, now);
    case Slot::Kind::duration: {
      constexpr std::int64_t kLongest = 100 * 366 * 86'400LL;
      const std::int64_t seconds = std::clamp(value.i, -kLongest, kLongest);
      return city::spoken_fully(std::chrono::seconds{seconds} +
                                streams::Duration{value.size / 1'000'000});
    }
    case Slot::Kind::timestamp:
      return calendar.spoken(time_of(value), now);
    case Slot::Kind::list: {
      Text all;
      std::size_t said = 0;
      for (const Slot& item : cel::items(value)) {
        if (said++ == kListed) return {all.zh + "等", all.en + ", …"};
        const Text one = spoken_value(item, field, words, calendar, now);
        all.zh += (all.zh.empty() ? "" : "、") + one.zh;
        all.en += (all.en.empty() ? "" : ", ") + one.en;
      }
      return all.zh.empty() ? Text{"无", "none"} : all;
    }
    default:
      return kUnknown;
  }
}

}  // namespace see
