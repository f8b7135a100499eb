#pragma once

// JSON of described types (schema.h). Out: appended text, fields in the order of the list, absent
// optionals as null. In: through JsonReader, the abstract cursor that connectors/json implements on
// simdjson; unknown members are ignored, as the contract asks of every receiver. Any thread.

#include <functional>

#include "streams/schema.h"

namespace streams {

void append_json_text(std::string& out, std::string_view text);
void append_json_number(std::string& out, double number);
/// JSON text must be UTF-8; what is not becomes U+FFFD, so that the rest can be read.
std::string readable_text(std::string_view bytes);

template <class T>
void append_json(std::string& out, const T& value);

/// Writes the members of one object: `member("name", value)`, or `member("name")` for a value that
/// is then appended to what it returns. The commas come by themselves.
class JsonMembers {
 public:
  explicit JsonMembers(std::string& out) : out_(out) {}
  std::string& operator()(std::string_view name) {
    if (any_) out_ += ',';
    any_ = true;
    append_json_text(out_, name);
    return out_ += ':';
  }
  template <class T>
  void operator()(std::string_view name, const T& value) {
    append_json((*this)(name), value);
  }

 private:
  std::string& out_;
  bool any_ = false;
};

/// Likewise the elements of one array.
class JsonElements {
 public:
  explicit JsonElements(std::string& out) : out_(out) {}
  std::string& operator()() {
    if (any_) out_ += ',';
    any_ = true;
    return out_;
  }
  template <class T>
  void operator()(const T& value) {
    append_json((*this)(), value);
  }

 private:
  std::string& out_;
  bool any_ = false;
};

/// An object or an array, filled by `fill`: what is not a described type, or is mostly JSON
/// already.
template <class Fill>
void append_json_object(std::string& out, const Fill& fill) {
  out += '{';
  JsonMembers member{out};
  fill(member);
  out += '}';
}
template <class Fill>
void append_json_array(std::string& out, const Fill& fill) {
  out += '[';
  JsonElements element{out};
  fill(element);
  out += ']';
}
/// The object alone, as text.
template <class Fill>
std::string json_object(const Fill& fill) {
  std::string out;
  append_json_object(out, fill);
  return out;
}

template <class T>
void append_json(std::string& out, const T& value) {
  if constexpr (Described<T>) {
    append_json_object(out, [&](JsonMembers& member) { for_each_field(value, member); });
  } else if constexpr (is_vector<T>) {
    append_json_array(out, [&](JsonElements& element) {
      for (const auto& one : value) element(one);
    });
  } else if constexpr (is_optional<T>) {
    if (value)
      append_json(out, *value);
    else
      out += "null";
  } else if constexpr (std::is_convertible_v<T, std::string_view>) {
    append_json_text(out, value);
  } else if constexpr (std::is_same_v<T, Json>) {
    out += value.text;
  } else if constexpr (std::is_same_v<T, Time>) {
    out += '"';
    append_time(out, value);
    out += '"';
  } else if constexpr (std::is_same_v<T, Duration>) {
    append_json_text(out, format_duration(value));
  } else if constexpr (Named<T>) {
    append_json_text(out, name_of(value));
  } else if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_floating_point_v<T>) {
    append_json_number(out, value);
  } else {
    out += std::to_string(value);
  }
}

/// One JSON value, read once and front to back. Each reader returns false when the value is not of
/// the kind asked for or the text is broken.
class JsonReader {
 public:
  virtual ~JsonReader() = default;
  virtual bool null() = 0;  // true: it is null, and read
  virtual bool boolean(bool& value) = 0;
  virtual bool number(double& value) = 0;
  virtual bool text(std::string& value) = 0;
  virtual bool raw(std::string& json) = 0;
  /// `member` returns false to stop: the whole is then false. A member left unread is skipped.
  virtual bool object(const std::function<bool(std::string_view, JsonReader&)>& member) = 0;
  virtual bool array(const std::function<bool(JsonReader&)>& element) = 0;
};

/// False: `where` names the field that was not as described ("responders.acceptBy").
template <class T>
bool read_json(JsonReader& in, T& value, std::string& where) {
  if constexpr (Described<T>) {
    return in.object([&](std::string_view key, JsonReader& member_in) {
      bool good = true;
      for_each_field(value, [&](std::string_view name, auto& member) {
        if (name != key || !good) return;
        good = read_json(member_in, member, where);
        if (!good) where = std::string{name} + (where.empty() ? "" : "." + where);
      });
      return good;
    });
  } else if constexpr (is_optional<T>) {
    if (in.null()) return true;
    return read_json(in, value.emplace(), where);
  } else if constexpr (is_vector<T>) {
    if (in.null()) return true;
    return in.array(
        [&](JsonReader& element) { return read_json(element, value.emplace_back(), where); });
  } else if constexpr (std::is_same_v<T, std::string>) {
    return in.null() || in.text(value);
  } else if constexpr (std::is_same_v<T, Json>) {
    return in.raw(value.text);
  } else if constexpr (std::is_same_v<T, bool>) {
    return in.boolean(value);
  } else if constexpr (std::is_arithmetic_v<T>) {
    double number = 0;
    if (!in.number(number)) return false;
    value = static_cast<T>(number);
    return true;
  } else {
    std::string text;
    if (!in.text(text)) return false;
    std::optional<T> parsed;
    if constexpr (std::is_same_v<T, Time>)
      parsed = parse_time(text);
    else if constexpr (std::is_same_v<T, Duration>)
      parsed = parse_duration(text);
    else
      parsed = named<T>(text);
    if (parsed) value = *parsed;
    return parsed.has_value();
  }
}

}  // namespace streams
