#pragma once

// The city behind the screen's stand-in: warnings, orders, receipts and matters as the contract has
// them, in a MemoryLog, and what becomes of the seats' steps. Used by feed.cpp.

#include <cstdlib>
#include <cstring>

#include "connectors/json/event_decoder.h"
#include "operators/city/permit.h"
#include "operators/city/topics.h"
#include "streams/memory.h"

namespace feed {

using namespace std::chrono_literals;
using city::Matter;
using city::Order;
using city::OrderState;
using city::Priority;
using city::Receipt;
using city::Warning;
using city::WarningState;
using streams::append_json;
using streams::Time;

inline Time now() {
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

inline constexpr Place kPlaces[] = {
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
  void publish(Receipt& receipt, std::string_view cause = "") {
    ++receipt.revision;
    std::string data;
    append_json(data, receipt);
    publish("complaints", Receipt::kType, receipt.receipt, cause, receipt.id, receipt.revision,
            data);
    receipts_[receipt.id] = receipt;
  }

  void publish(Matter& matter) {
    ++matter.revision;
    std::string data;
    append_json(data, matter);
    publish("matters", Matter::kType, matter.party, "", matter.id, matter.revision, data);
  }

  void status(const Place& place) {
    const city::Registration facts{place.name,
                                   place.address,
                                   place.use_unit,
                                   place.maintenance_unit,
                                   place.phone,
                                   place.rescue_code,
                                   place.exposure,
                                   "310105",
                                   121.42,
                                   31.22,
                                   ""};
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

  Receipt receipt(const char* number, std::vector<std::string> labels, streams::Duration ago) {
    Receipt r;
    r.receipt = "complaint/" + std::string{number};
    r.id = "c-" + std::string{number};
    r.channel = "12345";
    r.kind = "help";
    r.category = "elevator";
    r.district = "310105";
    r.labels = std::move(labels);
    r.history.push_back({now() - ago,
                         "received",
                         "rule",
                         {"12345来件受理，识别为：" + r.labels.front(),
                          "received from 12345, recognized as: " + r.labels.front()}});
    return r;
  }

  void fill(int rows);
  void fill_receipts();
  void fill_matters();
  void another(int number);
  void urgent();
  void answer_feedback();
  void answer(const streams::Event& event, const city::Feedback& step);
  const char* apply(Warning& warning, const city::Feedback& step);

 private:
  streams::MemoryLog& log_;
  std::map<std::string, Warning> warnings_;
  std::map<std::string, Order> orders_;
  std::map<std::string, Receipt> receipts_;
  connectors::EventDecoder decoder_;
  std::int64_t read_ = 0;
  int count_ = 0;
};

}  // namespace feed
