#pragma once

// read_output: the data of one of our output records, as a described type. Any thread.

#include <optional>
#include <string>

#include "connectors/json/event_decoder.h"

namespace app {

/// Nothing where the record is not a CloudEvent with such data.
template <class T>
std::optional<T> read_output(connectors::EventDecoder& decoder, std::string_view bytes) {
  std::string padded{bytes};
  padded.append(streams::Decoder::kPadding, ' ');
  streams::Event event;
  if (decoder.decode({padded.data(), bytes.size()}, event)) return std::nullopt;
  T value;
  std::string where;
  if (!streams::read_json(decoder.read(event.data), value, where)) return std::nullopt;
  return value;
}

}  // namespace app
