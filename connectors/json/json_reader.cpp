#include "connectors/json/json_reader.h"

namespace connectors {

using streams::JsonReader;
using streams::Slot;

bool SimdJsonReader::read(Slot& value) {
  if (at_ == nullptr) return false;
  at_ = walker_.value(at_, value);
  return at_ != nullptr;
}

// A value of another kind than asked for stays unread: the caller may ask again or let it be
// skipped.

bool SimdJsonReader::null() {
  Slot slot;
  return next('n') && read(slot);
}

bool SimdJsonReader::boolean(bool& value) {
  Slot slot;
  if ((!next('t') && !next('f')) || !read(slot)) return false;
  value = slot.b;
  return true;
}

bool SimdJsonReader::number(double& value) {
  Slot slot;
  const char first = at_ != nullptr ? walker_.first(at_) : '\0';
  if ((first != '-' && (first < '0' || first > '9')) || !read(slot)) return false;
  value = slot.d;
  return true;
}

bool SimdJsonReader::text(std::string& value) {
  Slot slot;
  if (!next('"') || !read(slot)) return false;
  value = slot.view();
  return true;
}

bool SimdJsonReader::raw(std::string& json) {
  Slot slot;
  const Walker::Mark from = at_;
  if (!read(slot)) return false;
  json = walker_.passed(from, at_);
  return true;
}

template <class Reading>
Walker::Mark SimdJsonReader::at_value(Walker::Mark at, const Reading& reading) {
  at_ = at;
  if (!reading()) return walker_.fail(at, "the value is not as expected");
  Slot unread;
  return at_ == at ? walker_.value(at, unread) : at_;
}

bool SimdJsonReader::object(const std::function<bool(std::string_view, JsonReader&)>& member) {
  if (!next('{')) return false;
  const bool outermost = at_ == start_;
  at_ = walker_.object(at_, [&](std::string_view name, Walker::Mark at) {
    return at_value(at, [&] { return member(name, *this); });
  });
  return outermost ? walker_.finish(at_) : at_ != nullptr;
}

bool SimdJsonReader::array(const std::function<bool(JsonReader&)>& element) {
  if (!next('[')) return false;
  const bool outermost = at_ == start_;
  at_ = walker_.array(at_, [&](Walker::Mark at) {
    return at_value(at, [&] { return element(*this); });
  });
  return outermost ? walker_.finish(at_) : at_ != nullptr;
}

}  // namespace connectors
