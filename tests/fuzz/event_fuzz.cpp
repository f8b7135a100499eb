// event_fuzz: any bytes into the decoder, with fields of every input type, and every view that
// comes out is touched; then `data` through the JSON reader and raw fields through RawList. What
// the walker takes for JSON, simdjson's own DOM parser must, and the other way round; what was read
// and written must read again. Build with clang -fsanitize=fuzzer,address,undefined.

#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "connectors/json/event_decoder.h"
#include "connectors/json/raw_list.h"

namespace {

using streams::Slot;

struct Part {
  std::string name;
  double share = 0;
  static constexpr auto fields() {
    return std::tuple{streams::field("name", &Part::name), streams::field("share", &Part::share)};
  }
};

struct Whole {
  std::string label;
  std::optional<double> confidence;
  bool occupied = false;
  std::optional<streams::Time> on;
  std::vector<Part> photos;
  streams::Json position;
  static constexpr auto fields() {
    return std::tuple{streams::field("label", &Whole::label),
                      streams::field("confidence", &Whole::confidence),
                      streams::field("occupied", &Whole::occupied),
                      streams::field("on", &Whole::on),
                      streams::field("photos", &Whole::photos),
                      streams::field("position", &Whole::position)};
  }
};

const std::vector<streams::FieldList> kFields{
    {"city.elevator.telemetry.v1", {"speed", "doorZone", "occupied", "faultCode"}},
    {"city.camera.alert.v1", {"label", "confidence", "position.lon", "position", "position.a.b"}},
    {"city.complaint.filed.v1", {}},
    {"city.permit.changed.v1", {"permit", "action", "validUntil", "action"}},
    {"city.field.feedback.v1", {"step", "photos", "a name of more than sixteen bytes", ""}},
};

unsigned sum;  // keeps the touching from being left out

void touch(std::string_view view) {
  for (const char c : view) sum += static_cast<unsigned char>(c);
}

void touch(const Slot& slot, connectors::RawList& list) {
  if (slot.is(Slot::Kind::text)) touch(slot.view());
  if (!slot.is(Slot::Kind::raw)) return;
  const std::string json{slot.view()};
  const auto deeper = [](const Slot& inner) {
    if (inner.is(Slot::Kind::text) || inner.is(Slot::Kind::raw)) touch(inner.view());
  };
  const bool good = json[0] == '['
                        ? list.for_each_element(json, deeper)
                        : list.for_each_member(json, [&](std::string_view name, const Slot& inner) {
                            touch(name);
                            deeper(inner);
                          });
  if (!good) std::abort();
}

void compare_with_dom(std::string_view text) {
  static simdjson::dom::parser parser;
  static connectors::Walker walker;
  Slot slot;
  const connectors::Walker::Mark start = walker.start_unpadded(text);
  const bool taken = start != nullptr && walker.finish(walker.value(start, slot));
  const auto error = parser.parse(text.data(), text.size()).error();
  if (error == simdjson::NUMBER_ERROR || error == simdjson::CAPACITY) return;  // no large integers
  const std::string reason = taken ? "" : walker.failure().reason;
  if (reason.find("too deeply") != std::string::npos) return;
  if (reason.find("range of a double") != std::string::npos) return;
  if (taken != (error == simdjson::SUCCESS)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // One decoder for all inputs: what it remembers of one must not harm the next.
  static connectors::EventDecoder decoder;
  static connectors::RawList list;
  static bool ready = false;
  if (!ready) decoder.extract(kFields);
  ready = true;
  // Exactly the promised padding, so that one byte more is seen; its bytes look like JSON.
  std::string bytes{reinterpret_cast<const char*>(data), size};
  for (std::size_t i = 0; i < streams::Decoder::kPadding; ++i) bytes += "}],\"1 :{["[i % 8];
  bytes.shrink_to_fit();
  streams::Event event;
  const std::string_view text{bytes.data(), size};
  compare_with_dom(text);
  if (const auto reject = decoder.decode(text, event)) {
    if (reject->reason.empty() || reject->position > size) std::abort();
    Whole whole;
    std::string where;
    streams::read_json(decoder.read(text), whole, where);
    return 0;
  }
  for (const std::string_view view :
       {event.id, event.source, event.type, event.subject, event.causation, event.data})
    touch(view);
  for (const Slot& slot : event.slots) touch(slot, list);
  touch(Slot::raw(event.data), list);
  Whole whole;
  std::string where, json;
  if (streams::read_json(decoder.read(event.data), whole, where)) {
    streams::append_json(json, whole);
    Whole again;
    if (!streams::read_json(decoder.read(json), again, where)) std::abort();
  }
  return 0;
}
