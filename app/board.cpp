#include "app/board.h"

#include <algorithm>
#include <charconv>

#include "app/board_steps.h"
#include "app/masked.h"
#include "connectors/json/json_reader.h"

namespace app {

using streams::json_object;
using streams::JsonMembers;

namespace {

constexpr std::array<const char*, 9> kTopics{"warnings",   "warnings.urgent", "dispatch.orders",
                                             "complaints", "matters",         "entity.status",
                                             "notices",    "rejected",        "dead.letters"};

// An advance notice is void when the task that owns its entity has been past it for so long and has
// not confirmed it (the contract's 5 s). Past its arrival: what it tells of may be minutes older.
constexpr auto kUnconfirmed = std::chrono::seconds{5};

bool is_past(Time clock, Time notice) {
  return clock > notice + kUnconfirmed;
}

constexpr std::size_t kMostBroughtBack = 16;  // of each kind, in one poll

template <class View>
bool read_view(std::string_view json, View& view) {
  connectors::SimdJsonReader reader{json};
  std::string where;
  return read_json(reader, view, where);
}

bool is_null(const Json& json) {
  return json.text == "null";
}

}  // namespace

Time OrderView::due() const {
  Time due = Time::max();
  if (!open() || !is_null(pause)) return due;
  const bool handled = state == "handled" || state == "verified";
  if (!handled && finish_by) due = *finish_by;
  for (const ResponderView& responder : responders) {
    const bool on_the_way = responder.state == "accepted" || responder.state == "en_route";
    if (responder.state == "dispatched") due = std::min(due, responder.accept_by.value_or(due));
    if (on_the_way) due = std::min(due, responder.arrive_by.value_or(due));
  }
  return due;
}

Board::Board(streams::Reader& log, Options options, streams::Reader* lookups)
    : log_(log),
      lookups_(lookups == nullptr ? log : *lookups),
      options_(std::move(options)),
      warnings_(options_.limits.rows),
      orders_(options_.limits.rows),
      receipts_(options_.limits.rows),
      matters_(options_.limits.rows) {
  for (const char* topic : kTopics)
    for (int number = 0; number < options_.partitions; ++number) {
      const streams::Partition partition{topic, number};
      const auto from = options_.from.find(partition);
      next_[partition] = from == options_.from.end() ? 0 : from->second;
    }
}

streams::Result<std::size_t> Board::poll(Clocks clocks) {
  std::size_t read = 0;
  {
    const std::lock_guard lock{mutex_};
    clocks_ = std::move(clocks);
  }
  for (auto& [partition, next] : next_) {
    while (true) {
      const auto batch = log_.fetch(partition, next, options_.limits.fetch_bytes);
      if (!batch) return batch.error();
      if ((*batch).records.empty()) break;
      const std::lock_guard lock{mutex_};
      for (const streams::LogRecord& record : (*batch).records) {
        next = record.offset + 1;
        try {
          take({&partition, record.offset, record.recorded}, record.bytes);
        } catch (const std::logic_error&) {  // a broken invariant: what comes next is shown
          ++counters_.unreadable;
        }
      }
      read += (*batch).records.size();
    }
  }
  {
    const std::lock_guard lock{mutex_};
    drop_void();
  }
  if (auto back = bring_back(warnings_); !back) return back.error();
  if (auto back = bring_back(orders_); !back) return back.error();
  if (auto back = bring_back(receipts_); !back) return back.error();
  if (auto back = bring_back(matters_); !back) return back.error();
  return read;
}

/// After a record was placed and told: readers hear of it first, then of what made way for it.
template <class View>
void Board::make_room(BoardRows<View>& rows) {
  for (Text& gone : rows.make_room()) add_change("hide", std::move(gone));
}

/// The log is read without the lock; nobody else changes the rows meanwhile.
template <class View>
streams::Result<void> Board::bring_back(BoardRows<View>& rows) {
  std::vector<std::pair<std::string, RecordPlace>> returning;
  {
    const std::lock_guard lock{mutex_};
    returning = rows.returning(kMostBroughtBack);
  }
  for (const auto& [id, place] : returning) {
    const auto batch = lookups_.fetch(*place.partition, place.offset, 1);
    if (!batch) return batch.error();
    const auto& records = (*batch).records;
    View view;
    Envelope envelope;
    const bool there = !records.empty() && records.front().offset == place.offset &&
                       read_view(records.front().bytes, envelope) &&
                       read_view(envelope.data.text, view);
    const Text event = there ? std::make_shared<const std::string>(records.front().bytes) : nullptr;
    const std::lock_guard lock{mutex_};
    if (rows.restore(id, std::move(view), event) == nullptr) continue;
    tell_place(rows.find(id)->view.entity);
    add_change(View::kKind, event);
  }
  return {};
}

void Board::take(const RecordPlace& at, std::string_view bytes) {
  const std::string& topic = at.partition->topic;
  ++counters_.records;
  Envelope envelope;
  if (!read_view(bytes, envelope)) {
    ++counters_.unreadable;
    return;
  }
  auto event = std::make_shared<const std::string>(bytes);
  if (topic == "warnings" || topic == "warnings.urgent")
    return take_warning(envelope, std::move(event), at);
  if (topic == "dispatch.orders") return take_order(envelope, std::move(event), at);
  if (topic == "complaints") return take_receipt(envelope, std::move(event), at);
  if (topic == "matters") return take_matter(envelope, std::move(event), at);
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
    dead_letters_.push_back(std::make_shared<const std::string>(masked_dead_letter(*event)));
    if (dead_letters_.size() > options_.limits.kept_letters) dead_letters_.pop_front();
    return;
  }
  ++counters_.notices;
  std::deque<Text> not_kept;
  take_letter(envelope, std::move(event), "notice", not_kept);
}

void Board::take_warning(const Envelope& envelope, Text event, RecordPlace place) {
  WarningView view;
  if (!read_view(envelope.data.text, view) || view.id.empty()) {
    ++counters_.unreadable;
    return;
  }
  // One of long ago, read by a board that has just begun.
  if (view.is_notice() && is_past(clocks_[place.partition->number].committed, place.recorded))
    return;
  const auto [row, known, before] = warnings_.place(std::move(view), event, place);
  if (row == nullptr) return;
  const WarningView& now = row->view;
  const bool is_new = !known || before.view.is_notice();
  const Time at = envelope.time.value_or(now.since);
  if (now.is_notice())
    notices_.push_back({now.id, place.partition->number, place.recorded});
  else if (is_new)
    count_warning(now, at);
  const std::string_view change = change_of(now, before.event ? &before.view : nullptr);
  if (!change.empty()) add_step(now.entity, warning_step(now, change, at));
  if (before.event == nullptr) tell_place(now.entity);
  add_change(WarningView::kKind, std::move(event));
  make_room(warnings_);
}

void Board::count_warning(const WarningView& view, Time at) {
  const std::pair by_rule{view.priority, view.rule};
  if (counters_.warnings.size() < options_.limits.rules || counters_.warnings.contains(by_rule))
    ++counters_.warnings[by_rule];
  if (view.open()) count_flood(at);
}

/// Where a confirmation could still be on its way to this reader, it is waited for.
void Board::drop_void() {
  std::erase_if(notices_, [&](const Notice& notice) {
    const auto* row = warnings_.find(notice.id);
    const auto hidden = warnings_.hidden().find(notice.id);
    const bool waits = row != nullptr
                           ? row->view.is_notice()
                           : hidden != warnings_.hidden().end() && hidden->second.revision == 0;
    if (!waits) return true;
    if (!is_past(clocks_[notice.partition].readable, notice.at)) return false;
    if (const Text event = warnings_.remove(notice.id)) add_change("void", event);
    ++counters_.void_notices;
    return true;
  });
}

void Board::take_order(const Envelope& envelope, Text event, RecordPlace place) {
  OrderView view;
  if (!read_view(envelope.data.text, view) || view.id.empty()) {
    ++counters_.unreadable;
    return;
  }
  const auto [row, known, before] = orders_.place(std::move(view), event, place);
  if (row == nullptr) return;
  if (!known) ++counters_.orders[row->view.priority];
  if (before.event == nullptr) tell_place(row->view.entity);
  for (const StepView& step : new_steps(*row))
    add_step(row->view.entity, order_step(row->view, step, envelope.time.value_or(Time{})));
  add_change(OrderView::kKind, std::move(event));
  make_room(orders_);
}

/// Its steps stand in two timelines: the receipt's, and that of what it is about.
void Board::take_receipt(const Envelope& envelope, Text event, RecordPlace place) {
  ReceiptView view;
  if (!read_view(envelope.data.text, view) || view.id.empty()) {
    ++counters_.unreadable;
    return;
  }
  const auto [row, known, before] = receipts_.place(std::move(view), event, place);
  if (row == nullptr) return;
  for (const StepView& one : new_steps(*row)) {
    const std::string step = receipt_step(row->view, one, envelope.time.value_or(Time{}));
    add_step(row->view.entity, step);
    if (!row->view.about.empty()) add_step(row->view.about, step);
  }
  if (row->view.about != before.view.about) tell_place(row->view.about);
  add_change(ReceiptView::kKind, std::move(event));
  make_room(receipts_);
}

/// Its steps stand in two timelines: the party's, and that of the place where it was found.
void Board::take_matter(const Envelope& envelope, Text event, RecordPlace place) {
  MatterView view;
  if (!read_view(envelope.data.text, view) || view.id.empty()) {
    ++counters_.unreadable;
    return;
  }
  const auto [row, known, before] = matters_.place(std::move(view), event, place);
  if (row == nullptr) return;
  const MatterView& now = row->view;
  for (const StepView& one : new_steps(*row)) {
    const std::string step = matter_step(now, one, envelope.time.value_or(Time{}));
    add_step(now.entity, step);
    if (now.about != now.entity) add_step(now.about, step);
  }
  if (before.event == nullptr) tell_place(now.about);
  add_change(MatterView::kKind, std::move(event));
  make_room(matters_);
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
  if (auto* named = orders_.find(target.target)) {
    named->refusals.push_back(event);
    if (named->refusals.size() > options_.limits.kept_refusals) named->refusals.pop_front();
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

}  // namespace app
