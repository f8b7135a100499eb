// A stand-in for the engine behind the screen: fills a MemoryLog with warnings and orders as the
// contract has them, serves the real board, API and page, and answers the seats' steps as judge and
// respond would, as far as a page can tell. For developing the page and for
// tests/browser/screen.test.js.
//
//   feed [--port N] [--rows N] [--every SECONDS] [--silent] [--screen DIR] [--token FILE]

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <thread>

#include "app/api.h"
#include "connectors/json/event_decoder.h"
#include "operators/city/permit.h"
#include "operators/city/topics.h"
#include "streams/memory.h"

namespace {

using namespace std::chrono_literals;
using city::Order;
using city::OrderState;
using city::Priority;
using city::Warning;
using city::WarningState;
using streams::append_json;
using streams::Time;

Time now() {
  return std::chrono::floor<streams::Duration>(std::chrono::system_clock::now());
}

struct Place {
  const char* entity;
  const char* name;
  const char* address;
  const char* use_unit;
  const char* maintenance_unit;
  const char* phone;
  const char* rescue_code;
  const char* exposure;
};

constexpr Place kPlaces[] = {
    {"elevator/31010500012345", "仁和公寓 2 号楼 1 号客梯", "长宁区仙霞路 700 弄 2 号", "仁和物业",
     "申菱电梯维保三队", "021-5555 0101", "310105-2345", "housing"},
    {"elevator/31010500020881", "天山商厦 3 号货梯", "长宁区天山路 900 号", "天山商厦管理处",
     "沪东电梯服务站", "021-5555 0102", "310105-0881", "public"},
    {"elevator/31010500031177", "古北新苑 5 号楼 2 号客梯", "长宁区黄金城道 518 弄 5 号",
     "古北物业", "申菱电梯维保一队", "021-5555 0103", "310105-1177", "school"},
    {"kitchen/31010500007721", "老正兴食府（愚园路店）", "长宁区愚园路 1258 号", "老正兴食府", "",
     "021-5555 0104", "", ""},
    {"shop/31012000045102", "沪杭公路便民超市", "奉贤区沪杭公路 1588 号", "便民超市", "",
     "021-5555 0105", "", ""},
    {"shop/31012000045177", "庄行镇麻辣烫", "奉贤区庄行镇南亭公路 66 号", "麻辣烫店", "",
     "021-5555 0106", "", ""},
    {"vehicle/31011200008120", "浦江码头叉车 8120", "闵行区浦江郊野公园码头", "浦江码头公司", "",
     "021-5555 0107", "", ""},
};

class City {
 public:
  explicit City(streams::MemoryLog& log) : log_(log) {}

  void publish(const char* topic, std::string_view type, std::string_view subject,
               std::string_view cause, const std::string& id, int revision, const std::string& data,
               Time at = now()) {
    std::string bytes = R"({"specversion":"1.0","id":")" + id + "." + std::to_string(revision) +
                        R"(","source":"/watchfire/sh","type":")" + std::string{type} +
                        R"(","subject":")" + std::string{subject} + R"(","time":")";
    streams::append_time(bytes, at);
    bytes += R"(","causationid":")" + std::string{cause} + R"(","data":)" + data + "}";
    std::vector<streams::Append> records;
    records.push_back({{topic, 0}, now(), std::move(bytes)});
    if (!log_.append(std::move(records), false)) std::abort();
  }
  template <class T>
  void publish(const char* topic, T& value, std::string_view cause) {
    ++value.revision;
    std::string data;
    append_json(data, value);
    Time at = now();
    if constexpr (requires { value.since; }) {
      if (value.revision == 1) at = value.since;
    }
    publish(topic, T::kType, value.entity, cause, value.id, value.revision, data, at);
  }
  void publish(Warning& warning, std::string_view cause = "") {
    publish("warnings", warning, cause);
    warnings_[warning.id] = warning;
  }
  void publish(Order& order, std::string_view cause = "") {
    publish("dispatch.orders", order, cause);
    orders_[order.id] = order;
  }

  void status(const Place& place) {
    const city::Registration facts{place.name,     place.address,
                                   place.use_unit, place.maintenance_unit,
                                   place.phone,    place.rescue_code,
                                   place.exposure, "310105",
                                   121.42,         31.22};
    std::string data = R"({"registration":)";
    append_json(data, facts);
    publish("entity.status", "city.entity.status.v1", place.entity, "", place.entity, 1,
            data + "}");
  }

  Warning warning(const Place& place, const char* rule, city::Text title, Priority priority,
                  WarningState state, streams::Duration ago, std::vector<city::Reason> reasons) {
    Warning w;
    w.id = "w-" + std::to_string(1000 + ++count_);
    w.story = "s-" + std::to_string(1000 + count_);
    w.rule = rule;
    w.rule_version = "sh@9f3c21ab";
    w.entity = place.entity;
    w.title = std::move(title);
    w.priority = priority;
    w.state = state;
    w.since = now() - ago;
    w.count = 1 + count_ % 4;
    w.reasons = std::move(reasons);
    w.district = "310105";
    w.lon = 121.42;
    w.lat = 31.22;
    if (state == WarningState::screening)
      w.screening =
          city::Screening{"seat/3", now() + (priority == Priority::P2 ? 6min : 110min), 0};
    return w;
  }
  static city::Evidence evidence(const char* source, const char* from, Time time, const char* data,
                                 bool usable = true) {
    return {"e-01", source, from, time, usable, {data}};
  }

  Order order(const Warning& warning, const char* item, city::Text title, OrderState state) {
    Order o;
    o.id = "o-" + warning.id.substr(2);
    o.story = warning.story;
    o.warnings = {warning.id};
    o.entity = warning.entity;
    o.item = item;
    o.title = std::move(title);
    o.priority = warning.priority;
    o.state = state;
    o.district = warning.district;
    o.duty_version = "duty@5c1d";
    const bool life = warning.priority == Priority::P1;
    o.history.push_back(
        {warning.since + 1s, "dispatch", "rule",
         life ? city::Text{"规则直接派单：危及人身不等待甄别",
                           "Dispatched by rule: life at risk is not held for screening"}
              : city::Text{"已确认，按值班表派单", "Confirmed, dispatched by the duty list"}});
    return o;
  }

  void fill(int rows);
  void another(int number);
  void answer_feedback();
  void answer(const streams::Event& event, const city::Feedback& step);
  const char* apply(Warning& warning, const city::Feedback& step);

 private:
  streams::MemoryLog& log_;
  std::map<std::string, Warning> warnings_;
  std::map<std::string, Order> orders_;
  connectors::EventDecoder decoder_;
  std::int64_t read_ = 0;
  int count_ = 0;
};

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
      evidence(
          "/sh/elevator-iot", "elevator.telemetry", trapped.since,
          R"({"floor":12,"speedMps":0.0,"door":"closed","doorZone":false,)"
          R"("loadKg":145,"occupied":true,"mode":"fault"})"),
      evidence(
          "/sh/elevator-iot", "elevator.telemetry", trapped.since + 60s,
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
  for (int i = 0; i < rows; ++i) another(i);
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

volatile std::sig_atomic_t stopping = 0;

}  // namespace

int main(int argc, char** argv) {
  int rows = 40, every = 0;
  std::uint16_t port = 8080;
  bool silent = false;
  std::string screen = "screen", token_file;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--silent") silent = true;
    if (i + 1 >= argc) break;
    if (option == "--port") port = static_cast<std::uint16_t>(std::atoi(argv[i + 1]));
    if (option == "--rows") rows = std::atoi(argv[i + 1]);
    if (option == "--every") every = std::atoi(argv[i + 1]);
    if (option == "--screen") screen = argv[i + 1];
    if (option == "--token") token_file = argv[i + 1];
  }
  std::signal(SIGINT, [](int) { stopping = 1; });
  std::signal(SIGTERM, [](int) { stopping = 1; });

  streams::MemoryLog log;
  City city{log};
  city.fill(rows);
  app::Board board{log, {.run = std::to_string(now().time_since_epoch().count())}};
  connectors::GroupCommit commits{
      [&](std::vector<streams::Append> records) { return log.append(std::move(records), true); }};
  connectors::Door door{std::make_unique<connectors::EventDecoder>(), commits, {1, now}};
  std::optional<connectors::Token> token;
  if (!token_file.empty()) token = *connectors::Token::read_file(token_file);
  connectors::Server server{token};
  app::Api api{{board, door, commits, now,
                [&] {
                  app::Health health;
                  health.city = "上海市长宁区城运中心";
                  health.build = "feed";
                  health.clock = now();
                  health.lag = 180ms;
                  health.simulated = true;
                  health.sources = {{"elevator.telemetry", now() - 1s, false},
                                    {"camera.alerts", now() - (silent ? 140s : 2s), silent},
                                    {"permit.changes", now() - 61s, false},
                                    {"hotline.complaints", now() - 9s, false}};
                  health.counters = {{"records", 128934}, {"commits", 9001}};
                  return health;
                },
                [&] {
                  connectors::Snapshot snapshot;
                  app::Api::add_metrics(board.counters(now()), door.counters(), server.counters(),
                                        snapshot);
                  return snapshot;
                }},
               {}};
  api.add_routes(server);
  const auto files = server.files(screen);
  const auto started = files ? server.start({.port = port}) : files;
  if (!started) {
    std::cerr << started.error().what << "\n";
    return 1;
  }
  api.start();
  std::cout << "listening on http://127.0.0.1:" << server.port() << std::endl;
  auto next = now() + std::chrono::seconds{every};
  for (int number = rows; stopping == 0; std::this_thread::sleep_for(30ms)) {
    city.answer_feedback();
    if (every == 0 || now() < next) continue;
    next = now() + std::chrono::seconds{every};
    city.another(number++);
  }
  api.stop();
  server.stop();
}
