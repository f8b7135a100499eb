// What the board knows of a text that somebody looks for: an id, a number, a code, a name or an
// address. Records pass through as they are; whoever shows them says why they are as they are.

#include <algorithm>
#include <set>
#include <string_view>

#include "app/board.h"
#include "app/sought.h"

namespace app {

using streams::append_json_text;

namespace {

constexpr std::size_t kMostPlaces = 20, kMostRows = 30;  // shown

/// In what the record says, not in its envelope.
bool says(const std::string& event, const std::string& text) {
  const std::size_t data = event.find(R"("data":)");
  return data != event.npos && event.find(text, data) != event.npos;
}

/// Of what has the text in it, what is open and what changed last comes first.
template <class Rows, class Fits>
void append_found(std::string& out, std::string_view name, const Rows& rows, const Fits& fits) {
  struct Found {
    bool closed;
    std::string_view id;
    const std::string* event;
  };
  std::vector<Found> found;
  for (const auto* kept : {&rows.open, &rows.closed})
    for (const auto& [id, row] : *kept)
      if (fits(row.view.entity, *row.event))
        found.push_back({!row.view.open(), id, row.event.get()});
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tie(a.closed, a.id) < std::tie(b.closed, b.id);
  });
  out += ',';
  append_json_text(out, name);
  out += ":[";
  for (std::size_t i = 0; i < std::min(found.size(), kMostRows); ++i)
    out += (i > 0 ? "," : "") + *found[i].event;
  out += ']';
}

}  // namespace

std::string Board::find_json(const std::string& text) const {
  const Sought sought{text};
  const std::lock_guard lock{mutex_};
  std::string out = R"({"text":)";
  append_json_text(out, text);
  // A place is found by any part of its name or address; where most has happened comes first.
  std::vector<std::pair<const std::string*, const Entity*>> places;
  std::set<std::string_view> found;
  for (const auto& [name, entity] : entities_) {
    if (name != text && !name.ends_with("/" + text) &&
        !(entity.status && says(*entity.status, text)))
      continue;
    places.emplace_back(&name, &entity);
    found.insert(name);
  }
  std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) {
    return std::tuple{b.second->timeline.size(), *a.first} <
           std::tuple{a.second->timeline.size(), *b.first};
  });
  out += R"(,"placesFound":)" + std::to_string(places.size());
  if (places.size() > kMostPlaces) places.resize(kMostPlaces);
  out += R"(,"places":[)";
  bool any = false;
  for (const auto& [name, entity] : places) {
    out += any ? R"(,{"entity":)" : R"({"entity":)";
    any = true;
    append_json_text(out, *name);
    out += R"(,"steps":)" + std::to_string(entity->timeline.size());
    out += R"(,"status":)" + (entity->status ? *entity->status : "null") + '}';
  }
  out += ']';
  const auto fits = [&](const std::string& entity, const std::string& event) {
    return found.contains(entity) || sought.in(event);
  };
  append_found(out, "warnings", warnings_, fits);
  append_found(out, "orders", orders_, fits);
  append_found(out, "complaints", receipts_, fits);
  append_found(out, "matters", matters_, fits);
  const auto append_letters = [&](std::string_view name, const std::deque<Text>& letters) {
    out += ',';
    append_json_text(out, name);
    char before = '[';
    out += ':';
    for (const Text& letter : letters) {
      if (!sought.in(*letter) && letter->find("\\\"" + text + "\\\"") == std::string::npos)
        continue;
      out += before + *letter;
      before = ',';
    }
    out += before == '[' ? "[]" : "]";
  };
  append_letters("rejected", rejected_);
  append_letters("deadLetters", dead_letters_);
  return out += '}';
}

}  // namespace app
