#include "app/board.h"

#include <algorithm>
#include <charconv>

#include "connectors/json/json_reader.h"

namespace app {

using streams::json_object;
using streams::JsonMembers;

namespace {

constexpr std::array<const char*, 9> kTopics{"warnings",   "warnings.urgent", "dispatch.orders",
                                             "complaints", "matters",         "entity.status",
                                             "notices",    "rejected",        "dead.letters"};

// An advance notice is void when the engine has been past it for so long and has not confirmed it
// (the contract's 5 s).
constexpr auto kUnconfirmed = std::chrono::seconds{5};

// A flood begins above 10 new warnings for each seat within 10 minutes and ends below 5 (ISA-18.2).
constexpr auto kFloodWindow = std::chrono::minutes{10};
constexpr std::size_t kFloodBegins = 10, kFloodEnds = 5;
constexpr std::size_t kFloodCounted = 10'000;

template <class View>
bool read_view(std::string_view json, View& view) {
  connectors::SimdJsonReader reader{json};
  std::string where;
  return read_json(reader, view, where);
}

bool is_null(const Json& json) {
  return json.text == "null";
}

/// What a screen calls the change; empty: evidence alone, no step of its own.
std::string_view change_of(const WarningView& now, const WarningView* before) {
  if (now.is_notice()) return "advance";
  if (before == nullptr || before->is_notice()) return now.state;
  if (now.state != before->state) return now.state;
  if (now.claim.text != before->claim.text) return is_null(now.claim) ? "release" : "claim";
  if (now.shelved.text != before->shelved.text) return is_null(now.shelved) ? "unshelve" : "shelve";
  if (now.screened.text != before->screened.text) return "screened";
  if (now.priority != before->priority) return "priority";
  if (now.condition != before->condition) return now.condition;
  return {};
}

std::string warning_step(const WarningView& view, std::string_view change, Time at) {
  return json_object([&](JsonMembers& member) {
    member("kind", "warning");
    member("at", at);
    member("id", view.id);
    member("change", change);
    member("rule", view.rule);
    member("state", view.state);
    member("stateReason", view.state_reason);
    member("priority", view.priority);
    member("title", view.title);
    member("reasons", view.reasons);
    member("claim", view.claim);
    member("shelved", view.shelved);
    member("screened", view.screened);
  });
}

/// A step of an order's, a receipt's or a matter's history.
template <class View>
void append_step(JsonMembers& member, const View& view, const StepView& step, Time at) {
  member("kind", View::kKind);
  member("at", step.at.value_or(at));
  member("id", view.id);
  member("change", step.step);
  member("by", step.by);
  member("why", step.why);
}

std::string order_step(const OrderView& order, const StepView& step, Time at) {
  return json_object([&](JsonMembers& member) {
    append_step(member, order, step, at);
    member("item", order.item);
    member("title", order.title);
  });
}

std::string receipt_step(const ReceiptView& receipt, const StepView& step, Time at) {
  return json_object([&](JsonMembers& member) {
    append_step(member, receipt, step, at);
    member("receipt", receipt.entity);
  });
}

std::string matter_step(const MatterView& matter, const StepView& step, Time at) {
  return json_object([&](JsonMembers& member) {
    append_step(member, matter, step, at);
    member("title", matter.title);
  });
}

}  // namespace

bool OrderView::overdue(Time now) const {
  if (!open() || !is_null(pause)) return false;
  const bool handled = state == "handled" || state == "verified";
  if (!handled && finish_by && *finish_by < now) return true;
  return std::any_of(responders.begin(), responders.end(), [&](const ResponderView& responder) {
    if (responder.state == "dispatched" && responder.accept_by) return *responder.accept_by < now;
    const bool on_the_way = responder.state == "accepted" || responder.state == "en_route";
    return on_the_way && responder.arrive_by && *responder.arrive_by < now;
  });
}

Board::Board(streams::Reader& log, Options options) : log_(log), options_(std::move(options)) {
  for (const char* topic : kTopics)
    for (int number = 0; number < options_.partitions; ++number) {
      const streams::Partition partition{topic, number};
      const auto from = options_.from.find(partition);
      next_[partition] = from == options_.from.end() ? 0 : from->second;
    }
}

streams::Result<std::size_t> Board::poll(std::optional<Time> engine_clock) {
  std::size_t read = 0;
  {
    const std::lock_guard lock{mutex_};
    engine_clock_ = engine_clock;
  }
  for (auto& [partition, next] : next_) {
    while (true) {
      const auto batch = log_.fetch(partition, next, options_.limits.fetch_bytes);
      if (!batch) return batch.error();
      if ((*batch).records.empty()) break;
      const std::lock_guard lock{mutex_};
      for (const streams::LogRecord& record : (*batch).records) {
        take(partition.topic, record.bytes);
        next = record.offset + 1;
      }
      read += (*batch).records.size();
    }
  }
  const std::lock_guard lock{mutex_};
  drop_void();
  return read;
}

void Board::take(const std::string& topic, std::string_view bytes) {
  ++counters_.records;
  Envelope envelope;
  if (!read_view(bytes, envelope)) {
    ++counters_.unreadable;
    return;
  }
  auto event = std::make_shared<const std::string>(bytes);
  if (topic == "warnings" || topic == "warnings.urgent")
    return take_warning(envelope, std::move(event));
  if (topic == "dispatch.orders") return take_order(envelope, std::move(event));
  if (topic == "complaints") return take_receipt(envelope, std::move(event));
  if (topic == "matters") return take_matter(envelope, std::move(event));
  if (topic == "entity.status") return take_status(envelope, std::move(event));
  if (topic == "rejected") {
    ++counters_.rejected;
    return take_letter(envelope, std::move(event), "rejected", rejected_);
  }
  if (topic == "dead.letters") {
    if (envelope.id.ends_with(".2")) return;  // it was retried
    OriginView origin;
    if (!read_view(envelope.data.text, origin) || origin.topic.empty() ||
        (counters_.dead_letters.size() >= options_.limits.origins &&
         !counters_.dead_letters.contains(origin.topic)))
      origin.topic = "other";
    ++counters_.dead_letters[origin.topic];
    dead_letters_.push_back(std::move(event));
    if (dead_letters_.size() > options_.limits.kept_letters) dead_letters_.pop_front();
    return;
  }
  ++counters_.notices;
  std::deque<Text> not_kept;
  take_letter(envelope, std::move(event), "notice", not_kept);
}

/// Puts the newest revision where it belongs; null: an older one, or no room. `before`: what it
/// was.
template <class View>
Board::Row<View>* Board::place(Rows<View>& rows, View view, Text event, Row<View>& before) {
  for (auto* kept : {&rows.open, &rows.closed}) {
    const auto it = kept->find(view.id);
    if (it == kept->end()) continue;
    if (it->second.view.revision >= view.revision) return nullptr;
    before = std::move(it->second);
    if (kept == &rows.closed) std::erase(rows.closed_order, view.id);
    kept->erase(it);
  }
  const bool open = view.open();
  if (open && rows.open.size() >= options_.limits.open) {
    ++rows.dropped;
    return nullptr;
  }
  if (!open) {
    rows.closed_order.push_back(view.id);
    if (rows.closed_order.size() > options_.limits.closed) {
      rows.closed.erase(rows.closed_order.front());
      rows.closed_order.pop_front();
    }
  }
  Row<View>& row = (open ? rows.open : rows.closed)[view.id];
  row = {std::move(view), std::move(event), before.steps_seen, std::move(before.refusals)};
  return &row;
}

void Board::take_warning(const Envelope& envelope, Text event) {
  WarningView view;
  if (!read_view(envelope.data.text, view) || view.id.empty()) {
    ++counters_.unreadable;
    return;
  }
  // One of long ago, read by a board that has just begun.
  if (view.is_notice() && is_void(envelope.time.value_or(view.since))) return;
  Row<WarningView> before;
  const Row<WarningView>* row = place(warnings_, std::move(view), event, before);
  if (row == nullptr) return;
  const WarningView& now = row->view;
  const bool is_new = before.event == nullptr || before.view.is_notice();
  const Time at = envelope.time.value_or(now.since);
  if (now.is_notice())
    notices_.push_back({now.id, at});
  else if (is_new)
    count_warning(now, at);
  const std::string_view change = change_of(now, before.event ? &before.view : nullptr);
  if (!change.empty()) add_step(now.entity, warning_step(now, change, at));
  if (before.event == nullptr) tell_place(now.entity);
  add_change(WarningView::kKind, std::move(event));
}

void Board::count_warning(const WarningView& view, Time at) {
  const std::pair by_rule{view.priority, view.rule};
  if (counters_.warnings.size() < options_.limits.rules || counters_.warnings.contains(by_rule))
    ++counters_.warnings[by_rule];
  if (view.open()) count_flood(at);
}

bool Board::is_void(Time notice) const {
  return engine_clock_ && *engine_clock_ > notice + kUnconfirmed;
}

void Board::drop_void() {
  std::erase_if(notices_, [&](const Notice& notice) {
    const auto it = warnings_.open.find(notice.id);
    if (it == warnings_.open.end() || !it->second.view.is_notice()) return true;
    if (!is_void(notice.at)) return false;
    add_change("void", it->second.event);
    warnings_.open.erase(it);
    ++counters_.void_notices;
    return true;
  });
}

void Board::take_order(const Envelope& envelope, Text event) {
  OrderView view;
  if (!read_view(envelope.data.text, view) || view.id.empty()) {
    ++counters_.unreadable;
    return;
  }
  Row<OrderView> before;
  Row<OrderView>* row = place(orders_, std::move(view), event, before);
  if (row == nullptr) return;
  if (before.event == nullptr) {
    ++counters_.orders[row->view.priority];
    tell_place(row->view.entity);
  }
  for (; row->steps_seen < row->view.history.size(); ++row->steps_seen)
    add_step(row->view.entity, order_step(row->view, row->view.history[row->steps_seen],
                                          envelope.time.value_or(Time{})));
  add_change(OrderView::kKind, std::move(event));
}

/// Its steps stand in two timelines: the receipt's, and that of what it is about.
void Board::take_receipt(const Envelope& envelope, Text event) {
  ReceiptView view;
  if (!read_view(envelope.data.text, view) || view.id.empty()) {
    ++counters_.unreadable;
    return;
  }
  Row<ReceiptView> before;
  Row<ReceiptView>* row = place(receipts_, std::move(view), event, before);
  if (row == nullptr) return;
  for (; row->steps_seen < row->view.history.size(); ++row->steps_seen) {
    const std::string step =
        receipt_step(row->view, row->view.history[row->steps_seen], envelope.time.value_or(Time{}));
    add_step(row->view.entity, step);
    if (!row->view.about.empty()) add_step(row->view.about, step);
  }
  if (row->view.about != before.view.about) tell_place(row->view.about);
  add_change(ReceiptView::kKind, std::move(event));
}

/// Its steps stand in two timelines: the party's, and that of the place where it was found.
void Board::take_matter(const Envelope& envelope, Text event) {
  MatterView view;
  if (!read_view(envelope.data.text, view) || view.id.empty()) {
    ++counters_.unreadable;
    return;
  }
  Row<MatterView> before;
  Row<MatterView>* row = place(matters_, std::move(view), event, before);
  if (row == nullptr) return;
  const MatterView& now = row->view;
  for (; row->steps_seen < now.history.size(); ++row->steps_seen) {
    const std::string step =
        matter_step(now, now.history[row->steps_seen], envelope.time.value_or(Time{}));
    add_step(now.entity, step);
    if (now.about != now.entity) add_step(now.about, step);
  }
  if (before.event == nullptr) tell_place(now.about);
  add_change(MatterView::kKind, std::move(event));
}

void Board::take_status(const Envelope& envelope, Text event) {
  Entity& of = entity(envelope.subject);
  const std::size_t before = of.status ? of.status->size() : 0;
  of.bytes += event->size() - before;
  timeline_bytes_ += event->size() - before;
  of.status = event;
  add_change("status", std::move(event));
  trim_timelines();
}

void Board::take_letter(const Envelope& envelope, Text event, std::string_view kind,
                        std::deque<Text>& kept) {
  TargetView target;
  if (!read_view(envelope.data.text, target)) ++counters_.unreadable;
  std::string step = json_object([&](JsonMembers& member) {
    member("kind", kind);
    member("at", envelope.time);
    member("data", envelope.data);
  });
  const std::string& of = target.entity.empty() ? envelope.subject : target.entity;
  if (!of.empty()) add_step(of, std::move(step));
  if (kind != "rejected") return;
  for (auto* rows : {&orders_.open, &orders_.closed}) {
    const auto named = rows->find(target.target);
    if (named == rows->end()) continue;
    std::deque<Text>& refusals = named->second.refusals;
    refusals.push_back(event);
    if (refusals.size() > options_.limits.kept_refusals) refusals.pop_front();
  }
  kept.push_back(event);
  if (kept.size() > options_.limits.kept_letters) kept.pop_front();
  add_change(kind, std::move(event));
}

void Board::add_change(std::string_view kind, Text event) {
  changes_bytes_ += event->size();
  changes_.push_back({++last_change_, kind, std::move(event)});
  while (changes_bytes_ > options_.limits.change_bytes && changes_.size() > 1) {
    changes_bytes_ -= changes_.front().event->size();
    changes_.pop_front();
  }
}

/// Ahead of the first record about it: a reader has been told of the places of its rows alone.
void Board::tell_place(const std::string& name) {
  const auto it = entities_.find(name);
  if (it != entities_.end() && it->second.status) add_change("status", it->second.status);
}

// ---- timelines ----------------------------------------------------------------------------------

Board::Entity& Board::entity(const std::string& name) {
  const auto [it, is_new] = entities_.try_emplace(name);
  if (is_new) it->second.age = ages_.insert(ages_.end(), name);
  ages_.splice(ages_.end(), ages_, it->second.age);
  return it->second;
}

void Board::add_step(const std::string& name, std::string step) {
  Entity& of = entity(name);
  const auto grow = [&](std::size_t more, std::size_t less) {
    of.bytes += more - less;
    timeline_bytes_ += more - less;
  };
  grow(step.size(), 0);
  of.timeline.push_back(std::move(step));
  if (of.timeline.size() > options_.limits.timeline_steps) {
    grow(0, of.timeline.front().size());
    of.timeline.pop_front();
  }
  trim_timelines();
}

void Board::trim_timelines() {
  while (timeline_bytes_ > options_.limits.timeline_bytes && ages_.size() > 1) {
    const auto it = entities_.find(ages_.front());
    timeline_bytes_ -= it->second.bytes;
    entities_.erase(it);
    ages_.pop_front();
    ++counters_.dropped_timelines;
  }
}

void Board::count_flood(Time raised) {
  raised_.insert(raised);
  while (raised_.size() > kFloodCounted || *raised_.begin() + kFloodWindow < *raised_.rbegin())
    raised_.erase(raised_.begin());
  if (raised_.size() > kFloodBegins * seats()) flood_ = true;
  if (raised_.size() < kFloodEnds * seats()) flood_ = false;
}

// ---- stream -------------------------------------------------------------------------------------

std::uint64_t Board::last_change() const {
  const std::lock_guard lock{mutex_};
  return last_change_;
}

std::optional<std::vector<Board::Change>> Board::changes_after(std::uint64_t number) const {
  const std::lock_guard lock{mutex_};
  if (number > last_change_) return std::nullopt;
  if (number < last_change_ - changes_.size()) return std::nullopt;
  const auto first = changes_.end() - static_cast<std::ptrdiff_t>(last_change_ - number);
  return std::vector<Change>(first, changes_.end());
}

std::string Board::stream_id(std::uint64_t number) const {
  return options_.run + "." + std::to_string(number);
}

std::optional<std::uint64_t> Board::number_of(std::string_view id) const {
  const std::size_t dot = id.rfind('.');
  if (dot == std::string_view::npos || id.substr(0, dot) != options_.run) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(id.data() + dot + 1, id.data() + id.size(), number);
  if (failed != std::errc{} || end != id.data() + id.size()) return std::nullopt;
  return number;
}

Board::Counters Board::counters(Time now) const {
  const std::lock_guard lock{mutex_};
  Counters counted = counters_;
  counted.dropped_warnings = warnings_.dropped;
  counted.dropped_orders = orders_.dropped;
  counted.dropped_receipts = receipts_.dropped;
  counted.dropped_matters = matters_.dropped;
  for (const char* priority : {"P1", "P2", "P3", "P4"})
    counted.warnings_open[priority] = counted.orders_overdue[priority] = 0;
  for (const auto& [id, row] : warnings_.open) {
    ++counted.warnings_open[row.view.priority];
    if (!is_null(row.view.shelved)) ++counted.shelved;
  }
  for (const auto& [id, row] : orders_.open) {
    ++counted.orders_open[row.view.state];
    if (row.view.overdue(now)) ++counted.orders_overdue[row.view.priority];
  }
  for (const auto& [id, row] : receipts_.open) ++counted.receipts_open[row.view.state];
  for (const auto& [id, row] : matters_.open) ++counted.matters_open[row.view.state];
  const auto recent = static_cast<std::size_t>(std::count_if(
      raised_.begin(), raised_.end(), [&](Time raised) { return raised + kFloodWindow >= now; }));
  counted.flood = flood_ && recent >= kFloodEnds * seats();
  return counted;
}

}  // namespace app
