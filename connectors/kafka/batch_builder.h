#pragma once

// BatchBuilder: copies records out of the Kafka library into one piece of memory, padded for the
// decoder, and makes a Batch of them. The copy costs less than keeping the library's messages
// alive, and bounds the memory. One thread.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "streams/decoder.h"
#include "streams/log.h"

namespace connectors::kafka {

class BatchBuilder {
 public:
  void add(std::int64_t offset, streams::Time recorded, std::string_view value) {
    records_.push_back({offset, recorded, value});
    places_.push_back(bytes_.size());
    bytes_.append(value);
  }
  bool empty() const { return records_.empty(); }
  std::size_t size_bytes() const { return bytes_.size(); }

  streams::Batch take() {
    bytes_.append(streams::Decoder::kPadding, ' ');
    auto owner = std::make_shared<const std::string>(std::exchange(bytes_, {}));
    streams::Batch batch;
    batch.records = std::exchange(records_, {});
    for (std::size_t i = 0; i < batch.records.size(); ++i)
      batch.records[i].bytes = {owner->data() + places_[i], batch.records[i].bytes.size()};
    places_.clear();
    batch.owner = std::move(owner);
    return batch;
  }

 private:
  std::string bytes_;
  std::vector<streams::LogRecord> records_;  // their views are set by take()
  std::vector<std::size_t> places_;
};

}  // namespace connectors::kafka
