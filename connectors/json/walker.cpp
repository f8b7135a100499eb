#include "connectors/json/walker.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "streams/check.h"

namespace connectors {
namespace {

using streams::Decoder;

static_assert(Decoder::kPadding >= simdjson::SIMDJSON_PADDING);

/// Where a string holds a control character or, failing that, where the one that never closes
/// opens.
std::size_t broken_string(std::string_view text) {
  std::size_t opened = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      inside = !inside;
      opened = i;
    } else if (inside && text[i] == '\\') {
      ++i;
    } else if (inside && static_cast<unsigned char>(text[i]) < 0x20) {
      return i;
    }
  }
  return opened;
}

std::size_t broken_utf8(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
  };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i);
    const unsigned second = byte(i + 1);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    bool good = lead < 0x80 || (lead >= 0xC2 && lead <= 0xF4);
    for (std::size_t k = 1; k < length; ++k) good = good && (byte(i + k) & 0xC0) == 0x80;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90))
      good = false;
    if (!good) return i;
    i += length;
  }
  return text.size();
}

}  // namespace

Walker::Walker() = default;
Walker::~Walker() = default;

Walker::Mark Walker::start(std::string_view text) {
  text_ = text.data();
  size_ = text.size();
  begin_ = end_ = nullptr;
  depth_ = 0;
  what_ = nullptr;
  if (text.empty()) return fail(nullptr, "the text is empty");
  if (size_ > capacity_ && !reserve()) return fail(nullptr, "the text is too large");
  const auto error = stage_->stage1(reinterpret_cast<const std::uint8_t*>(text_), size_,
                                    simdjson::stage1_mode::regular);
  if (error != simdjson::SUCCESS) return fail_at_stage(error);
  begin_ = stage_->structural_indexes.get();
  end_ = begin_ + stage_->n_structural_indexes;
  escapes_ = std::memchr(text_, '\\', size_) != nullptr;
  unescaped_used_ = 0;
  // Unescaped text is never longer, and the decoder may walk over `data` a second time: the buffer
  // does not grow while views into it are out.
  if (escapes_ && unescaped_.size() < 2 * size_ + Decoder::kPadding)
    unescaped_.resize(2 * size_ + Decoder::kPadding);
  return begin_;
}

Walker::Extent Walker::extent() const {
  Extent extent{.values = 1};
  for (Mark at = begin_; at < end_; ++at) {
    if (text_[*at] == ',') ++extent.values;
    if (text_[*at] == '"')
      extent.longest_text = std::max<std::size_t>(extent.longest_text, at[1] - *at);
  }
  return extent;
}

bool Walker::may_hold_control() const {
  constexpr int kDelete = 0x7F, kLeadOfC1 = 0xC2;
  return escapes_ || std::memchr(text_, kDelete, size_) != nullptr ||
         std::memchr(text_, kLeadOfC1, size_) != nullptr;
}

Walker::Mark Walker::start_unpadded(std::string_view text) {
  copy_.assign(text);
  copy_.append(Decoder::kPadding, '\0');
  return start({copy_.data(), text.size()});
}

bool Walker::reserve() {
  const std::size_t wanted = std::max(std::size_t{4096}, size_ + size_ / 2);
  capacity_ = 0;
  const auto error = stage_ ? stage_->set_capacity(wanted)
                            : simdjson::get_active_implementation()
                                  ->create_dom_parser_implementation(wanted, 1, stage_);
  if (error != simdjson::SUCCESS) return false;
  capacity_ = wanted;
  return true;
}

Walker::Mark Walker::fail_at_stage(int error) {
  const std::string_view text{text_, size_};
  switch (error) {
    case simdjson::UTF8_ERROR:
      fail(nullptr, "there is no valid UTF-8");
      what_at_ = broken_utf8(text);
      return nullptr;
    case simdjson::UNCLOSED_STRING:
      fail(nullptr, "a string opens and never closes");
      what_at_ = broken_string(text);
      return nullptr;
    case simdjson::UNESCAPED_CHARS:
      fail(nullptr, "a string holds a control character");
      what_at_ = broken_string(text);
      return nullptr;
    case simdjson::EMPTY: return fail(nullptr, "the text is empty");
    default: return fail(nullptr, simdjson::error_message(simdjson::error_code(error)));
  }
}

bool Walker::finish(Mark at) {
  if (at != nullptr && at != end_) fail(at, "there is more text after the value");
  return at != nullptr && at == end_;
}

streams::Reject Walker::failure() const {
  return {std::string{"not JSON: "} + (what_ != nullptr ? what_ : "nothing was read") +
              " at byte " + std::to_string(what_at_),
          what_at_};
}

Walker::Mark Walker::fail(Mark at, const char* what) {
  if (what_ == nullptr) {  // the first one is the cause
    what_ = what;
    what_at_ = position(at);
  }
  return nullptr;
}

Walker::Mark Walker::fail_at_member(Mark at) {
  constexpr const char* kEnds = "the text ends inside an object";
  if (at >= end_) return fail(end_, kEnds);
  if (text_[*at] != '"') return fail(at, "there is no name in quotes");
  if (at + 1 < end_ && text_[at[1]] != ':') return fail(at + 1, "there is no ':' after the name");
  return fail(end_, kEnds);
}

Walker::Mark Walker::look_up(Mark at, KeyTable& names, std::size_t place, std::uint32_t& number) {
  std::string_view name;
  const Mark next = string(at, name);
  if (next == nullptr) return nullptr;
  number = names.find(name);
  const char* written = text_ + *at + 1;
  if (name.data() == written) names.remember(place, name, number);  // else it had escapes
  return next;
}

bool Walker::unescape(Mark at, std::string_view& content) {
  if (std::memchr(content.data(), '\\', content.size()) == nullptr) return true;
  CHECK(unescaped_used_ + content.size() + Decoder::kPadding <= unescaped_.size());
  auto* to = reinterpret_cast<std::uint8_t*>(unescaped_.data() + unescaped_used_);
  const auto* end = stage_->parse_string(reinterpret_cast<const std::uint8_t*>(content.data()), to);
  if (end == nullptr) return fail(at, "a string holds a broken escape") != nullptr;
  content = {unescaped_.data() + unescaped_used_, static_cast<std::size_t>(end - to)};
  unescaped_used_ += content.size();
  return true;
}

Walker::Mark Walker::whole(Mark at, streams::Slot& slot) {
  streams::Slot inner;
  const Mark next =
      first(at) == '{' ? object(at, [&](std::string_view, Mark in) { return value(in, inner); })
                       : array(at, [&](Mark in) { return value(in, inner); });
  if (next != nullptr) slot = streams::Slot::raw(passed(at, next));
  return next;
}

}  // namespace connectors
