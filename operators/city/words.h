#pragma once

// Words for reasons: durations, and lists of names, in Chinese and English. Any thread.

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

/// How long something took, for people: whole minutes from one minute on.
inline Text spoken_roughly(streams::Duration duration) {
  using namespace std::chrono_literals;
  if (duration < 1min) return spoken(std::chrono::floor<std::chrono::seconds>(duration));
  return spoken(std::chrono::floor<std::chrono::minutes>(duration));
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
