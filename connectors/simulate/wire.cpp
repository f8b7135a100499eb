#include "connectors/simulate/wire.h"

#include <charconv>

namespace simulate {
namespace {

constexpr std::string_view kBlank = "0000-00-00T00:00:00.000Z";
constexpr std::string_view kRecorded = "{\"specversion\":\"1.0\",\"recordedtime\":\"";

}  // namespace

void append_local_time(std::string& out, Time time) {
  streams::append_time(out, time + 8h);
  out.pop_back();
  out += "+08:00";
}

void append_whole(std::string& out, std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_fixed(std::string& out, std::int64_t number, int decimals) {
  std::int64_t scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  if (number < 0) out += '-';
  number = number < 0 ? -number : number;
  append_whole(out, number / scale);
  out += '.';
  const std::size_t at = out.size();
  append_whole(out, number % scale + scale);
  out.erase(at, 1);  // the leading one that kept the zeros
}

Sheet::Sheet(Door door, std::string_view source, std::string_view id, std::string_view subject,
             Time time, std::string_view vouched)
    : door_(door) {
  bytes_.reserve(512);
  bytes_ += kRecorded;
  bytes_ += kBlank;
  bytes_ += "\",\"id\":\"";
  bytes_ += id;
  bytes_ += "\",\"source\":\"";
  bytes_ += source;
  bytes_ += "\",\"type\":\"";
  bytes_ += type_of(door);
  bytes_ += "\",\"subject\":\"";
  bytes_ += subject;
  bytes_ += "\",\"time\":\"";
  append_local_time(bytes_, time);
  if (!vouched.empty()) {
    bytes_ += "\",\"vouchedunits\":\"";
    bytes_ += vouched;
  }
  bytes_ += "\",\"datacontenttype\":\"application/json\",\"data\":{";
}

void Sheet::name(std::string_view name) {
  bytes_ += first_ ? "\"" : ",\"";
  first_ = false;
  bytes_ += name;
  bytes_ += "\":";
}

Sheet& Sheet::text(std::string_view key, std::string_view value) {
  name(key);
  streams::append_json_text(bytes_, value);
  return *this;
}

Sheet& Sheet::text_or_null(std::string_view key, std::string_view value) {
  return value.empty() ? raw(key, "null") : text(key, value);
}

Sheet& Sheet::whole(std::string_view key, std::int64_t value) {
  name(key);
  append_whole(bytes_, value);
  return *this;
}

Sheet& Sheet::fixed(std::string_view key, std::int64_t value, int decimals) {
  name(key);
  append_fixed(bytes_, value, decimals);
  return *this;
}

Sheet& Sheet::truth(std::string_view key, bool value) {
  return raw(key, value ? "true" : "false");
}

Sheet& Sheet::time(std::string_view key, Time value) {
  name(key);
  bytes_ += '"';
  append_local_time(bytes_, value);
  bytes_ += '"';
  return *this;
}

Sheet& Sheet::raw(std::string_view key, std::string_view json) {
  name(key);
  bytes_ += json;
  return *this;
}

std::string Sheet::finish() {
  bytes_ += "}}";
  return std::move(bytes_);
}

void stamp(std::string& bytes, Time recorded) {
  std::string text;
  streams::append_time(text, recorded);
  bytes.replace(kRecorded.size(), text.size(), text);
}

}  // namespace simulate
