#pragma once

// Words for reasons: durations, and lists of names, in Chinese and English. Any thread.

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>

#include "operators/city/text.h"
#include "streams/time.h"

namespace city {

/// "5分钟" and "5 min"; the largest unit that leaves no remainder, at least seconds.
inline Text spoken(streams::Duration duration) {
  using namespace std::chrono_literals;
  struct Unit {
    streams::Duration size;
    std::string_view zh, en;
  };
  static constexpr Unit kUnits[] = {
      {24h, "天", " d"}, {1h, "小时", " h"}, {1min, "分钟", " min"}, {1s, "秒", " s"}};
  if (duration < 0ms) duration = 0ms;
  const Unit* unit = &kUnits[3];
  for (const Unit& candidate : kUnits)
    if (duration >= candidate.size && duration % candidate.size == 0ms) {
      unit = &candidate;
      break;
    }
  const std::string count = std::to_string(duration / unit->size);
  return {count + std::string{unit->zh}, count + std::string{unit->en}};
}

/// "60秒", "2分30秒", "3天4小时": to the second below two minutes, then the two largest units.
inline Text spoken_fully(streams::Duration duration) {
  using namespace std::chrono_literals;
  struct Unit {
    streams::Duration size;
    std::string_view zh, en;
  };
  static constexpr Unit kUnits[] = {
      {24h, "天", " d"}, {1h, "小时", " h"}, {1min, "分", " min"}, {1s, "秒", " s"}};
  duration = std::max(duration, streams::Duration{0});
  Text out;
  int said = 0;
  for (const Unit& unit : kUnits) {
    if (said == 0 && unit.size == 1min && duration < 2min) continue;
    const auto count = duration / unit.size;
    duration %= unit.size;
    if (count == 0 && (said > 0 || unit.size != 1s)) {
      if (said > 0) break;
      continue;
    }
    const bool last = duration < 1s || said == 1;
    out.zh += std::to_string(count) + std::string{unit.zh};
    if (unit.size == 1min && last) out.zh += "钟";
    out.en += (said > 0 ? " " : "") + std::to_string(count) + std::string{unit.en};
    if (++said == 2) break;
  }
  return out;
}

/// How long something took, for people: whole minutes from one minute on.
inline Text spoken_roughly(streams::Duration duration) {
  using namespace std::chrono_literals;
  if (duration < 1min) return spoken(std::chrono::floor<std::chrono::seconds>(duration));
  return spoken(std::chrono::floor<std::chrono::minutes>(duration));
}

/// "2026年12月5日" and "2026-12-05": a day as a record names it, in no zone.
inline Text spoken_day(streams::Time midnight) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(midnight)};
  const int year = static_cast<int>(day.year());
  const auto month = static_cast<unsigned>(day.month()), number = static_cast<unsigned>(day.day());
  char zh[48], en[48];
  std::snprintf(zh, sizeof zh, "%d年%u月%u日", year, month, number);
  std::snprintf(en, sizeof en, "%04d-%02u-%02u", year, month, number);
  return {zh, en};
}

/// Fills each "{}" of both languages with the next argument: Text in its language, text as it is.
class Fill {
 public:
  Fill(const Text& text) : zh(text.zh), en(text.en) {}      // NOLINT
  Fill(const std::string& text) : zh(text), en(text) {}     // NOLINT
  Fill(std::string_view text) : zh(text), en(text) {}       // NOLINT
  Fill(const char* text) : zh(text), en(text) {}            // NOLINT
  Fill(int number) : zh(std::to_string(number)), en(zh) {}  // NOLINT
  std::string zh, en;
};
inline Text words(std::string_view zh, std::string_view en,
                  std::initializer_list<Fill> fills = {}) {
  const auto filled = [&fills](std::string_view form, bool chinese) {
    std::string out;
    const Fill* next = fills.begin();
    while (!form.empty()) {
      const std::size_t at = form.find("{}");
      out += form.substr(0, at);
      if (at == form.npos) break;
      if (next != fills.end()) {
        out += chinese ? next->zh : next->en;
        ++next;
      }
      form.remove_prefix(at + 2);
    }
    return out;
  };
  return {filled(zh, true), filled(en, false)};
}
inline Reason because(std::string_view code, const Text& text) {
  return {std::string{code}, text.zh, text.en};
}

/// "unit/a、unit/b" and "unit/a, unit/b".
template <class Names>
Text listed(const Names& names) {
  Text out;
  for (const auto& name : names) {
    if (!out.zh.empty()) {
      out.zh += "、";
      out.en += ", ";
    }
    out.zh += name;
    out.en += name;
  }
  return out;
}

/// Records name units by their social credit code alone; on the wire a unit is `unit/<code>`.
inline std::string with_kind(std::string_view kind, std::string_view id) {
  if (id.empty() || id.find('/') != id.npos) return std::string{id};
  return std::string{kind} + "/" + std::string{id};
}
inline std::string_view kind_of(std::string_view id) {
  return id.substr(0, id.find('/'));
}

}  // namespace city
