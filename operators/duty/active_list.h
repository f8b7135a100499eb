#pragma once

// ActiveList: a city's list (duty, hotline, law, calendar) as its active version has it. It is no
// state: the task hands the version over again when it restores. Kept by the operators that go by
// the list; one task's thread.

#include <string>
#include <utility>

#include "streams/result.h"
#include "streams/version.h"

namespace city {

template <class List>
struct ActiveList {
  List list;
  std::string version;  // "duty@9f3c21ab"; empty: none is active yet

  /// False: it could not be read, and the list in force stays in force (activation validates
  /// before). A version without content takes the list away.
  bool take(const streams::Version& active) {
    if (active.content.empty()) {
      *this = {};
      return true;
    }
    streams::Result<List> parsed = List::parse(active.content, active.name);
    if (!parsed) return false;
    list = std::move(*parsed);
    version = active.name + "@" + active.hash;
    return true;
  }
  const List* operator->() const { return &list; }
};

}  // namespace city
