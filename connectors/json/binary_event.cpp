#include "connectors/json/binary_event.h"

#include "streams/json.h"

namespace connectors {

void BinaryEvent::name(std::string_view name) {
  if (json_.size() > 1) json_ += ',';
  streams::append_json_text(json_, name);
  json_ += ':';
}

void BinaryEvent::attribute(std::string_view attribute, std::string_view value) {
  name(attribute);
  if (attribute == "exercise" && (value == "true" || value == "false"))
    json_ += value;
  else
    streams::append_json_text(json_, value);
}

std::string BinaryEvent::finish(std::string_view content_type, std::string_view data) {
  if (!content_type.empty()) attribute("datacontenttype", content_type);
  if (!data.empty()) {
    name("data");
    json_ += data;
  }
  json_ += '}';
  return std::move(json_);
}

}  // namespace connectors
