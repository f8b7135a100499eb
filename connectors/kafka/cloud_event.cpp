#include "connectors/kafka/cloud_event.h"

#include "connectors/json/binary_event.h"

namespace connectors::kafka {

bool structured_of(const rd_kafka_message_t& message, std::string& out) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return false;
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_header_get_last(headers, "ce_specversion", &value, &size) !=
      RD_KAFKA_RESP_ERR_NO_ERROR)
    return false;
  BinaryEvent event;
  std::string_view type;
  const char* name = nullptr;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    const std::string_view header{name};
    const std::string_view text{static_cast<const char*>(value), size};
    if (header == "content-type") type = text;
    if (header.starts_with("ce_")) event.attribute(header.substr(3), text);
  }
  out = event.finish(type, {static_cast<const char*>(message.payload), message.len});
  return true;
}

}  // namespace connectors::kafka
