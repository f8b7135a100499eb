// The board's answers as JSON: records pass through, only what is around them is written here.

#include <algorithm>

#include "app/board.h"

namespace app {

using streams::append_json_array;
using streams::append_json_object;
using streams::json_object;
using streams::JsonElements;
using streams::JsonMembers;

namespace {

template <class Counts>
void append_counts(std::string& out, const Counts& counts) {
  append_json_object(out, [&](JsonMembers& member) {
    for (const auto& [key, count] : counts) member(key, count);
  });
}

template <class Texts>
void append_texts(std::string& out, const Texts& texts) {
  append_json_array(out, [&](JsonElements& element) {
    for (const auto& text : texts) element() += *text;
  });
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
void Board::append_open(std::string& out, const BoardRows<View>& rows,
                        EntitiesShown& entities) const {
  std::vector<const typename BoardRows<View>::Row*> sorted;
  sorted.reserve(rows.open().size());
  for (const auto& [id, row] : rows.open()) sorted.push_back(&row);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return before(a->view, b->view); });
  append_json_array(out, [&](JsonElements& element) {
    for (const auto* row : sorted) {
      if constexpr (std::is_same_v<View, WarningView>)
        element() += without_evidence(*row->event);
      else
        element() += *row->event;
      add_known(row->view.entity, entities);
    }
  });
}

/// Whoever shows a row wants its entity's name.
void Board::add_known(const std::string& name, EntitiesShown& entities) const {
  const auto it = entities_.find(name);
  if (it != entities_.end() && it->second.status) entities[it->first] = &it->second;
}

template <class View>
void Board::append_closed(std::string& out, const BoardRows<View>& rows,
                          EntitiesShown& entities) const {
  append_json_array(out, [&](JsonElements& element) {
    std::size_t left = options_.limits.shown_closed;
    for (auto it = rows.closed_order().rbegin(); it != rows.closed_order().rend() && left > 0;
         ++it, --left) {
      const auto& row = rows.closed().at(*it);
      element() += without_evidence(*row.event);
      add_known(row.view.entity, entities);
    }
  });
}

void Board::append_rows(JsonMembers& member) const {
  const std::lock_guard lock{mutex_};
  EntitiesShown entities;
  member("id", stream_id(last_change_));
  append_open(member("warnings"), warnings_, entities);
  append_open(member("orders"), orders_, entities);
  append_open(member("complaints"), receipts_, entities);
  append_open(member("matters"), matters_, entities);
  append_closed(member("closedWarnings"), warnings_, entities);
  append_closed(member("closedOrders"), orders_, entities);
  append_closed(member("closedComplaints"), receipts_, entities);
  append_closed(member("closedMatters"), matters_, entities);
  append_json_array(member("entities"), [&](JsonElements& element) {
    for (const auto& [name, entity] : entities) element() += *entity->status;
  });
}

std::string Board::counts_json(Time now) const {
  const Counters counted = counters(now);
  std::map<std::string, std::uint64_t> rules;
  for (const auto& [key, count] : counted.warnings) rules[key.second] += count;
  std::uint64_t dead_letters = 0;
  for (const auto& [origin, count] : counted.dead_letters) dead_letters += count;
  return json_object([&](JsonMembers& member) {
    append_counts(member("warnings"), counted.warnings_open);
    append_counts(member("orders"), counted.orders_open);
    append_counts(member("overdue"), counted.orders_overdue);
    append_counts(member("complaints"), counted.receipts_open);
    append_counts(member("matters"), counted.matters_open);
    append_counts(member("rules"), rules);
    append_json_object(member("notShown"), [&](JsonMembers& hidden) {
      append_counts(hidden("warnings"), counted.warnings_hidden);
      append_counts(hidden("orders"), counted.orders_hidden);
      append_counts(hidden("complaints"), counted.receipts_hidden);
      append_counts(hidden("matters"), counted.matters_hidden);
    });
    member("shelved", counted.shelved);
    member("rejected", counted.rejected);
    member("deadLetters", dead_letters);
    member("unreadable", counted.unreadable);
    member("dropped", counted.dropped_warnings + counted.dropped_orders + counted.dropped_receipts +
                          counted.dropped_matters + counted.dropped_timelines);
    member("flood", counted.flood);
  });
}

std::string Board::entity_json(const std::string& name) const {
  const std::lock_guard lock{mutex_};
  const auto it = entities_.find(name);
  const Entity* entity = it == entities_.end() ? nullptr : &it->second;
  const auto append_own = [&](std::string& out, const auto& rows) {
    std::map<std::pair<int, std::string>, const std::string*> own;
    for (const auto* kept : {&rows.open(), &rows.closed()})
      for (const auto& [id, row] : *kept)
        if (row.view.entity == name) own[{row.view.open() ? 0 : 1, id}] = row.event.get();
    append_json_array(out, [&](JsonElements& element) {
      for (const auto& [key, event] : own) element() += *event;
    });
  };
  return json_object([&](JsonMembers& member) {
    member("entity", name);
    member("status") += entity != nullptr && entity->status ? *entity->status : "null";
    append_own(member("warnings"), warnings_);
    append_own(member("orders"), orders_);
    append_own(member("complaints"), receipts_);
    append_own(member("matters"), matters_);
    append_json_array(member("timeline"), [&](JsonElements& element) {
      if (entity == nullptr) return;
      for (const std::string& step : entity->timeline) element() += step;
    });
  });
}

Text Board::warning(const std::string& id) const {
  const std::lock_guard lock{mutex_};
  const auto* row = warnings_.find(id);
  return row == nullptr ? nullptr : row->event;
}

std::optional<Board::OrderRecord> Board::order(const std::string& id) const {
  const std::lock_guard lock{mutex_};
  const auto* row = orders_.find(id);
  if (row == nullptr) return std::nullopt;
  OrderRecord record{row->view, row->event, nullptr, {}, {}};
  record.refusals.assign(row->refusals.begin(), row->refusals.end());
  if (const auto of = entities_.find(row->view.entity); of != entities_.end())
    record.status = of->second.status;
  for (const std::string& warning : row->view.warnings)
    if (const auto* found = warnings_.find(warning)) record.warnings.push_back(found->event);
  return record;
}

std::string Board::letters_json() const {
  const std::lock_guard lock{mutex_};
  return json_object([&](JsonMembers& member) {
    append_texts(member("rejected"), rejected_);
    append_texts(member("deadLetters"), dead_letters_);
  });
}

}  // namespace app
