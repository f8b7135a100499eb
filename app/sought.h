#pragma once

// Sought: a text looked for in records as a whole value, or as the id behind a `kind/`: "w-1" is
// found in {"id":"w-1"}, "c-1" in {"receipt":"complaint/c-1"}, neither in {"id":"w-12"}. Many
// records are passed over for one that has it. Any thread.

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>

#include "streams/json.h"

namespace app {

class Sought {
 public:
  explicit Sought(std::string_view text)
      : ending_(ending_of(text)), searcher_(text_begin(), end()) {}
  Sought(const Sought&) = delete;

  bool in(std::string_view json) const {
    for (auto from = json.begin(); from != json.end(); ++from) {
      from = std::search(from, json.end(), searcher_);
      if (from == json.end()) return false;
      if (from != json.begin() && (from[-1] == '"' || from[-1] == '/')) return true;
    }
    return false;
  }

 private:
  using At = std::string::const_iterator;
  static std::string ending_of(std::string_view text) {
    std::string quoted;
    streams::append_json_text(quoted, text);
    return quoted.substr(1);
  }
  At text_begin() const { return ending_.begin(); }
  At end() const { return ending_.end(); }

  const std::string ending_;  // the text and the quote that ends it
  const std::boyer_moore_horspool_searcher<At> searcher_;
};

}  // namespace app
