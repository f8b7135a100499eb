#include "connectors/json/cel_lines.h"

#include <simdjson.h>

#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "operators/rules/cel/cel.h"

namespace connectors {
namespace {

namespace dom = simdjson::dom;
using cel::Entry;
using cel::Kind;
using cel::Slot;

constexpr std::size_t kArenaBytes = 16 << 20;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr char kHexDigits[] = "0123456789abcdef";

template <class T>
std::optional<T> get(const dom::element& element) {
  T value{};
  return element.get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
}

template <class T>
std::optional<T> field(const dom::element& object, std::string_view name) {
  dom::element value;
  if (object[name].get(value) != simdjson::SUCCESS) return std::nullopt;
  return get<T>(value);
}

/// Reads typed values into slots; what isn't text of the line itself goes to the arena.
class Reader {
 public:
  explicit Reader(cel::Arena& arena) : arena_(arena) {}

  std::optional<Slot> read(const dom::element& typed) {
    const auto type = field<std::string_view>(typed, "type");
    const auto value = field<dom::element>(typed, "value");
    if (!type || !value) return std::nullopt;
    if (*type == "null") return Slot::null();
    if (*type == "bool") return made<bool>(*value, Slot::boolean);
    if (*type == "int") return made<std::int64_t>(*value, Slot::integer);
    if (*type == "uint") return made<std::uint64_t>(*value, Slot::natural);
    if (*type == "string") return made<std::string_view>(*value, Slot::text);
    if (*type == "double") return number(*value);
    if (*type == "bytes") return bytes(*value);
    if (*type == "list") return list(*value);
    if (*type == "map") return map(*value);
    if (*type == "duration") return time(Kind::duration, *value);
    if (*type == "timestamp") return time(Kind::timestamp, *value);
    const auto name = get<std::string_view>(*value);
    return *type == "type" && name ? cel::type_named(*name) : std::nullopt;
  }

 private:
  template <class T>
  static std::optional<Slot> made(const dom::element& value, Slot (*make)(T)) {
    const auto got = get<T>(value);
    return got ? std::optional(make(*got)) : std::nullopt;
  }

  static std::optional<Slot> number(const dom::element& value) {
    const auto text = get<std::string_view>(value);
    double number = 0;
    if (!text) return std::nullopt;
    const auto end = std::from_chars(text->begin(), text->end(), number);
    return end.ptr == text->end() ? std::optional(Slot::number(number)) : std::nullopt;
  }

  std::optional<Slot> bytes(const dom::element& value) {
    const auto text = get<std::string_view>(value);
    if (!text || text->size() % 2 != 0) return std::nullopt;
    char* chars = arena_.array<char>(text->size() / 2);
    if (chars == nullptr) return std::nullopt;
    for (std::size_t i = 0; i < text->size() / 2; ++i) {
      std::uint8_t byte = 0;
      const char* digits = text->data() + 2 * i;
      if (std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) return std::nullopt;
      chars[i] = static_cast<char>(byte);
    }
    return Slot::view(Kind::bytes, {chars, text->size() / 2});
  }

  std::optional<Slot> list(const dom::element& value) {
    const auto array = get<dom::array>(value);
    Slot* items = array ? arena_.array<Slot>(array->size()) : nullptr;
    if (items == nullptr) return std::nullopt;
    std::size_t size = 0;
    for (const dom::element each : *array) {
      const auto item = read(each);
      if (!item) return std::nullopt;
      items[size++] = *item;
    }
    return cel::list_of({items, size});
  }

  std::optional<Slot> map(const dom::element& value) {
    const auto array = get<dom::array>(value);
    Entry* entries = array ? arena_.array<Entry>(array->size()) : nullptr;
    if (entries == nullptr) return std::nullopt;
    std::size_t size = 0;
    for (const dom::element pair : *array) {
      dom::element key;
      dom::element content;
      if (pair.at_pointer("/0").get(key) != simdjson::SUCCESS ||
          pair.at_pointer("/1").get(content) != simdjson::SUCCESS) {
        return std::nullopt;
      }
      const auto key_slot = read(key);
      const auto content_slot = read(content);
      if (!key_slot || !content_slot) return std::nullopt;
      entries[size++] = {*key_slot, *content_slot};
    }
    const Slot made_map = cel::map_of({entries, size});
    return made_map.is(Kind::map) ? std::optional(made_map) : std::nullopt;
  }

  static std::optional<Slot> time(Kind kind, const dom::element& value) {
    const auto seconds = field<std::int64_t>(value, "seconds");
    const auto nanos = field<std::int64_t>(value, "nanos").value_or(0);
    if (!seconds || nanos <= -kNanosPerSecond || nanos >= kNanosPerSecond) return std::nullopt;
    Slot slot = Slot::duration(*seconds, 0);
    if (nanos < 0 && __builtin_sub_overflow(slot.i, 1, &slot.i)) return std::nullopt;
    slot.kind = kind;
    slot.size = static_cast<std::uint32_t>(nanos < 0 ? nanos + kNanosPerSecond : nanos);
    return slot;
  }

  cel::Arena& arena_;
};

void write_text(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out.push_back('\\');
    if (byte >= 0x20) {
      out.push_back(c);
    } else {
      out.append("\\u00").append({kHexDigits[byte >> 4], kHexDigits[byte & 15]});
    }
  }
  out.push_back('"');
}

void write_hex(std::string& out, std::string_view bytes) {
  out.push_back('"');
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.append({kHexDigits[byte >> 4], kHexDigits[byte & 15]});
  }
  out.push_back('"');
}

void write_number(std::string& out, double value) {
  char digits[32];
  out.append("\"").append(digits, std::to_chars(digits, std::end(digits), value).ptr).append("\"");
}

void write_time(std::string& out, const Slot& slot) {
  // Before zero a duration's parts are both negative, as in protobuf.
  const bool borrow = slot.is(Kind::duration) && slot.i < 0 && slot.size > 0;
  out.append("{\"seconds\":").append(std::to_string(slot.i + (borrow ? 1 : 0)));
  out.append(",\"nanos\":");
  out.append(std::to_string(slot.size - (borrow ? kNanosPerSecond : 0))).append("}");
}

/// The names of types in these lines are those of CEL, but for three.
std::string_view line_type(Kind kind) {
  if (kind == Kind::null) return "null";
  if (kind == Kind::duration) return "duration";
  return kind == Kind::timestamp ? "timestamp" : cel::type_name(kind);
}

void write(std::string& out, const Slot& slot);

void write_list(std::string& out, const Slot& list) {
  const char* comma = "";
  for (const Slot& item : cel::items(list)) {
    out.append(std::exchange(comma, ","));
    write(out, item);
  }
}

void write_map(std::string& out, const Slot& map) {
  const char* comma = "";
  for (const Entry& entry : cel::entries(map)) {
    out.append(std::exchange(comma, ",")).append("[");
    write(out, entry.key);
    out.append(",");
    write(out, entry.value);
    out.append("]");
  }
}

void write_value(std::string& out, const Slot& slot) {
  switch (slot.kind) {
    case Kind::boolean:
      out.append(slot.b ? "true" : "false");
      return;
    case Kind::integer:
      out.append(std::to_string(slot.i));
      return;
    case Kind::natural:
      out.append(std::to_string(slot.u));
      return;
    case Kind::number:
      return write_number(out, slot.d);
    case Kind::text:
    case Kind::type:
      return write_text(out, slot.view());
    case Kind::bytes:
      return write_hex(out, slot.view());
    case Kind::list:
      out.push_back('[');
      write_list(out, slot);
      out.push_back(']');
      return;
    case Kind::map:
      out.push_back('[');
      write_map(out, slot);
      out.push_back(']');
      return;
    case Kind::duration:
    case Kind::timestamp:
      return write_time(out, slot);
    default:
      out.append("null");
  }
}

void write(std::string& out, const Slot& slot) {
  out.append("{\"type\":\"").append(line_type(slot.kind)).append("\",\"value\":");
  write_value(out, slot);
  out.push_back('}');
}

std::string error(std::string_view what) {
  std::string out = "{\"error\":";
  write_text(out, what);
  return out + "}";
}

}  // namespace

std::string answer(std::string_view line) {
  dom::parser parser;
  dom::element whole;
  if (parser.parse(line.data(), line.size()).get(whole) != simdjson::SUCCESS) {
    return error("the line is not JSON");
  }
  const auto source = field<std::string_view>(whole, "expr");
  if (!source) return error("the line has no \"expr\"");

  cel::Arena arena(kArenaBytes);
  cel::Declarations environment;
  std::vector<Slot> variables;
  if (const auto given = field<dom::object>(whole, "vars")) {
    for (const auto [name, typed] : *given) {
      const auto slot = Reader(arena).read(typed);
      if (!slot) return error("the variable " + std::string(name) + " is no typed value");
      environment.declare(std::string(name), static_cast<std::uint32_t>(variables.size()));
      variables.push_back(*slot);
    }
  }
  const auto program = cel::compile(*source, environment);
  if (!program.ok()) return error(program.error().what);
  const Slot result = cel::evaluate(*program, variables, arena);
  if (result.is(Kind::error)) return error(program->explain(result));
  std::string out;
  write(out, result);
  return out;
}

}  // namespace connectors
