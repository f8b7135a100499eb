#pragma once

// CloudEvents' Kafka binding: a record in binary mode carries its attributes as `ce_*` headers and
// its data as the value; here it becomes the structured JSON that everything else reads. Any
// thread.

#include <string>

#include "connectors/kafka/handles.h"

namespace connectors::kafka {

/// False: not in binary mode (`out` is untouched); else `out` is the structured event.
bool structured_of(const rd_kafka_message_t& message, std::string& out);

}  // namespace connectors::kafka
