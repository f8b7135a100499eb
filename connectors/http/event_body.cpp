#include "connectors/http/event_body.h"

#include <algorithm>

#include "connectors/http/target.h"
#include "connectors/json/base64.h"
#include "connectors/json/binary_event.h"
#include "connectors/json/media_type.h"
#include "streams/json.h"

namespace connectors {

using streams::readable_text;

namespace {

constexpr std::string_view kPrefix = "ce-";
constexpr std::string_view kTaken =
    "send application/cloudevents+json, application/cloudevents-batch+json or "
    "application/x-ndjson, or attributes as ce-… headers with a body of application/json";

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

EventBody refused(int status, std::string problem) {
  return {.status = status, .problem = std::move(problem)};
}

/// As the HTTP binding (3.1.3.2) writes attributes: quotes around, percent escapes inside.
std::optional<std::string> header_value(std::string_view value) {
  std::string unquoted;
  if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
    value = value.substr(1, value.size() - 2);
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '\\' && i + 1 < value.size()) ++i;
      unquoted += value[i];
    }
    value = unquoted;
  }
  std::optional<std::string> decoded = percent_decoded(value);
  if (decoded && readable_text(*decoded) != *decoded) return std::nullopt;
  return decoded;
}

/// One JSON value and nothing else: what stands beside it would become attributes.
bool is_one_value(std::string_view text, streams::Decoder& decoder) {
  std::string whole;
  const std::string list = "[" + std::string{text} + "]";
  std::size_t count = 0;
  return decoder.read(list).array([&](streams::JsonReader& element) {
    ++count;
    return element.raw(whole);
  }) && count == 1;
}

/// So that what is kept can be read, and what is personal in it found, as in any other event. What
/// can't be taken apart stays as it is: the decoder says why.
void unpack(std::string& event, streams::Decoder& decoder) {
  if (event.find("data_base64") == event.npos && event.find('\\') == event.npos) return;
  std::string packed;
  bool plain = false;
  const bool good = decoder.read(event).object([&](std::string_view name, streams::JsonReader& in) {
    if (name == "data") plain = !in.null();
    return name != "data_base64" || in.null() || in.text(packed);
  });
  if (!good || plain || packed.empty()) return;
  const std::optional<std::string> data = base64_decoded(packed);
  if (data && is_one_value(*data, decoder)) event = with_data(event, *data);
}

EventBody binary(const Request& request, std::string_view type, streams::Decoder& decoder) {
  const std::string_view data = without_mark(request.body);
  if (!blank(data) && !type.empty() && !is_json(type))
    return refused(415, "Content-Type is '" + readable_text(type) +
                            "': in binary mode the body is the event's data, in "
                            "application/json and UTF-8");
  if (!blank(data) && !is_one_value(data, decoder))
    return refused(400, "the body is not JSON: in binary mode it is the event's data");
  BinaryEvent event;
  std::vector<std::string_view> seen;
  for (const auto& [name, value] : request.headers) {
    if (!name.starts_with(kPrefix)) continue;
    const std::string_view attribute = std::string_view{name}.substr(kPrefix.size());
    const auto text = header_value(value);
    if (!text) return refused(400, "header " + name + " has a broken percent escape, or no UTF-8");
    if (std::find(seen.begin(), seen.end(), attribute) != seen.end())
      return refused(400, "header " + name + " comes twice");
    if (attribute == "data" || attribute == "data_base64" || attribute == "datacontenttype")
      return refused(400, "header " + name + " is none: the data is the body, and its type "
                          "Content-Type");
    seen.push_back(attribute);
    event.attribute(attribute, *text);
  }
  return {.events = {event.finish(type, blank(data) ? std::string_view{} : data)}};
}

EventBody lines(std::string_view rest) {
  EventBody body;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (!blank(rest.substr(0, end))) body.events.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return body;
}

EventBody array(std::string_view text, streams::Decoder& decoder) {
  EventBody body{.batch = true};
  const bool good = decoder.read(text).array(
      [&](streams::JsonReader& element) { return element.raw(body.events.emplace_back()); });
  return good ? std::move(body) : refused(400, "the body is not a JSON array of CloudEvents");
}

EventBody taken_apart(const Request& request, streams::Decoder& decoder) {
  const std::string_view header = request.header("content-type");
  const std::optional<MediaType> media = parse_media_type(header);
  const auto unknown = [&](std::string_view why) {
    return refused(415, "Content-Type is '" + readable_text(header) + "': " + std::string{why});
  };
  if (!header.empty() && !media) return unknown(kTaken);
  if (media && !media->utf8()) return unknown("text is UTF-8 here, without another charset");
  const std::string name = media ? media->name : "";
  if (!name.starts_with("application/cloudevents") && !request.header("ce-specversion").empty())
    return binary(request, header, decoder);

  const std::string_view text = without_mark(request.body);
  if (name == "application/x-ndjson" || name == "application/ndjson" ||
      name == "application/jsonl" || name == "application/x-jsonlines")
    return lines(text);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_array = first != text.npos && text[first] == '[';
  if (name == "application/cloudevents-batch+json" || (name == "application/json" && is_array))
    return array(text, decoder);
  if (name != "application/cloudevents+json" && name != "application/json") return unknown(kTaken);
  EventBody body;
  if (!blank(text)) body.events.emplace_back(text);
  return body;
}

}  // namespace

EventBody events_of(const Request& request, streams::Decoder& decoder) {
  EventBody body = taken_apart(request, decoder);
  for (std::string& event : body.events) unpack(event, decoder);
  return body;
}

}  // namespace connectors
