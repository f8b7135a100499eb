#pragma once

// Walker: one pass over JSON text, front to back, checking all of it. simdjson's first stage (the
// fastest the CPU has, chosen at run time) finds where every token starts and checks UTF-8; the
// walker goes from token to token. All JSON that comes in passes here: the decoder, the JSON reader
// and raw lists are made of it. Not simdjson's on-demand parser: its inlined half is built for the
// oldest x86, and it leaves unread values unchecked, though event.data goes out again as it came
// in. One thread.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "connectors/json/key_table.h"
#include "connectors/json/number.h"
#include "streams/decoder.h"
#include "streams/slot.h"

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace connectors {

class Walker {
 public:
  /// A token: where it starts, in simdjson's list. Null: the walk has failed. Marks are handed from
  /// call to call rather than kept in the walker, so that they stay in a register.
  using Mark = const std::uint32_t*;

  Walker();
  ~Walker();
  Walker(const Walker&) = delete;
  Walker& operator=(const Walker&) = delete;

  /// The first token of `text`, which is followed by Decoder::kPadding readable bytes and outlives
  /// the walk. Null here and below: failure() says why.
  Mark start(std::string_view text);
  /// The same for text with nothing behind it: walks over a copy.
  Mark start_unpadded(std::string_view text);

  /// First byte of a token, 0 at the end of the text.
  char first(Mark at) const { return at < end_ ? text_[*at] : '\0'; }
  std::size_t position(Mark at) const { return at < end_ ? *at : size_; }
  const char* text() const { return text_; }
  Mark end() const { return end_; }
  /// The JSON text of a value that starts at `from` and ends before `to`.
  std::string_view passed(Mark from, Mark to) const;

  /// Passes a value of any kind and returns the token behind it. Text with escapes is unescaped
  /// into the walker's buffer and lives there until the next start; other text, and raw, is a view
  /// into the text walked over.
  Mark value(Mark at, streams::Slot& slot);
  /// Passes an object: `member(key, at)` passes the value at `at`.
  template <class Member>
  Mark object(Mark at, Member&& member);
  /// The same; `member(number, at)` gets the name's number in `names`, or kNone.
  template <class Member>
  Mark object(Mark at, KeyTable& names, Member&& member);
  /// Passes an array: `element(at)` passes the value at `at`.
  template <class Element>
  Mark array(Mark at, Element&& element);

  /// Whether the walk, come to `at`, has ended well and with the text.
  bool finish(Mark at);

  Mark fail(Mark at, const char* what);
  bool failed() const { return what_ != nullptr; }
  streams::Reject failure() const;

  static constexpr int kMaxDepth = 64;

  /// Of the text: names, values and the punctuation between them.
  std::size_t tokens() const { return static_cast<std::size_t>(end_ - begin_); }
  /// Members of objects and elements of arrays, all together; and its longest text, as written.
  struct Extent {
    std::size_t values = 0, longest_text = 0;
  };
  Extent extent() const;
  /// Whether any text in it may hold a control character: there is an escape, or a byte that such a
  /// character is written with.
  bool may_hold_control() const;

 private:
  template <class Name, class Member>
  Mark members(Mark at, Name&& name, Member&& member);
  static bool space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
  const char* end_of_scalar(Mark at) const;
  Mark string(Mark at, std::string_view& content);
  Mark number(Mark at, double& value);
  template <std::size_t kSize>
  Mark literal(Mark at, const char (&word)[kSize]);
  Mark look_up(Mark at, KeyTable& names, std::size_t place, std::uint32_t& number);
  bool reserve();
  bool unescape(Mark at, std::string_view& content);
  Mark whole(Mark at, streams::Slot& slot);
  Mark open(Mark at);
  Mark close(Mark at);
  Mark fail_at_member(Mark at);
  Mark fail_at_stage(int error);

  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
  std::size_t capacity_ = 0;
  const char* text_ = "";
  std::size_t size_ = 0;
  Mark begin_ = nullptr;
  Mark end_ = nullptr;  // behind the last token; there stands size_
  int depth_ = 0;
  bool escapes_ = false;  // a backslash somewhere in the text; mostly there is none
  std::string unescaped_;
  std::size_t unescaped_used_ = 0;
  std::string copy_;
  const char* what_ = nullptr;
  std::size_t what_at_ = 0;
};

inline const char* Walker::end_of_scalar(Mark at) const {
  const char* last = text_ + at[1];
  while (space(last[-1])) --last;
  return last;
}

[[gnu::always_inline]] inline Walker::Mark Walker::string(Mark at, std::string_view& content) {
  const char* first = text_ + *at + 1;
  const char* last = text_ + at[1] - 1;
  while (space(*last)) --last;  // ends at the closing quote, or at the opening one at the latest
  if (last < first || *last != '"') return fail(at, "a string is followed by what is no JSON");
  content = {first, static_cast<std::size_t>(last - first)};
  if (escapes_ && !unescape(at, content)) return nullptr;
  return at + 1;
}

[[gnu::always_inline]] inline Walker::Mark Walker::number(Mark at, double& value) {
  switch (parse_number(text_ + *at, end_of_scalar(at), value)) {
    case NumberFault::none: return at + 1;
    case NumberFault::not_a_number: return fail(at, "there is no JSON value");
    case NumberFault::not_finite: break;
  }
  return fail(at, "there is a number beyond the range of a double");
}

template <std::size_t kSize>
[[gnu::always_inline]] inline Walker::Mark Walker::literal(Mark at, const char (&word)[kSize]) {
  const char* first = text_ + *at;
  if (end_of_scalar(at) - first != kSize - 1 || std::memcmp(first, word, kSize - 1) != 0)
    return fail(at, "there is no JSON value");
  return at + 1;
}

[[gnu::always_inline]] inline Walker::Mark Walker::value(Mark at, streams::Slot& slot) {
  switch (first(at)) {
    case '"': {
      std::string_view content;
      const Mark next = string(at, content);
      slot = streams::Slot::text(content);
      return next;
    }
    case 't': slot = streams::Slot::boolean(true); return literal(at, "true");
    case 'f': slot = streams::Slot::boolean(false); return literal(at, "false");
    case 'n': slot = streams::Slot::null(); return literal(at, "null");
    case '{':
    case '[': return whole(at, slot);
    default: {
      if (at >= end_) return fail(at, "the text ends where a value should stand");
      double read = 0;
      const Mark next = number(at, read);
      slot = streams::Slot::number(read);
      return next;
    }
  }
}

template <class Name, class Member>
[[gnu::always_inline]] inline Walker::Mark Walker::members(Mark at, Name&& name, Member&& member) {
  at = open(at);
  if (at == nullptr) return nullptr;
  if (first(at) == '}') return close(at);
  while (true) {
    // From here on name, colon and value are known to be there, and need no look at the end.
    if (end_ - at < 3 || text_[*at] != '"') return fail_at_member(at);
    at = name(at);
    if (at == nullptr) return nullptr;
    if (text_[*at] != ':') return fail(at, "there is no ':' after the name");
    at = member(at + 1);
    if (at == nullptr) return nullptr;
    const char next = first(at);
    if (next == '}') return close(at);
    if (next != ',') return fail(at, "there is no ',' or '}' after a member of an object");
    ++at;
  }
}

template <class Member>
inline Walker::Mark Walker::object(Mark from, Member&& member) {
  std::string_view key;
  return members(from, [&](Mark at) { return string(at, key); },
                 [&](Mark at) { return member(key, at); });
}

template <class Member>
inline Walker::Mark Walker::object(Mark from, KeyTable& names, Member&& member) {
  std::uint32_t number = KeyTable::kNone;
  std::size_t place = 0;
  const auto name = [&](Mark at) -> Mark {
    if (names.guess(place++, text_ + *at + 1, number)) return at + 1;
    return look_up(at, names, place - 1, number);
  };
  return members(from, name, [&](Mark at) { return member(number, at); });
}

template <class Element>
inline Walker::Mark Walker::array(Mark at, Element&& element) {
  at = open(at);
  if (at == nullptr) return nullptr;
  if (first(at) == ']') return close(at);
  while (true) {
    at = element(at);
    if (at == nullptr) return nullptr;
    const char next = first(at);
    if (next == ']') return close(at);
    if (next != ',') return fail(at, "there is no ',' or ']' after an element of an array");
    ++at;
  }
}

inline std::string_view Walker::passed(Mark from, Mark to) const {
  const char* first = text_ + *from;
  const bool nested = *first == '{' || *first == '[';
  const char* last = nested ? text_ + to[-1] + 1 : end_of_scalar(to - 1);
  return {first, static_cast<std::size_t>(last - first)};
}

inline Walker::Mark Walker::open(Mark at) {
  if (++depth_ > kMaxDepth) return fail(at, "objects and arrays are nested too deeply");
  return at + 1;
}

inline Walker::Mark Walker::close(Mark at) {
  --depth_;
  return at + 1;
}

}  // namespace connectors
