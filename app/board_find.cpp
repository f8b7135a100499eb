// What the board knows of a text that somebody looks for: an id, a number, a code, a name or an
// address. Records pass through as they are; whoever shows them says why they are as they are.

#include <algorithm>
#include <set>
#include <string_view>

#include "app/board.h"
#include "app/sought.h"

namespace app {

using streams::append_json_array;
using streams::append_json_object;
using streams::json_object;
using streams::JsonElements;
using streams::JsonMembers;

namespace {

constexpr std::size_t kMostPlaces = 20, kMostRows = 30;  // shown

/// In what the record says, not in its envelope.
bool says(const std::string& event, const std::string& text) {
  const std::size_t data = event.find(R"("data":)");
  return data != event.npos && event.find(text, data) != event.npos;
}

/// Of what has the text in it, what is open and what changed last comes first.
template <class Rows, class Fits>
void append_found(std::string& out, const Rows& rows, const Fits& fits) {
  struct Found {
    bool closed;
    std::string_view id;
    const std::string* event;
  };
  std::vector<Found> found;
  for (const auto* kept : {&rows.open(), &rows.closed()})
    for (const auto& [id, row] : *kept)
      if (fits(row.view.entity, *row.event))
        found.push_back({!row.view.open(), id, row.event.get()});
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tie(a.closed, a.id) < std::tie(b.closed, b.id);
  });
  found.resize(std::min(found.size(), kMostRows));
  append_json_array(out, [&](JsonElements& element) {
    for (const Found& one : found) element() += *one.event;
  });
}

}  // namespace

std::string Board::find_json(const std::string& text) const {
  const Sought sought{text};
  const std::lock_guard lock{mutex_};
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
  const std::size_t places_found = places.size();
  places.resize(std::min(places.size(), kMostPlaces));
  const auto fits = [&](const std::string& entity, const std::string& event) {
    return found.contains(entity) || sought.in(event);
  };
  const auto append_letters = [&](std::string& out, const std::deque<Text>& letters) {
    append_json_array(out, [&](JsonElements& element) {
      for (const Text& letter : letters)
        if (sought.in(*letter) || letter->find("\\\"" + text + "\\\"") != std::string::npos)
          element() += *letter;
    });
  };
  return json_object([&](JsonMembers& member) {
    member("text", text);
    member("placesFound", places_found);
    append_json_array(member("places"), [&](JsonElements& element) {
      for (const auto& [name, entity] : places)
        append_json_object(element(), [&](JsonMembers& place) {
          place("entity", *name);
          place("steps", entity->timeline.size());
          place("status") += entity->status ? *entity->status : "null";
        });
    });
    append_found(member("warnings"), warnings_, fits);
    append_found(member("orders"), orders_, fits);
    append_found(member("complaints"), receipts_, fits);
    append_found(member("matters"), matters_, fits);
    append_letters(member("rejected"), rejected_);
    append_letters(member("deadLetters"), dead_letters_);
  });
}

}  // namespace app
