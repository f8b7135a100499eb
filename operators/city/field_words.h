#pragma once

// What the values of the contract's fields are called: for sentences about what a sensor, a record
// or a caller said. Any thread.

#include <array>
#include <string_view>

#include "operators/city/text.h"

namespace city {

struct FieldWord {
  std::string_view field, value, zh, en;
};

inline constexpr auto kFieldWords = std::to_array<FieldWord>({
    {"occupied", "true", "有人", "occupied"},
    {"occupied", "false", "无人", "empty"},
    {"doorZone", "true", "在门区内", "in the door zone"},
    {"doorZone", "false", "在门区外", "out of the door zone"},
    {"alarmButton", "true", "已按下", "pressed"},
    {"alarmButton", "false", "未按下", "not pressed"},
    {"alarmEnd", "true", "已结束", "over"},
    {"alarmEnd", "false", "未结束", "not over"},
    {"door", "open", "开门", "open"},
    {"door", "opening", "正在开门", "opening"},
    {"door", "closed", "关门", "closed"},
    {"door", "closing", "正在关门", "closing"},
    {"direction", "up", "上行", "up"},
    {"direction", "down", "下行", "down"},
    {"direction", "none", "停止", "none"},
    {"mode", "normal", "正常运行", "normal service"},
    {"mode", "inspection", "检修", "inspection"},
    {"mode", "fault", "故障", "fault"},
    {"mode", "fire", "消防", "fire service"},
    {"kind", "consult", "咨询", "question"},
    {"kind", "help", "求助", "call for help"},
    {"kind", "complaint", "投诉", "complaint"},
    {"kind", "report", "举报", "report"},
    {"kind", "service", "企业服务", "service"},
    {"kind", "clue", "线索", "clue"},
    {"channel", "12345", "12345热线", "the 12345 hotline"},
    {"channel", "12315", "12315热线", "the 12315 hotline"},
    {"channel", "12319", "12319热线", "the 12319 hotline"},
    {"channel", "110", "110报警", "110, the police"},
    {"channel", "119", "119报警", "119, the fire brigade"},
    {"channel", "seat", "坐席登记", "a seat"},
    {"channel", "shop_code", "商铺码", "a shop's code"},
    {"channel", "photo", "随手拍", "a photo report"},
    {"channel", "one_press", "一键报警", "a one-press report"},
    {"channel", "national", "全国平台", "the national system"},
    {"category", "elevator", "电梯", "elevator"},
    {"category", "food", "食品", "food"},
    {"category", "kitchen", "后厨", "kitchen"},
    {"category", "street", "街面秩序", "street"},
    {"category", "shop", "商铺", "shop"},
    {"record", "registration", "使用登记", "registration"},
    {"record", "licence", "许可证", "licence"},
    {"record", "maintenance", "维保记录", "maintenance"},
    {"record", "inspection", "检验记录", "inspection"},
    {"record", "rectification", "责令改正", "order to correct"},
    {"record", "filing", "备案", "filing"},
    {"record", "notice", "设备公示", "public notice"},
    {"record", "tenancy", "入驻记录", "tenancy"},
    {"record", "credit", "信用记录", "credit record"},
    {"exposure", "residential", "住宅", "housing"},
    {"exposure", "office", "办公楼", "offices"},
    {"exposure", "mall", "商场", "a shopping centre"},
    {"exposure", "station", "车站", "a station"},
    {"exposure", "metro", "地铁站", "a metro station"},
    {"exposure", "nursing_home", "养老院", "a nursing home"},
    {"exposure", "public", "公共场所", "a public place"},
    {"exposure", "school", "学校", "a school"},
    {"exposure", "hospital", "医院", "a hospital"},
    {"reason", "permitted", "已许可或备案", "permitted"},
    {"reason", "offsite_cleared", "非现场核查排除", "cleared off site"},
    {"reason", "duplicate", "重复", "a duplicate"},
    {"reason", "self_corrected", "已自行改正", "corrected by itself"},
    {"reason", "false_alarm", "误报", "a false alarm"},
    {"reason", "parent", "上级事件已覆盖", "covered by its parent"},
    {"reason", "flapping", "反复跳变", "flapping"},
    {"action", "registered", "已登记", "registered"},
    {"action", "deregistered", "已注销", "deregistered"},
    {"action", "renewed", "已延续", "renewed"},
    {"action", "completed", "已完成", "completed"},
    {"action", "passed", "合格", "passed"},
    {"action", "failed", "不合格", "failed"},
    {"action", "approved", "已批准", "approved"},
    {"action", "revoked", "已撤销", "revoked"},
    {"action", "ordered", "已责令", "ordered"},
    {"action", "corrected", "已改正", "corrected"},
});

inline const FieldWord* field_word(std::string_view field, std::string_view value) {
  for (const FieldWord& word : kFieldWords)
    if (word.field == field && word.value == value) return &word;
  return nullptr;
}

/// The value's word; where there is none, as it is.
inline Text spoken_code(std::string_view field, std::string_view value) {
  const FieldWord* word = field_word(field, value);
  return word == nullptr ? Text{std::string{value}, std::string{value}}
                         : Text{std::string{word->zh}, std::string{word->en}};
}

}  // namespace city
