#include "tests/browser/feed_city.h"

namespace feed {

void City::fill(int rows) {
  for (const Place& place : kPlaces) status(place);

  Warning trapped = warning(
      kPlaces[0], "elevator.trapped", {"电梯困人", "Passengers trapped"}, Priority::P1,
      WarningState::dispatched, 3min + 20s,
      {{"fired.trapped", "轿厢内有人，停在 12 层门区外，门未开，已持续 60 秒",
        "Car occupied, standing still outside the door zone at floor 12, door not open for 60 s"},
       {"consequence.life", "危及人身，列为一级", "Life at risk: band P1"},
       {"state.dispatched", "一级预警先派单、同时甄别",
        "P1 is dispatched first and screened in parallel"}});
  trapped.evidence = {
      evidence("/sh/elevator-iot", "elevator.telemetry", trapped.since,
               R"({"floor":12,"speedMps":0.0,"door":"closed","doorZone":false,)"
               R"("loadKg":145,"occupied":true,"mode":"fault"})"),
      evidence("/sh/elevator-iot", "elevator.telemetry", trapped.since + 60s,
               R"({"floor":12,"speedMps":0.0,"door":"closed","doorZone":false,)"
               R"("loadKg":145,"occupied":true,"mode":"fault","alarmButton":true})")};
  trapped.consequence = city::Consequence::life;
  publish(trapped);
  Order rescue = order(trapped, "elevator.rescue", {"应急困人救援", "Rescue of trapped passengers"},
                       OrderState::accepted);
  rescue.responders = {{1, "unit/仁和物业值班室", "use_unit", OrderState::accepted,
                        trapped.since + 6min, trapped.since + 31min, now() + 4min, "rule"},
                       {1,
                        "unit/申菱电梯维保三队",
                        "maintenance_unit",
                        OrderState::dispatched,
                        trapped.since + 5min,
                        trapped.since + 31min,
                        {},
                        "rule"},
                       {2,
                        "unit/长宁 3 号网格救援站",
                        "station",
                        OrderState::dispatched,
                        now() + 5min,
                        now() + 25min,
                        {},
                        "eta"}};
  rescue.finish_by = trapped.since + 31min;
  rescue.history.push_back(
      {now() - 90s,
       "accept",
       "unit/仁和物业值班室",
       {"值班室已签收，预计 4 分钟后到场", "Duty room accepted, arrives in about 4 min"}});
  rescue.history.push_back(
      {now() - 40s,
       "add_responder",
       "rule",
       {"维保单位预计到场超过 30 分钟，加派二级：就近救援站",
        "Maintenance unit would take more than 30 min: level 2, nearest station, added"}});
  publish(rescue);

  Warning bike = warning(kPlaces[1], "elevator.ebike", {"电瓶车进轿厢", "E-bike in the cabin"},
                         Priority::P2, WarningState::screening, 4min,
                         {{"fired.ebike", "轿厢摄像头识别到电瓶车，置信度 0.87",
                           "Cabin camera saw an e-bike, confidence 0.87"},
                          {"consequence.safety", "可能起火，列为二级", "Fire risk: band P2"},
                          {"state.screening", "该摄像头近 30 天误报 4 次，转人工甄别",
                           "4 false alarms from this camera in 30 days: sent to a person"}});
  bike.evidence = {evidence("/sh/camera/cam-00017", "camera.alerts", bike.since,
                            R"({"device":"cam-00017","label":"ebike","confidence":0.87})")};
  publish(bike);

  Warning rat = warning(kPlaces[3], "kitchen.rodent", {"后厨鼠迹", "Rodent in the kitchen"},
                        Priority::P2, WarningState::dispatched, 11min,
                        {{"fired.rodent", "营业时间外识别到鼠类活动，3 帧连续",
                          "Rodent seen off hours in 3 consecutive frames"},
                         {"consequence.safety", "食品安全，列为二级", "Food safety: band P2"},
                         {"risk.red", "该店上季度红脸，上调一档后仍为二级",
                          "Red face last quarter; already at the top of its band"}});
  rat.evidence = {evidence("/sh/camera/cam-30012", "camera.alerts", rat.since,
                           R"({"device":"cam-30012","label":"rodent","confidence":0.95})", false)};
  publish(rat);
  Order inspect = order(rat, "kitchen.inspect", {"后厨现场核查", "Check the kitchen on site"},
                        OrderState::en_route);
  inspect.responders = {{1, "unit/江苏路市场监管所", "department", OrderState::en_route,
                         rat.since + 5min, now() - 2min, now() + 3min, "rule"}};
  inspect.finish_by = now() + 4h;
  inspect.supervision = city::Supervision{2, "rule", "unit/江苏路市场监管所", now() - 1min, {}, ""};
  publish(inspect);

  Warning street =
      warning(kPlaces[4], "street.goods_out", {"跨门经营", "Goods beyond the door"}, Priority::P3,
              WarningState::confirmed, 7min,
              {{"fired.count", "30 分钟内 3 路摄像头与 1 件投诉指向同一店铺",
                "3 cameras and 1 complaint about the same shop within 30 min"},
               {"consequence.order", "市容秩序，列为三级", "Street order: band P3"},
               {"urgency.repeat", "同一投诉人再次来电", "The same person called again"}});
  street.claim = city::Claim{"seat/5", now() + 8min};
  publish(street);
  Order persuade = order(street, "street.check", {"一刻钟到场处置", "On site within 15 minutes"},
                         OrderState::dispatched);
  persuade.responders = {{1,
                          "unit/西渡街道综合执法队",
                          "department",
                          OrderState::dispatched,
                          now() + 70s,
                          now() + 12min,
                          {},
                          "rule"}};
  publish(persuade);

  Warning overdue =
      warning(kPlaces[2], "elevator.maintenance_overdue", {"维保超期", "Maintenance overdue"},
              Priority::P3, WarningState::dispatched, 26h,
              {{"fired.due", "维保记录有效期至 11 月 21 日，至今无新记录",
                "Maintenance was valid until 21 Nov; no newer record"},
               {"exposure.school", "学校旁，上调一档", "Next to a school: one step up"}});
  publish(overdue);
  Order remind = order(overdue, "elevator.maintain", {"限期维保", "Maintain by the date"},
                       OrderState::handled);
  remind.responders = {
      {1, "unit/申菱电梯维保一队", "maintenance_unit", OrderState::handled, {}, {}, {}, "rule"}};
  remind.verdict = city::Verdict{"confirmed", "maintained", "officer/SH-0421", now() - 20min, 0,
                                 0,           "",           "已保养"};
  publish(remind);

  Warning permitted = warning(
      kPlaces[5], "street.goods_out", {"跨门经营", "Goods beyond the door"}, Priority::P4,
      WarningState::suppressed, 32min,
      {{"fired.camera", "街面摄像头识别到店外桌椅", "Street camera saw tables outside"},
       {"state.permitted", "已备案外摆位（2026-外摆-0193，至 12 月 31 日），不派单，省一次出动",
        "Registered outdoor pitch until 31 Dec: no dispatch, one trip avoided"}});
  permitted.state_reason = "permitted";
  publish(permitted);

  Warning plate =
      warning(kPlaces[6], "vehicle.no_plate", {"叉车未悬挂牌照", "Fork-lift without plate"},
              Priority::P3, WarningState::screening, 18min,
              {{"fired.drone", "无人机航拍：叉车无牌照，涉嫌未办理使用登记",
                "Drone: fork-lift without plate, suspected missing registration"},
               {"consequence.order", "特种设备管理，列为三级", "Special equipment: band P3"}});
  publish(plate);
  fill_receipts();
  fill_matters();
  for (int i = 0; i < rows; ++i) another(i);
}

void City::fill_receipts() {
  Receipt unplaced = receipt("20261126-0007", {"困人"}, 40s);
  unplaced.candidates = {kPlaces[0].entity, kPlaces[2].entity};
  unplaced.history.push_back({now() - 39s,
                              "unplaced",
                              "rule",
                              {"对象待定：“仙霞路700弄2号楼”处有2个可能的对象",
                               "not certain what it is about: at '仙霞路700弄2号楼' it may be one "
                               "of 2"}});
  publish(unplaced);
  Receipt assigned = receipt("20261126-0003", {"异响抖动"}, 3h);
  assigned.kind = "complaint";
  assigned.about = kPlaces[1].entity;
  assigned.state = city::ReceiptState::assigned;
  assigned.order = "o-1";
  assigned.finish_by = now() + 20h;
  publish(assigned);
}

void City::fill_matters() {
  Matter first;
  first.id = "m-1001";
  first.party = "enterprise/便民超市";
  first.behaviour = "street.goods_beyond_door";
  first.title = {"跨门经营", "Goods beyond the door"};
  first.minor = true;
  first.state = city::MatterState::objection;
  first.entity = kPlaces[4].entity;
  first.order = "o-1001";
  first.finding = "violation";
  first.action = "rectification_ordered";
  first.found_by = "officer/FX-0017";
  first.found_at = now() - 20h;
  first.on_site = true;
  first.evidence.push_back(
      {"e-1",
       "camera.alerts",
       "device/cam-00917",
       now() - 21h,
       false,
       {"设备公示未满30天", "its device's public notice had not stood for 30 d"}});
  first.proposal = {"exempt",
                    false,
                    {"law.first", "365天内首次“跨门经营”，危害轻微：及时改正的，可以不予处罚",
                     "first within 365 d of 'Goods beyond the door', minor harm: may be exempt "
                     "once corrected in time"}};
  first.correct_by = now() + 4h;
  first.notified = city::Act{now() - 19h, "officer/FX-0017", "随申办送达"};
  first.objections.push_back({now() - 1h, "party/便民超市", "货是送货车刚卸下的", {}, {}});
  first.fine = {"依照市容环境卫生管理条例处罚",
                "fined under the regulations on the city's appearance"};
  first.sources = {"行政处罚法第三十三条"};
  first.law_version = "law@5c1d";
  first.history.push_back({first.found_at,
                           "opened",
                           "officer/FX-0017",
                           {"现场核查发现跨门经营", "goods beyond the door were found"}});
  publish(first);
  Matter second = first;
  second.id = "m-1002";
  second.revision = 0;
  second.party = "enterprise/麻辣烫店";
  second.entity = kPlaces[5].entity;
  second.state = city::MatterState::case_filed;
  second.objections.clear();
  second.earlier.push_back({"m-0900", "o-0900", city::MatterState::closed, now() - 90 * 24h});
  second.proposal = {"penalty",
                     true,
                     {"law.repeated", "365天内第2次“跨门经营”，不能免罚",
                      "within 365 d this is number 2 of 'Goods beyond the door', no exemption"}};
  second.filing = city::Act{now() - 2h, "officer/FX-0017", ""};
  second.decide_by = now() + 90 * 24h;
  publish(second);
}

void City::another(int number) {
  constexpr const char* kTitles[][3] = {
      {"kitchen.no_mask", "未戴口罩", "No mask"},
      {"kitchen.no_hat", "未戴厨师帽", "No hat"},
      {"kitchen.bin_open", "垃圾桶未盖", "Bin uncovered"},
      {"street.goods_out", "跨门经营", "Goods beyond the door"},
      {"elevator.inspection_due", "检验将到期", "Inspection due soon"}};
  const auto& title = kTitles[number % 5];
  Warning w = warning(
      kPlaces[1 + number % 6], title[0], {title[1], title[2]},
      number % 7 == 0 ? Priority::P3 : Priority::P4,
      number % 3 == 0 ? WarningState::screening : WarningState::confirmed, number * 120s % 6h,
      {{"fired.camera", "摄像头识别，置信度 0.9", "Seen by camera, confidence 0.9"}});
  publish(w);
}

void City::urgent() {
  Warning w = warning(kPlaces[2], "elevator.trapped", {"电梯困人", "Passengers trapped"},
                      Priority::P1, WarningState::dispatched, 0s,
                      {{"consequence.life", "危及人身，列为一级", "Life at risk: band P1"}});
  publish(w);
}

void City::answer_feedback() {
  const auto batch = log_.fetch({"field.feedback", 0}, read_, 1 << 20);
  if (!batch) std::abort();
  for (const streams::LogRecord& record : (*batch).records) {
    read_ = record.offset + 1;
    streams::Event event;
    city::Feedback step;
    std::string where;
    if (decoder_.decode(record.bytes, event)) continue;
    const std::string data{event.data};
    if (read_json(decoder_.read(data), step, where)) answer(event, step);
  }
}

void City::answer(const streams::Event& event, const city::Feedback& step) {
  const std::string cause{event.id};
  const char* refused = "没有这个目标";
  if (const auto it = warnings_.find(step.warning); it != warnings_.end()) {
    refused = apply(it->second, step);
    if (refused == nullptr) return publish(it->second, cause);
  } else if (const auto found = orders_.find(step.order); found != orders_.end()) {
    Order& order = found->second;
    order.history.push_back(
        {now(),
         step.step,
         step.by,
         {step.who + " " + step.result + step.note, step.who + " " + step.result + step.note}});
    return publish(order, cause);
  } else if (const auto receipt = receipts_.find(step.complaint); receipt != receipts_.end()) {
    Receipt& known = receipt->second;
    known.about = step.entity;
    known.candidates.clear();
    known.history.push_back({now(),
                             step.step,
                             step.by,
                             {step.by + "认定对象为" + step.entity,
                              step.by + " decided that it is about " + step.entity}});
    return publish(known, cause);
  }
  city::Rejected no;
  no.id = "r-" + cause;
  no.step = step.step;
  no.by = step.by;
  no.target = step.warning + step.order;
  no.reason = {"illegal", refused, "not legal in this state"};
  std::string no_data;
  append_json(no_data, no);
  publish("rejected", city::Rejected::kType, event.subject, cause, no.id, 1, no_data);
}

/// Null, or why not.
const char* City::apply(Warning& w, const city::Feedback& step) {
  const bool open = w.state <= WarningState::dispatched;
  if (step.step == "call_logged") return nullptr;
  if (!open) return "预警已关闭";
  if (step.step == "claim") {
    if (w.claim && w.claim->by != step.by) return "已由其他席位认领";
    w.claim = city::Claim{step.by, now() + 10min};
  } else if (step.step == "release") {
    w.claim.reset();
  } else if (step.step == "shelve" && step.until) {
    w.shelved = city::Shelving{step.by, *step.until, step.reason};
  } else if (step.step == "unshelve") {
    w.shelved.reset();
  } else if (step.step == "confirm" || step.step == "dismiss") {
    const bool confirmed = step.step == "confirm";
    w.screened = city::Screened{step.by, confirmed ? "confirmed" : "dismissed", step.reason, now()};
    if (w.state != WarningState::dispatched)
      w.state = confirmed ? WarningState::confirmed : WarningState::dismissed;
    if (!confirmed) {
      w.state_reason = "false_alarm";
      w.reasons.push_back(
          {"state.dismissed", "席位排除：" + step.reason, "Dismissed: " + step.reason});
    }
  } else {
    return "这一步在当前状态下不成立";
  }
  return nullptr;
}

}  // namespace feed
