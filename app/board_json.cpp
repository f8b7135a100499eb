// The board's answers as JSON: records pass through, only the lists around them are written here.

#include <algorithm>

#include "app/board.h"

namespace app {

using streams::append_json_text;

namespace {

/// Elements of an array, separated.
class List {
 public:
  List(std::string& out, std::string_view name) : out_(out) {
    append_json_text(out_, name);
    out_ += ":[";
  }
  ~List() { out_ += ']'; }
  List(const List&) = delete;
  void add(std::string_view json) {
    if (any_) out_ += ',';
    any_ = true;
    out_ += json;
  }

 private:
  std::string& out_;
  bool any_ = false;
};

template <class Counts>
void append_counts(std::string& out, std::string_view name, const Counts& counts) {
  append_json_text(out, name);
  out += ":{";
  bool any = false;
  for (const auto& [key, count] : counts) {
    if (any) out += ',';
    any = true;
    append_json_text(out, key);
    out += ':' + std::to_string(count);
  }
  out += '}';
}

/// A warning without its evidence, which is most of it: a screen asks for that when it shows one.
std::string without_evidence(const std::string& event) {
  constexpr std::string_view kName = R"("evidence":[)";
  const std::size_t begin = event.find(kName);
  if (begin == event.npos) return event;
  std::size_t end = begin + kName.size();
  bool quoted = false;
  for (int depth = 1; end < event.size() && depth > 0; ++end) {
    const char c = event[end];
    if (quoted && c == '\\')
      ++end;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted)
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
  }
  if (end < event.size() && event[end] == ',') ++end;
  return event.substr(0, begin) + event.substr(end);
}

bool before(const WarningView& a, const WarningView& b) {
  return std::tie(a.priority, a.since, a.id) < std::tie(b.priority, b.since, b.id);
}
bool before(const OrderView& a, const OrderView& b) {
  return std::tie(a.priority, a.finish_by, a.id) < std::tie(b.priority, b.finish_by, b.id);
}
/// What nobody has placed yet first, then the oldest.
bool before(const ReceiptView& a, const ReceiptView& b) {
  return std::tuple{!a.about.empty(), a.since(), a.id} <
         std::tuple{!b.about.empty(), b.since(), b.id};
}

/// The nearest deadline first.
bool before(const MatterView& a, const MatterView& b) {
  return std::tuple{a.due(), a.id} < std::tuple{b.due(), b.id};
}

}  // namespace

template <class View>
void Board::append_rows(std::string& out, const Rows<View>& rows,
                        std::map<std::string, const Entity*>& entities) const {
  std::vector<const Row<View>*> sorted;
  sorted.reserve(rows.open.size());
  for (const auto& [id, row] : rows.open) sorted.push_back(&row);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return before(a->view, b->view); });
  if (sorted.size() > options_.limits.shown) sorted.resize(options_.limits.shown);
  List list{out, std::string{View::kKind} + "s"};
  for (const Row<View>* row : sorted) {
    if constexpr (std::is_same_v<View, WarningView>)
      list.add(without_evidence(*row->event));
    else
      list.add(*row->event);
    const auto it = entities_.find(row->view.entity);
    if (it != entities_.end() && it->second.status) entities[it->first] = &it->second;
  }
}

std::string Board::rows_json() const {
  const std::lock_guard lock{mutex_};
  std::string out = R"("id":)";
  append_json_text(out, stream_id(last_change_));
  out += ',';
  std::map<std::string, const Entity*> entities;
  append_rows(out, warnings_, entities);
  out += ',';
  append_rows(out, orders_, entities);
  out += ',';
  append_rows(out, receipts_, entities);
  out += ',';
  append_rows(out, matters_, entities);
  out += ',';
  const auto append_closed = [&](std::string_view name, const auto& rows) {
    List closed{out, name};
    std::size_t left = options_.limits.shown_closed;
    for (auto it = rows.closed_order.rbegin(); it != rows.closed_order.rend() && left > 0;
         ++it, --left)
      closed.add(without_evidence(*rows.closed.at(*it).event));
  };
  append_closed("closedWarnings", warnings_);
  out += ',';
  append_closed("closedOrders", orders_);
  out += ',';
  append_closed("closedComplaints", receipts_);
  out += ',';
  append_closed("closedMatters", matters_);
  out += ',';
  List list{out, "entities"};
  for (const auto& [name, entity] : entities) list.add(*entity->status);
  return out;
}

std::string Board::counts_json(Time now) const {
  const Counters counted = counters(now);
  std::string out = "{";
  append_counts(out, "warnings", counted.warnings_open);
  out += ',';
  append_counts(out, "orders", counted.orders_open);
  out += ',';
  append_counts(out, "overdue", counted.orders_overdue);
  out += ',';
  append_counts(out, "complaints", counted.receipts_open);
  out += ',';
  append_counts(out, "matters", counted.matters_open);
  out += ',';
  std::map<std::string, std::uint64_t> rules;
  for (const auto& [key, count] : counted.warnings) rules[key.second] += count;
  append_counts(out, "rules", rules);
  const auto member = [&](const char* name, std::uint64_t count) {
    out += std::string{",\""} + name + "\":" + std::to_string(count);
  };
  member("shelved", counted.shelved);
  member("rejected", counted.rejected);
  std::uint64_t dead_letters = 0;
  for (const auto& [origin, count] : counted.dead_letters) dead_letters += count;
  member("deadLetters", dead_letters);
  member("unreadable", counted.unreadable);
  member("dropped", counted.dropped_warnings + counted.dropped_orders + counted.dropped_receipts +
                        counted.dropped_matters + counted.dropped_timelines);
  out += counted.flood ? R"(,"flood":true})" : R"(,"flood":false})";
  return out;
}

std::string Board::entity_json(const std::string& name) const {
  const std::lock_guard lock{mutex_};
  std::string out = R"({"entity":)";
  append_json_text(out, name);
  out += R"(,"status":)";
  const auto it = entities_.find(name);
  out += it != entities_.end() && it->second.status ? *it->second.status : "null";
  const auto append_own = [&](const auto& rows, std::string_view list_name) {
    std::map<std::pair<int, std::string>, const std::string*> own;
    for (const auto* kept : {&rows.open, &rows.closed})
      for (const auto& [id, row] : *kept)
        if (row.view.entity == name) own[{row.view.open() ? 0 : 1, id}] = row.event.get();
    out += ',';
    List list{out, list_name};
    for (const auto& [key, event] : own) list.add(*event);
  };
  append_own(warnings_, "warnings");
  append_own(orders_, "orders");
  append_own(receipts_, "complaints");
  append_own(matters_, "matters");
  out += ',';
  {
    List list{out, "timeline"};
    if (it != entities_.end())
      for (const std::string& step : it->second.timeline) list.add(step);
  }
  return out += '}';
}

Board::Text Board::warning(const std::string& id) const {
  const std::lock_guard lock{mutex_};
  for (const auto* rows : {&warnings_.open, &warnings_.closed})
    if (const auto it = rows->find(id); it != rows->end()) return it->second.event;
  return nullptr;
}

std::optional<Board::OrderRecord> Board::order(const std::string& id) const {
  const std::lock_guard lock{mutex_};
  for (const auto* rows : {&orders_.open, &orders_.closed}) {
    const auto it = rows->find(id);
    if (it == rows->end()) continue;
    const Row<OrderView>& row = it->second;
    OrderRecord record{row.view, row.event, nullptr, {}, {}};
    record.refusals.assign(row.refusals.begin(), row.refusals.end());
    if (const auto of = entities_.find(row.view.entity); of != entities_.end())
      record.status = of->second.status;
    for (const std::string& warning : row.view.warnings)
      for (const auto* known : {&warnings_.open, &warnings_.closed})
        if (const auto found = known->find(warning); found != known->end())
          record.warnings.push_back(found->second.event);
    return record;
  }
  return std::nullopt;
}

std::string Board::letters_json() const {
  const std::lock_guard lock{mutex_};
  std::string out = "{";
  {
    List list{out, "rejected"};
    for (const Text& event : rejected_) list.add(*event);
  }
  out += ',';
  {
    List list{out, "deadLetters"};
    for (const Text& event : dead_letters_) list.add(*event);
  }
  return out += '}';
}

}  // namespace app
