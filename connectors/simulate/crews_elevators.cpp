// What people do about elevators: rescues, repairs, e-bikes, records that are overdue.

#include "connectors/simulate/crews_plays.h"

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

    // ---- a building's devices are silent: the use unit looks at power and gateway
    {outage, "in time", 3, {{
        {unit, "accept", 120, 900, 45},
        {unit, "arrived", 600, 1800},
        {unit, "finding", 300, 1200}}}},
    {outage, "there without having accepted", 1, {{
        {unit, "arrived", 900, 2400},
        {unit, "finding", 300, 1200}}}},
    {outage, "never answers", 1},
};
// clang-format on

}  // namespace

std::span<const Play> elevator_plays() {
  return kPlays;
}

}  // namespace simulate
