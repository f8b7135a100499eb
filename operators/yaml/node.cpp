#include "operators/yaml/node.h"

#include <algorithm>

namespace yaml {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

/// Goes through the file from where a scalar stands, counting lines and characters.
class Walk {
 public:
  Walk(const std::string& text, std::size_t at, Place place)
      : text_(text), at_(at), place_(place) {}

  bool done() const { return at_ >= text_.size(); }
  char here() const { return done() ? '\0' : text_[at_]; }
  Place place() const { return place_; }
  void step() {
    if (done()) return;
    if (text_[at_++] == '\n')
      place_ = {place_.line + 1, 1};
    else if (done() || begins_character(text_[at_]))
      ++place_.column;
  }
  void skip_line() {
    while (!done() && here() != '\n') step();
    step();
  }
  void skip_spaces() {
    while (!done() && is_space(here())) step();
  }
  /// A backslash and what belongs to it.
  void skip_escape() {
    step();
    const char kind = here();
    int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    for (step(); digits > 0; --digits) step();
  }

 private:
  const std::string& text_;
  std::size_t at_;
  Place place_;
};

}  // namespace

Place Origin::at(std::string_view text, std::size_t offset) const {
  Place place{1, 1};
  std::size_t from = 0;
  for (const Jump& jump : jumps_) {
    if (jump.offset > offset) break;
    place = jump.place;
    from = jump.offset;
  }
  const std::string_view between = text.substr(from, offset - from);
  place.column += static_cast<int>(std::count_if(between.begin(), between.end(), begins_character));
  return place;
}

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members)
    if (member.key.text == key) return &member.value;
  return nullptr;
}

Origin Node::origin() const {
  if (!is_scalar() || source == nullptr) return Origin{place};
  Walk walk{*source, offset, place};
  const char style = plain ? '\0' : walk.here();
  if (style == '|' || style == '>')
    walk.skip_line();
  else if (style == '"' || style == '\'')
    walk.step();
  walk.skip_spaces();
  Origin origin{walk.place()};
  for (std::size_t i = 0; i < text.size() && !walk.done();) {
    if (style == '"' && walk.here() == '\\') {
      walk.skip_escape();
      ++i;
    } else if (style == '\'' && walk.here() == '\'') {
      walk.step();
      walk.step();
      ++i;
    } else if (is_space(text[i]) && is_space(walk.here())) {
      // Folded lines: whatever whitespace is there stands for whatever is here.
      while (i < text.size() && is_space(text[i])) ++i;
      walk.skip_spaces();
    } else {
      walk.step();
      ++i;
      continue;  // one stands for one
    }
    while (i < text.size() && !begins_character(text[i])) ++i;
    origin.jump(i, walk.place());
  }
  return origin;
}

std::string Node::shown() const {
  constexpr std::size_t kShown = 60;
  switch (kind) {
    case Kind::scalar: {
      if (text.size() <= kShown) return "'" + text + "'";
      std::size_t end = kShown;
      while (!begins_character(text[end])) --end;
      return "'" + text.substr(0, end) + "…'";
    }
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a mapping";
    default:
      return "nothing";
  }
}

}  // namespace yaml
