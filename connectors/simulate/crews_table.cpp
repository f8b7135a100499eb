#include "connectors/simulate/crews_table.h"

namespace simulate {
namespace {

using enum Call;
using enum By;

// clang-format off
constexpr Play kPlays[] = {
    // ---- a rescue: the use unit's duty room, which calls and comforts but does not rescue
    {rescue_duty_room, "accepts, calls, goes there", 6, {{
        {unit, "accept", 15, 70, 4},
        {unit, "call_logged", 20, 80, 0, "已通知维保单位，正在赶来", "维保单位值班电话"},
        {unit, "arrived", 90, 240}}}},
    {rescue_duty_room, "accepts by item, talks to the people", 2, {{
        {unit, "accept", 20, 90, 5, "", "", kByItem},
        {unit, "call_logged", 30, 90, 0, "已安抚，勿自行扒门", "轿厢对讲"}}}},
    {rescue_duty_room, "nobody there", 2},
    {rescue_duty_room, "refuses: not its elevator", 1, {{
        {unit, "return", 60, 200, 0, "已变更使用管理单位，登记未更新"}}}},

    // ---- the maintenance unit, level 1
    {rescue_maintenance, "prompt", 10, {{
        {unit, "accept", 20, 100, 12},
        {unit, "en_route", 30, 120},
        {unit, "arrived", 420, 780},
        {unit, "finding", 90, 260}}}},
    {rescue_maintenance, "accepts late, comes in time", 2, {{
        {unit, "accept", 220, 285, 15},
        {unit, "en_route", 20, 60},
        {unit, "arrived", 700, 1000, 0, "", "", kTwice},
        {unit, "finding", 100, 300}}}},
    {rescue_maintenance, "never answers", 2},
    {rescue_maintenance, "refuses", 2, {{
        {unit, "return", 40, 150, 0, "值班人员均在其他救援现场，30分钟内无法到达", "值班表"}}}},
    {rescue_maintenance, "will be there too late", 2, {{
        {unit, "accept", 40, 120, 45},
        {unit, "en_route", 60, 200},
        {unit, "arrived", 2200, 2700},
        {unit, "finding", 100, 300}}}},
    {rescue_maintenance, "accepts and never comes", 1, {{
        {unit, "accept", 40, 120, 15},
        {unit, "en_route", 60, 200}}}},
    {rescue_maintenance, "there without having accepted", 1, {{
        {unit, "arrived", 300, 600},
        {unit, "finding", 100, 240}}}},
    {rescue_maintenance, "reports a rescue before it is there", 1, {{
        {unit, "accept", 30, 90, 10},
        {unit, "finding", 60, 120, 0, "", "", kIllegal},
        {unit, "arrived", 400, 700},
        {unit, "finding", 100, 240}}}},
    {rescue_maintenance, "names a wrong order first", 1, {{
        {unit, "accept", 20, 60, 12, "", "", kIllegal | kWrongId},
        {unit, "accept", 30, 60, 12},
        {unit, "arrived", 500, 760},
        {unit, "finding", 100, 240}}}},
    {rescue_maintenance, "wants to pause a rescue", 1, {{
        {unit, "accept", 20, 60, 14},
        {unit, "pause", 60, 120, 20, "等待备用钥匙", "", kIllegal},
        {unit, "arrived", 500, 760},
        {unit, "finding", 100, 240}}}},

    // ---- stations near by, level 2; the fire service, level 3
    {rescue_station, "prompt", 4, {{
        {unit, "accept", 15, 60, 9},
        {unit, "en_route", 20, 60},
        {unit, "arrived", 330, 620},
        {unit, "finding", 90, 240}}}},
    {rescue_station, "never answers", 1},
    {rescue_station, "refuses", 1, {{
        {unit, "return", 30, 90, 0, "站点车辆故障"}}}},
    {rescue_fire, "comes", 1, {{
        {unit, "accept", 10, 40, 7},
        {unit, "arrived", 300, 540},
        {unit, "finding", 90, 300}}}},

    // ---- an urgent repair
    {repair, "in time", 6, {{
        {unit, "accept", 120, 600, 60},
        {unit, "en_route", 300, 1200},
        {unit, "arrived", 900, 2400},
        {unit, "finding", 600, 2400}}}},
    {repair, "accepts late", 1, {{
        {unit, "accept", 2100, 3000, 40},
        {unit, "arrived", 1500, 2400},
        {unit, "finding", 600, 1800}}}},
    {repair, "never answers", 1},
    {repair, "answers only when a leader supervises", 1, {{
        {leader, "supervise", 2700, 3600, 180, "急修超时未签收"},
        {unit, "supervise_reply", 900, 1800, 0, "值班人员漏看派单，已安排维修，今后双人值守"},
        {unit, "accept", 30, 120, 50},
        {unit, "arrived", 1500, 2400},
        {unit, "finding", 900, 1800}}}},
    {repair, "returns: not its contract", 2, {{
        {unit, "return", 600, 2400, 0, "非本单位维保，合同已到期", "维保合同终止函"}}}},
    {repair, "returns without evidence", 1, {{
        {unit, "return", 300, 900, 0, "不归我们管", "", kIllegal},
        {unit, "accept", 300, 900, 60},
        {unit, "arrived", 1800, 3000},
        {unit, "finding", 900, 1800}}}},
    {repair, "passes it on", 1, {{
        {unit, "transfer", 300, 900, 0, "驱动故障须厂家处理", "unit/91310000MA1M000099"}}}},
    {repair, "waits for a part", 2, {{
        {unit, "accept", 120, 600, 50},
        {unit, "arrived", 1800, 2700},
        {unit, "pause", 600, 1200, 240, "等待备件"},
        {unit, "resume", 3600, 7200},
        {unit, "finding", 900, 1800}}}},
    {repair, "asks for more time", 2, {{
        {unit, "accept", 120, 600, 50},
        {unit, "arrived", 1800, 2700},
        {unit, "extend_request", 900, 1500, 2160, "曳引机须返厂，申请延期"},
        {unit, "finding", 9000, 14400}}}},
    {repair, "reports it rectified", 1, {{
        {unit, "accept", 120, 600, 50},
        {unit, "arrived", 1800, 2700},
        {unit, "rectified", 1200, 2400},
        {unit, "verify", 300, 900, 0, "", "", kIllegal}}}},
    {repair, "forgets what was done", 1, {{
        {unit, "accept", 120, 600, 50},
        {unit, "arrived", 1800, 2700},
        {unit, "finding", 900, 1800, 0, "", "", kIllegal | kNoAction},
        {unit, "finding", 60, 200}}}},
    {repair, "a unit that was not called accepts", 1, {{
        {other_unit, "accept", 60, 120, 30, "", "", kIllegal},
        {unit, "accept", 120, 600, 50},
        {unit, "arrived", 1800, 2700},
        {unit, "finding", 900, 1800}}}},
    {repair, "recalled by a seat", 1, {{
        {seat, "recall", 300, 900, 0, "与物业核实：已在检修，无须派单"}}}},

    // ---- an e-bike in the cabin: the property comes first
    {ebike, "the property goes there", 8, {{
        {unit, "accept", 30, 180, 6},
        {unit, "arrived", 120, 420},
        {unit, "finding", 60, 240}}}},
    {ebike, "by item, without accepting", 2, {{
        {unit, "arrived", 180, 420, 0, "", "", kByItem},
        {unit, "finding", 60, 180}}}},
    {ebike, "answers only when urged", 1, {{
        {unit, "accept", 2400, 3600, 10},
        {unit, "arrived", 300, 600},
        {unit, "finding", 60, 180}}}},
    {ebike, "returns: no staff", 2, {{
        {unit, "return", 120, 600, 0, "夜间无人值守，建议由执法部门处理", "物业排班表"}}}},

    // ---- overdue records
    {maintenance, "does it", 5, {{
        {unit, "accept", 600, 3600, 180},
        {unit, "arrived", 3600, 7200},
        {unit, "finding", 1800, 3600}}}},
    {maintenance, "does it without a word", 2, {{
        {unit, "work", 5400, 14400}}}},
    {maintenance, "asks for more time, does it", 1, {{
        {unit, "accept", 600, 1800, 240},
        {unit, "extend_request", 600, 1800, 7200, "停电检修，申请延期"},
        {unit, "arrived", 7200, 10800},
        {unit, "finding", 1800, 3600}}}},
    {maintenance, "returns: contract over", 1, {{
        {unit, "return", 1800, 3600, 0, "维保合同已终止", "终止协议"}}}},
    {maintenance, "never answers", 1},
    {inspection, "has it inspected", 4, {{
        {unit, "accept", 900, 3600, 240},
        {unit, "arrived", 3600, 7200},
        {unit, "finding", 1800, 5400}}}},
    {inspection, "waits for the inspection body", 1, {{
        {unit, "accept", 900, 2400, 240},
        {unit, "pause", 600, 1200, 120, "已预约检验机构"},
        {unit, "resume", 3600, 5400},
        {unit, "arrived", 600, 1200},
        {unit, "finding", 1200, 2400}}}},
    {inspection, "asks for more time", 1, {{
        {unit, "accept", 900, 2400, 240},
        {unit, "extend_request", 600, 1800, 10080, "检验机构排期"}}}},
    {inspection, "never answers", 1},
    {rectification, "reports it rectified", 3, {{
        {unit, "accept", 600, 2400, 120},
        {unit, "arrived", 1200, 3600},
        {unit, "rectified", 1200, 3600}}}},
    {rectification, "the party itself reports it", 1, {{
        {unit, "accept", 600, 2400, 120},
        {party, "rectified", 3600, 7200}}}},
    {rectification, "shows what it is", 3, {{
        {unit, "accept", 600, 2400, 120},
        {unit, "arrived", 2400, 5400},
        {unit, "finding", 600, 1800}}}},
    {rectification, "never answers", 1},

    // ---- those who decide
    {returned, "accepted", 2, {{{seat, "return_accepted", 180, 900}}}},
    {returned, "refused, and the unit obeys", 1, {{
        {seat, "return_refused", 180, 900, 0, "登记信息未变更，仍由你单位承办"},
        {unit, "accept", 300, 900, 60},
        {unit, "arrived", 1200, 2400},
        {unit, "finding", 900, 1800}}}},
    {returned_again, "a leader designates", 1, {{
        {leader, "return_accepted", 300, 900, 0, "", "unit/91310000MA1M000098"}}}},
    {extension, "granted", 2, {{{seat, "extend_grant", 600, 2400}}}},
    {extension, "not answered", 1},
    {handled, "verified", 7, {{{checker, "verify", 120, 900}}}},
    {handled, "verified by a leader", 1, {{{leader, "verify", 300, 1800}}}},
    {handled, "rejected", 2, {{{checker, "reject_result", 300, 1200, 0, "照片不能证明已处置，请重新处置并补充"}}}},
    {handled, "a checker asleep, a leader much later", 1, {{{leader, "verify", 7200, 10800}}}},
    {rejected_result, "done again", 3, {{
        {unit, "arrived", 900, 2400},
        {unit, "finding", 600, 1800}}}},
    {rejected_result, "told again without going there", 1, {{
        {unit, "finding", 120, 600, 0, "", "", kIllegal},
        {unit, "arrived", 900, 2400},
        {unit, "finding", 600, 1800}}}},
    {supervised, "the leader answers", 3, {{
        {leader, "supervise_reply", 1200, 7200, 0, "已约谈责任单位，限今日办结"}}}},
    {supervised, "silence", 1},

    // ---- seats
    {screening_true, "confirmed", 3, {{{seat, "confirm", 60, 420}}}},
    {screening_true, "claimed, confirmed", 2, {{
        {seat, "claim", 20, 90},
        {seat, "confirm", 60, 300}}}},
    {screening_true, "dispatched", 1, {{{seat, "dispatch", 60, 300}}}},
    {screening_true, "shelved first", 1, {{
        {seat, "shelve", 60, 120, 30, "画面不清，待下一帧"},
        {seat, "unshelve", 90, 150},
        {seat, "confirm", 30, 90}}}},
    {screening_true, "nobody looks", 1},
    {screening_true, "dismissed by mistake, reopened", 1, {{
        {seat, "dismiss", 60, 300, 0, "false_alarm"},
        {seat, "reopen", 300, 600, 0, "复看录像，确有电瓶车"}}}},
    {screening_false, "dismissed", 6, {{{seat, "dismiss", 60, 420, 0, "false_alarm"}}}},
    {screening_false, "claimed, called, dismissed", 2, {{
        {seat, "claim", 20, 90},
        {seat, "call_logged", 60, 180, 0, "物业称为婴儿车", "物业值班室"},
        {seat, "dismiss", 30, 90, 0, "offsite_cleared"}}}},
    {screening_false, "claimed and let go", 1, {{
        {seat, "claim", 20, 90},
        {seat, "release", 120, 300}}}},
    {screening_false, "confirmed by mistake", 1, {{{seat, "confirm", 60, 300}}}},
    {screening_false, "nobody looks", 1},
    {screening_false, "dismissed without a reason", 1, {{
        {seat, "dismiss", 60, 200, 0, "", "", kIllegal},
        {seat, "dismiss", 20, 60, 0, "false_alarm"}}}},
    {urgent, "left to the field", 6},
    {urgent, "confirmed", 2, {{{seat, "confirm", 30, 150}}}},
    {urgent, "claimed, called", 2, {{
        {seat, "claim", 10, 40},
        {seat, "call_logged", 20, 90, 0, "已与轿厢内人员通话", "轿厢五方对讲"}}}},
    {urgent, "taken for a false alarm", 1, {{{seat, "dismiss", 60, 150, 0, "监控画面无人"}}}},
    {urgent, "wants to shelve it", 1, {{
        {seat, "shelve", 20, 60, 10, "稍后处理", "", kIllegal}}}},
    {unplaced, "found on the map", 3, {{{seat, "resolve_entity", 20, 90}}}},
    {unplaced, "the caller is asked again", 2, {{
        {seat, "call_logged", 20, 60, 0, "来电人补充了楼号和梯号", "来电人"},
        {seat, "resolve_entity", 20, 60}}}},
    {unplaced, "sent without the entity", 1, {{
        {seat, "resolve_entity", 20, 60, 0, "", "", kIllegal | kNoEntity},
        {seat, "resolve_entity", 10, 40}}}},
    {asked, "answered", 4, {{
        {seat, "finding", 600, 3600, 0, "已向您说明情况并登记，感谢来电"}}}},
    {asked, "called back, answered", 2, {{
        {seat, "call_logged", 300, 900, 0, "已联系来电人核实", "来电人"},
        {seat, "finding", 600, 3600, 0, "已转物业跟进，现答复如下：电梯已列入本周检修计划"}}}},
    {asked, "answered without a word", 1, {{
        {seat, "finding", 300, 900, 0, "", "", kIllegal},
        {seat, "finding", 60, 300, 0, "经核实，维保记录齐全，已向您说明"}}}},
};

constexpr Finding kFindings[] = {
    {Matter::trapped, true, "confirmed", "rescued", 1},
    // A false alarm is ended at the lift: the crew frees the sensor, the lift says alarmEnd.
    {Matter::trapped, false, "false_alarm", "none", 3},
    {Matter::trapped, false, "false_alarm", "repaired", 2},
    {Matter::trapped, false, "not_found", "none", 1},
    {Matter::fault, true, "confirmed", "repaired", 9},
    {Matter::fault, true, "confirmed", "stopped_use", 2},
    {Matter::fault, true, "violation", "stopped_use", 1},
    {Matter::fault, true, "violation", "rectification_ordered", 1},
    {Matter::fault, false, "confirmed", "inspected", 6},  // over by itself: in its log
    {Matter::fault, false, "no_violation", "inspected", 2},
    {Matter::fault, false, "not_found", "none", 2},
    {Matter::fault, false, "false_alarm", "none", 1},
    {Matter::fault, false, "duplicate", "answered", 1},
    {Matter::ebike, true, "confirmed", "persuaded", 6},
    {Matter::ebike, true, "violation", "rectified_on_site", 2},
    {Matter::ebike, true, "violation", "rectification_ordered", 1},
    {Matter::ebike, true, "refused", "persuaded", 1},
    {Matter::ebike, false, "false_alarm", "none", 8},
    {Matter::ebike, false, "not_found", "none", 3},
    {Matter::ebike, false, "permitted", "none", 1},
    {Matter::ebike, false, "no_entry", "none", 1},
    {Matter::ebike, false, "false_alarm_other_violation", "guided", 1},
    {Matter::maintenance, true, "confirmed", "maintained", 3},
    {Matter::maintenance, true, "violation", "rectification_ordered", 1},
    {Matter::maintenance, false, "record_late", "none", 1},
    {Matter::inspection, true, "confirmed", "inspected", 2},
    {Matter::inspection, true, "violation", "stopped_use", 1},
    {Matter::inspection, false, "record_late", "none", 1},
    {Matter::rectification, true, "confirmed", "rectified_on_site", 1},
    {Matter::rectification, true, "violation", "stopped_use", 1},
    {Matter::rectification, false, "record_late", "none", 1},
};
// clang-format on

}  // namespace

CrewTable crew_table() {
  return {kPlays, kFindings};
}

}  // namespace simulate
