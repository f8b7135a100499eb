#include "operators/see/wording.h"

namespace see {
namespace {

using What = city::Conclusion::What;

std::string zh(streams::Duration duration) {
  using namespace std::chrono;
  std::string out;
  const auto part = [&](auto unit, const char* name) {
    if (duration < unit) return;
    out += std::to_string(duration / unit) + name;
    duration %= unit;
  };
  part(days{1}, "天");
  part(hours{1}, "小时");
  part(minutes{1}, "分钟");
  part(seconds{1}, "秒");
  return out.empty() ? "0秒" : out;
}

/// What a rule read, as people write it: {"mode":"fault","door":"closed"} is mode=fault,
/// door=closed.
std::string spelled(std::string_view json) {
  std::string out;
  if (!json.starts_with('{')) return out;
  bool quoted = false;
  for (const char c : json.substr(1, json.size() - 2)) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ':' && !quoted)
      out += '=';
    else if (c == ',' && !quoted)
      out += ", ";
    else
      out += c;
  }
  return out;
}

city::Text fired(const rules::Rule& rule, const city::Conclusion& conclusion) {
  const std::string within = streams::format_duration(rule.within);
  switch (rule.kind) {
    case rules::RuleKind::hold:
      return {"条件持续" + zh(rule.hold),
              "the condition held for " + streams::format_duration(rule.hold)};
    case rules::RuleKind::count:
      return {zh(rule.within) + "内出现" + std::to_string(rule.count) + "次",
              std::to_string(rule.count) + " times within " + within};
    case rules::RuleKind::sequence:
      return {zh(rule.within) + "内依次出现", "one after the other within " + within};
    case rules::RuleKind::missing: {
      const std::string due = streams::format_time(conclusion.due.value_or(streams::Time{}));
      return {"应于" + due + "前完成，未见记录", "due at " + due + ", no record of it came"};
    }
    case rules::RuleKind::match:
      return {"读数符合规则", "the reading matches the rule"};
  }
  return {};
}

}  // namespace

city::Reason why(What what, const rules::Rule& rule, const city::Conclusion& conclusion) {
  city::Text text;
  std::string code;
  switch (what) {
    case What::fired:
      code = "rule.fired";
      text = fired(rule, conclusion);
      break;
    case What::more:
      code = "rule.more";
      text = {"再次出现", "seen again"};
      break;
    case What::cleared:
      code = "rule.cleared";
      text = {"条件已解除", "the condition ended"};
      break;
    case What::reminder: {
      code = "rule.reminder";
      const std::string due = streams::format_time(conclusion.due.value_or(streams::Time{}));
      text = {"将于" + due + "到期", "falls due at " + due};
      break;
    }
    case What::no_data:
      code = "rule.no_data";
      text = {"信号中断", "the source fell silent"};
      break;
    case What::ended:
      code = "rule.ended";
      text = {"设备自身发出报警结束信号", "the equipment itself signalled the end of the alarm"};
      break;
  }
  std::string read;
  if (!conclusion.evidence.empty()) read = spelled(conclusion.evidence.back().data.text);
  return {code, rule.title.zh + "：" + text.zh + (read.empty() ? "" : "；读数 " + read),
          rule.title.en + ": " + text.en + (read.empty() ? "" : "; read " + read)};
}

}  // namespace see
