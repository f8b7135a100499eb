// What people do about kitchens and shops: merchants first, the food regulator, the streets'
// squads.

#include "connectors/simulate/crews_plays.h"

namespace simulate {
namespace {

using enum Call;
using enum By;

// clang-format off
constexpr Play kPlays[] = {
    // ---- a kitchen's hygiene: the merchant first, within half an hour
    {merchant_true, "corrects it", 8, {{
        {unit, "accept", 60, 900, 30},
        {unit, "rectified", 300, 2400}}}},
    {merchant_true, "corrects it, shows it", 3, {{
        {unit, "accept", 120, 1200, 20},
        {unit, "arrived", 60, 600},
        {unit, "finding", 300, 1800}}}},
    {merchant_true, "the party itself reports it", 1, {{
        {unit, "accept", 120, 900, 30},
        {party, "rectified", 600, 2400}}}},
    {merchant_true, "never answers", 3},
    {merchant_true, "answers too late", 1, {{
        {unit, "accept", 2100, 3000, 30},
        {unit, "rectified", 300, 1200}}}},
    {merchant_true, "answers and lets it lie", 2, {{
        {unit, "accept", 300, 1500, 60}}}},
    {merchant_true, "says that it is done, and it is not", 2, {{
        {unit, "accept", 120, 900, 30},
        {unit, "rectified", 120, 900, 0, "", "", kUntrue}}}},
    {merchant_true, "says that there is nothing", 1, {{
        {unit, "accept", 120, 900, 30},
        {unit, "arrived", 60, 300},
        {unit, "finding", 60, 600, 0, "", "", kUntrue}}}},
    {merchant_true, "names a wrong order first", 1, {{
        {unit, "accept", 60, 300, 30, "", "", kIllegal | kWrongId},
        {unit, "accept", 60, 300, 30},
        {unit, "rectified", 600, 1800}}}},
    {merchant_true, "finds before it looks", 1, {{
        {unit, "accept", 120, 600, 30},
        {unit, "finding", 120, 600, 0, "", "", kIllegal},
        {unit, "rectified", 300, 1200}}}},
    {merchant_true, "waits for a new bin", 1, {{
        {unit, "accept", 120, 600, 30},
        {unit, "arrived", 60, 300},
        {unit, "pause", 300, 900, 120, "等待送货"},
        {unit, "resume", 2400, 5400},
        {unit, "rectified", 300, 900}}}},
    {merchant_true, "asks for more time", 1, {{
        {unit, "accept", 120, 600, 30},
        {unit, "arrived", 60, 300},
        {unit, "extend_request", 300, 900, 4320, "后厨设备须更换，申请延期"},
        {unit, "rectified", 7200, 14400}}}},
    {merchant_true, "returns: not its kitchen", 1, {{
        {unit, "return", 300, 1500, 0, "店面已转让，不再是我店经营", "转让合同"}}}},
    {merchant_false, "shows that there is nothing", 5, {{
        {unit, "accept", 60, 900, 20},
        {unit, "arrived", 60, 300},
        {unit, "finding", 60, 900}}}},
    {merchant_false, "corrects what is none", 1, {{
        {unit, "accept", 60, 900, 20},
        {unit, "rectified", 120, 900}}}},
    {merchant_false, "never answers", 1},

    // ---- the food regulator's people
    {food_officer, "goes there", 4, {{
        {unit, "accept", 300, 3000, 90},
        {unit, "en_route", 300, 1800},
        {unit, "arrived", 1200, 3600},
        {unit, "finding", 900, 2400}}}},
    {food_officer, "an officer goes there", 2, {{
        {unit, "accept", 300, 2400, 90},
        {officer, "en_route", 300, 1800},
        {officer, "arrived", 1200, 3600},
        {officer, "finding", 900, 2400}}}},
    {food_officer, "accepts late", 1, {{
        {unit, "accept", 7500, 9000, 60},
        {unit, "arrived", 1800, 3600},
        {unit, "finding", 900, 2400}}}},
    {food_officer, "never answers", 1},
    {food_officer, "answers only when a leader supervises", 1, {{
        {leader, "supervise", 7500, 9000, 180, "自行整改超时，食品所未签收"},
        {unit, "supervise_reply", 900, 1800, 0, "当班人员外出检查，已安排到场"},
        {unit, "accept", 30, 300, 50},
        {unit, "arrived", 1500, 2400},
        {unit, "finding", 900, 1800}}}},
    {rodent, "goes there", 5, {{
        {unit, "accept", 120, 1200, 60},
        {unit, "en_route", 120, 600},
        {unit, "arrived", 1200, 4200},
        {unit, "finding", 1200, 3600}}}},
    {rodent, "an officer goes there", 2, {{
        {unit, "accept", 120, 1200, 60},
        {officer, "en_route", 120, 600},
        {officer, "arrived", 1200, 4200},
        {officer, "finding", 1200, 3600}}}},
    {rodent, "accepts late", 1, {{
        {unit, "accept", 2100, 3000, 60},
        {unit, "arrived", 1800, 3600},
        {unit, "finding", 1200, 2400}}}},
    {rodent, "returns: another district's", 1, {{
        {unit, "return", 300, 1800, 0, "地址不在本所辖区", "辖区划分图"}}}},
    {rodent, "passes it on", 1, {{
        {unit, "transfer", 300, 1200, 0, "由专项组统一处置", "unit/food-rodent-team"}}}},
    {rodent, "asks for more time", 1, {{
        {unit, "accept", 300, 1200, 60},
        {unit, "arrived", 1200, 3600},
        {unit, "extend_request", 600, 1200, 2880, "消杀公司次日进场，申请延期"},
        {unit, "finding", 7200, 10800}}}},
    {food_check, "goes there", 5, {{
        {unit, "accept", 600, 4500, 240},
        {unit, "arrived", 2400, 7200},
        {unit, "finding", 1200, 3600}}}},
    {food_check, "an officer goes there", 2, {{
        {unit, "accept", 600, 3600, 240},
        {officer, "arrived", 2400, 7200},
        {officer, "finding", 1200, 3600}}}},
    {food_check, "the next day", 1, {{
        {unit, "accept", 3600, 10800, 1440},
        {unit, "arrived", 64800, 79200},
        {unit, "finding", 1200, 3600}}}},
    {food_check, "returns: no food business", 1, {{
        {unit, "return", 1200, 5400, 0, "该处为食品销售柜台，非餐饮后厨", "许可证照片"}}}},
    {food_check, "waits until it opens", 1, {{
        {unit, "accept", 600, 3600, 240},
        {unit, "arrived", 1800, 3600},
        {unit, "pause", 300, 600, 180, "商家未营业，待开门核查"},
        {unit, "resume", 5400, 9000},
        {unit, "finding", 900, 1800}}}},

    // ---- the street's squads: there within 15 minutes, mostly
    {street, "in time", 15, {{
        {unit, "accept", 20, 110, 12},
        {unit, "en_route", 15, 60},
        {unit, "arrived", 240, 560},
        {unit, "finding", 120, 480}}}},
    {street, "an officer in time", 9, {{
        {unit, "accept", 20, 110, 12},
        {officer, "en_route", 15, 60},
        {officer, "arrived", 240, 560},
        {officer, "finding", 120, 480}}}},
    {street, "by item, without accepting", 1, {{
        {unit, "arrived", 240, 600, 0, "", "", kByItem},
        {unit, "finding", 120, 360}}}},
    {street, "too late", 3, {{
        {unit, "accept", 120, 175, 25},
        {unit, "arrived", 840, 1500},
        {unit, "finding", 120, 480}}}},
    {street, "never answers", 1},
    {street, "answers only when its leader is asked", 1, {{
        {unit, "accept", 18300, 20000, 10},
        {unit, "arrived", 300, 700},
        {unit, "finding", 120, 480}}}},
    {street, "returns: another squad's street", 1, {{
        {unit, "return", 60, 300, 0, "路段已划归南桥新城中队", "网格划分图"}}}},
    {street, "returns without evidence", 1, {{
        {unit, "return", 60, 160, 0, "人手不够", "", kIllegal},
        {unit, "accept", 20, 60, 10},
        {unit, "arrived", 240, 500},
        {unit, "finding", 120, 360}}}},
    {street, "passes it on", 1, {{
        {unit, "transfer", 60, 150, 0, "该路段今日由奉浦中队值守", "unit/squad-fengpu"}}}},
    {street, "finds before it is there", 1, {{
        {unit, "accept", 20, 110, 10},
        {unit, "finding", 60, 180, 0, "", "", kIllegal},
        {unit, "arrived", 120, 400},
        {unit, "finding", 120, 360}}}},
    {street, "waits for a lorry", 1, {{
        {unit, "accept", 20, 110, 10},
        {unit, "arrived", 240, 560},
        {unit, "pause", 120, 300, 60, "物品较多，等待清运车辆"},
        {unit, "resume", 1200, 3000},
        {unit, "finding", 120, 480}}}},
    {street, "asks for more time", 1, {{
        {unit, "accept", 20, 110, 10},
        {unit, "arrived", 240, 560},
        {unit, "extend_request", 120, 300, 720, "店主不在场，申请延期"},
        {unit, "finding", 7200, 12000}}}},
    {street, "recalled by a seat", 1, {{
        {seat, "recall", 40, 100, 0, "看实时视频，物品已收回，无须出动"}}}},
};
// clang-format on

}  // namespace

std::span<const Play> premises_plays() {
  return kPlays;
}

}  // namespace simulate
