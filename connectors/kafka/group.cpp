#include "connectors/kafka/group.h"

#include "streams/bytes.h"

namespace connectors::kafka {
namespace {

/// The library keeps the generation to itself, but writes it behind "CGMDv2:".
int generation_of(const rd_kafka_consumer_group_metadata_t* metadata) {
  void* bytes = nullptr;
  std::size_t size = 0;
  const KafkaError failed{rd_kafka_consumer_group_metadata_write(metadata, &bytes, &size)};
  if (failed) return -1;
  constexpr std::string_view kMagic = "CGMDv2:";
  const std::string_view text{static_cast<const char*>(bytes), size};
  int generation = -1;
  if (text.starts_with(kMagic))
    generation = streams::ByteReader{text.substr(kMagic.size())}.fixed<std::int32_t>();
  rd_kafka_mem_free(nullptr, bytes);
  return generation;
}

}  // namespace

GroupMetadata::GroupMetadata(rd_kafka_consumer_group_metadata_t* metadata)
    : metadata_(metadata, Destroy<rd_kafka_consumer_group_metadata_destroy>{}),
      generation_(metadata == nullptr ? -1 : generation_of(metadata)) {}

GroupMetadata GroupMetadata::alone(const std::string& group) {
  return GroupMetadata{rd_kafka_consumer_group_metadata_new(group.c_str())};
}

GroupMetadata GroupMetadata::of(rd_kafka_t* consumer) {
  return GroupMetadata{rd_kafka_consumer_group_metadata(consumer)};
}

}  // namespace connectors::kafka
