// What people do who decide: seats, checkers, leaders; and seats about complaints.

#include "connectors/simulate/crews_plays.h"

namespace simulate {
namespace {

using enum Call;
using enum By;

// clang-format off
constexpr Play kPlays[] = {
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
    {handled_untrue, "seen through", 4, {{
        {checker, "reject_result", 300, 1500, 0, "实时画面显示问题仍在，请如实整改"}}}},
    {handled_untrue, "taken for true", 1, {{{checker, "verify", 120, 600}}}},
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
        {seat, "reopen", 300, 600, 0, "复看录像，情况属实"}}}},
    {screening_false, "dismissed", 6, {{{seat, "dismiss", 60, 420, 0, "false_alarm"}}}},
    {screening_false, "claimed, called, dismissed", 2, {{
        {seat, "claim", 20, 90},
        {seat, "call_logged", 60, 180, 0, "对方称系误识别，现场无异常", "现场值班电话"},
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
    {nobodys, "told whom to ask", 4, {{
        {seat, "finding", 200, 1200, 0, "您反映的事项不属本平台受理范围，已告知主管部门及电话", "guided"}}}},
    {nobodys, "called back first", 2, {{
        {seat, "call_logged", 120, 600, 0, "已向来电人核实情况", "来电人"},
        {seat, "finding", 120, 900, 0, "已将您反映的情况转有关部门，由其与您联系", "answered"}}}},
    {consulted, "answered at once", 5, {{
        {seat, "finding", 60, 600, 0, "已按现行规定向您解答，如需办理可在一网通办提交", "answered"}}}},
    {consulted, "shown how", 2, {{
        {seat, "finding", 120, 900, 0, "已向您说明办理材料和窗口地址", "guided"}}}},
    {consulted, "looked up first", 1, {{
        {seat, "call_logged", 300, 1200, 0, "已向业务科室核实答复口径", "业务科室"},
        {seat, "finding", 120, 600, 0, "经向业务科室核实，现答复您所咨询的问题", "answered"}}}},
    {asked, "answered", 4, {{
        {seat, "finding", 600, 3600, 0, "已向您说明情况并登记，感谢来电"}}}},
    {asked, "called back, answered", 2, {{
        {seat, "call_logged", 300, 900, 0, "已联系来电人核实", "来电人"},
        {seat, "finding", 600, 3600, 0, "已转责任单位跟进，列入本周检修计划，届时再告知您"}}}},
    {asked, "answered without a word", 1, {{
        {seat, "finding", 300, 900, 0, "", "", kIllegal},
        {seat, "finding", 60, 300, 0, "经核实，记录齐全，已向您说明"}}}},
    {asked, "declined", 1, {{
        {seat, "dismiss", 600, 3600, 0, "不属于本平台受理范围，请向合同约定的机构反映"}}}},
    {answered, "satisfied", 8, {{{seat, "revisited", 3600, 14400, 0, "satisfied"}}}},
    {answered, "nobody picks up", 4},
    {answered, "not satisfied", 1, {{{seat, "revisited", 3600, 10800, 0, "dissatisfied"}}}},
    {answered, "calls again before anybody asks", 1, {{
        {seat, "reopen", 1800, 7200, 0, "诉求人来电，称问题仍在"}}}},
    {answered, "neither yes nor no is noted", 1, {{
        {seat, "revisited", 3600, 10800, 0, "不清楚", "", kIllegal},
        {seat, "revisited", 60, 600, 0, "satisfied"}}}},

    // ---- officers about a violation
    {first_violation, "corrected, exempted", 4, {{
        {officer, "notified", 120, 1200},
        {checker, "corrected", 3600, 14400},
        {officer, "exempt", 600, 7200, 0, "初次违法，危害后果轻微，已当日改正"}}}},
    {first_violation, "states its case, exempted", 1, {{
        {officer, "notified", 120, 1200},
        {party, "objection", 600, 3600, 0, "摆放系临时卸货，已收回"},
        {checker, "corrected", 3600, 10800},
        {officer, "exempt", 600, 7200, 0, "申辩成立：初次、轻微、已改正"}}}},
    {first_violation, "exempted too soon", 1, {{
        {officer, "notified", 120, 1200},
        {officer, "exempt", 60, 600, 0, "初次违法", "", kIllegal},
        {checker, "corrected", 3600, 14400},
        {officer, "exempt", 600, 7200, 0, "初次违法，危害后果轻微，已改正"}}}},
    {first_violation, "not corrected", 2, {{
        {officer, "notified", 120, 1200},
        {officer, "not_corrected", 90'000, 100'000},
        {officer, "file_case", 1200, 7200},
        {officer, "decide", 7200, 20'000, 0, "逾期未改正，依法处罚"},
        {officer, "served", 3600, 10'800},
        {officer, "paid", 7200, 40'000}}}},
    {violation_again, "fined", 3, {{
        {officer, "notified", 120, 1200},
        {checker, "corrected", 3600, 14400},
        {officer, "file_case", 1200, 7200},
        {officer, "decide", 7200, 20'000, 0, "不符合免罚条件，依法处罚"},
        {officer, "served", 3600, 10'800},
        {officer, "paid", 7200, 40'000}}}},
    {violation_again, "would be exempted", 1, {{
        {officer, "notified", 120, 1200},
        {checker, "corrected", 3600, 14400},
        {officer, "exempt", 600, 7200, 0, "已改正", "", kIllegal},
        {officer, "file_case", 1200, 7200}}}},
};
// clang-format on

}  // namespace

std::span<const Play> office_plays() {
  return kPlays;
}

}  // namespace simulate
