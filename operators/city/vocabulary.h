#pragma once

// The vocabularies of the contract with their words and their meaning: states, findings (what each
// says about the rule and device, and what becomes of the warning), actions. Read by judge,
// respond, learn; screens take the same words.

#include "operators/city/matter.h"
#include "operators/city/order.h"
#include "operators/city/receipt.h"
#include "operators/city/warning.h"

namespace city {

struct Word {
  std::string_view code, zh, en;
};

inline constexpr std::array<Word, 8> kWarningStates{{
    {"raised", "已产生", "raised"},
    {"screening", "甄别中", "in screening"},
    {"confirmed", "已确认", "confirmed"},
    {"dispatched", "已派单", "dispatched"},
    {"resolved", "已解除", "resolved"},
    {"dismissed", "已排除", "dismissed"},
    {"merged", "已合并", "merged"},
    {"suppressed", "已抑制", "suppressed"},
}};
inline constexpr std::array<Word, 8> kOrderStates{{
    {"dispatched", "待签收", "dispatched"},
    {"accepted", "已签收", "accepted"},
    {"en_route", "赶赴中", "en route"},
    {"arrived", "已到场", "arrived"},
    {"handled", "已处置", "handled"},
    {"verified", "已核查", "verified"},
    {"closed", "已办结", "closed"},
    {"recalled", "已撤回", "recalled"},
}};
inline constexpr std::array<Word, 10> kReceiptStates{{
    {"received", "已受理", "received"},
    {"answered_directly", "已直接答复", "answered directly"},
    {"declined", "不予受理", "declined"},
    {"assigned", "已交办", "assigned"},
    {"contacted", "已先行联系", "contacted"},
    {"handled", "已处置", "handled"},
    {"replied", "已答复", "replied"},
    {"revisited", "已回访", "revisited"},
    {"redo", "重办", "to be done again"},
    {"closed", "已办结", "closed"},
}};
inline constexpr std::array<Word, 11> kMatterStates{{
    {"opened", "已立事项", "opened"},
    {"notified", "已送达责令改正通知", "notified"},
    {"objection", "陈述申辩中", "objection"},
    {"corrected", "已改正", "corrected"},
    {"not_corrected", "逾期未改正", "not corrected"},
    {"exempted", "不予处罚", "exempted"},
    {"case_filed", "已立案", "case filed"},
    {"decided", "已作出决定", "decided"},
    {"served", "决定已送达", "served"},
    {"paid", "已缴款", "paid"},
    {"closed", "已办结", "closed"},
}};
inline const Word& word_of(MatterState state) {
  return kMatterStates[static_cast<std::size_t>(state)];
}
inline const Word& word_of(ReceiptState state) {
  return kReceiptStates[static_cast<std::size_t>(state)];
}
inline const Word& word_of(WarningState state) {
  return kWarningStates[static_cast<std::size_t>(state)];
}
inline const Word& word_of(OrderState state) {
  return kOrderStates[static_cast<std::size_t>(state)];
}

enum class Speaks { on_its_behalf, not_at_all, against };  // of the rule and the device

struct Finding {
  std::string_view code, zh, en;
  Speaks speaks;
  WarningState then;         // what the warning becomes when its order closes with it
  std::string_view because;  // the code that goes with that state
};
inline constexpr std::array<Finding, 11> kFindings{{
    {"confirmed", "情况属实", "as reported", Speaks::on_its_behalf, WarningState::resolved, ""},
    {"violation", "存在违法行为", "violation", Speaks::on_its_behalf, WarningState::resolved, ""},
    {"no_violation", "未发现违法行为", "no violation", Speaks::not_at_all, WarningState::resolved,
     ""},
    {"not_found", "现场未发现", "not found", Speaks::against, WarningState::dismissed,
     "false_alarm"},
    {"false_alarm", "误报", "false alarm", Speaks::against, WarningState::dismissed, "false_alarm"},
    {"false_alarm_other_violation", "误报但另有违法", "false alarm, other violation",
     Speaks::not_at_all, WarningState::dismissed, "false_alarm"},
    {"duplicate", "重复事项", "duplicate", Speaks::not_at_all, WarningState::merged, "duplicate"},
    {"permitted", "已获许可", "permitted", Speaks::not_at_all, WarningState::suppressed,
     "permitted"},
    {"no_entry", "无法进入", "no entry", Speaks::not_at_all, WarningState::resolved, ""},
    {"refused", "拒绝检查", "inspection refused", Speaks::not_at_all, WarningState::resolved, ""},
    {"record_late", "已办理，记录迟到", "done in time, record late", Speaks::not_at_all,
     WarningState::resolved, ""},
}};

inline constexpr std::array<Word, 11> kActions{{
    {"persuaded", "劝阻", "persuaded"},
    {"rectified_on_site", "当场整改", "rectified on site"},
    {"rectification_ordered", "责令改正", "rectification ordered"},
    {"stopped_use", "停止使用", "use stopped"},
    {"rescued", "救出人员", "rescued"},
    {"repaired", "修复", "repaired"},
    {"maintained", "完成维保", "maintained"},
    {"inspected", "完成检验", "inspected"},
    {"answered", "答复", "answered"},
    {"guided", "指导", "guided"},
    {"none", "未采取措施", "no action"},
}};

/// Why a warning may be dismissed, merged or suppressed.
inline constexpr std::array<std::string_view, 7> kStateReasons{
    "permitted",   "offsite_cleared", "duplicate", "self_corrected",
    "false_alarm", "parent",          "flapping"};

template <class Words>
constexpr auto find_word(const Words& words, std::string_view code) -> decltype(words.data()) {
  for (const auto& word : words)
    if (word.code == code) return &word;
  return nullptr;
}
inline const Finding* finding_of(std::string_view code) {
  return find_word(kFindings, code);
}
inline const Word* action_of(std::string_view code) {
  return find_word(kActions, code);
}

template <class W>
Text text_of(const W& word) {
  return {std::string{word.zh}, std::string{word.en}};
}

}  // namespace city
