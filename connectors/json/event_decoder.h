#pragma once

// EventDecoder: the Decoder port for structured CloudEvents 1.0 in JSON (design/events.md). The
// first step of every task, and of every door: bytes become an Event, or a Reject for
// `dead.letters`. One walk over the text checks all of it, finds the envelope, fills the slots of
// the event's type and holds its fields against the contract; only where `type` stands behind
// `data` is `data` walked over again. One task's thread.
//
// An attribute that is null is an absent one. An attribute, or a field that is read, stands once:
// of two, one reader might take the first and another the last. An event without `recordedtime` is
// taken as recorded when it happened. JSON in `data_base64` is read as if it stood in `data`.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/json/field_check.h"
#include "connectors/json/field_tree.h"
#include "connectors/json/json_reader.h"
#include "connectors/json/key_table.h"
#include "connectors/json/walker.h"
#include "streams/decoder.h"

namespace connectors {

/// What an event may be at most, of those types that come from outside.
struct EventLimits {
  static constexpr std::size_t kBytes = 256 << 10;
  static constexpr std::size_t kValues = 4096;         // members and elements, all together
  static constexpr std::size_t kTextBytes = 64 << 10;  // of any one text, as written
  static constexpr std::size_t kOwnIdBytes = 1024;     // of what the city itself names
};

class EventDecoder : public streams::Decoder {
 public:
  EventDecoder();

  void extract(const std::vector<streams::FieldList>& fields) override;
  std::optional<streams::Reject> decode(std::string_view bytes, streams::Event& event) override;
  streams::JsonReader& read(std::string_view json) override;

 private:
  enum Attribute : std::uint32_t {
    kSpecversion, kId, kSource, kType, kSubject, kTime, kRecordedTime, kCausation, kExercise,
    kVouched, kClockAhead, kVia, kContentType, kDataBase64, kData, kAttributes,
  };
  struct TypeFields {
    std::string type;
    FieldTree tree;
  };
  struct Data {
    Walker::Mark at = nullptr;  // null: no object of that name has come
    std::string_view json;
    FieldTree* filled = nullptr;  // whose slots it filled
    const char* type = nullptr;   // by the type that stood there
  };

  std::optional<streams::Reject> read(streams::Event& event);
  std::optional<streams::Reject> unpack(std::string_view bytes);
  bool walk(std::string_view bytes);
  Walker::Mark walk_data(Walker::Mark at);
  FieldTree* fields_of_type();
  std::optional<streams::Reject> check_once() const;
  std::optional<streams::Reject> check_required() const;
  std::optional<streams::Reject> check_size() const;
  std::optional<streams::Reject> check_names() const;
  std::optional<streams::Reject> check_optional(streams::Event& event) const;
  std::optional<streams::Reject> read_times(streams::Event& event) const;
  std::optional<streams::Reject> read_time(Attribute attribute,
                                           std::optional<streams::Time>& time) const;
  bool given(Attribute attribute) const;
  std::string_view text(Attribute attribute) const { return values_[attribute].view(); }
  static std::string about(Attribute attribute);
  streams::Reject reject(Attribute attribute, std::string_view why) const;
  streams::Reject missing(Attribute attribute) const;
  bool from_outside() const { return data_.filled != nullptr && data_.filled->has_contract(); }

  Walker walker_;
  SimdJsonReader reader_;
  KeyTable attributes_;
  std::vector<TypeFields> types_;
  FieldTree no_fields_;
  std::size_t last_type_ = 0;  // where the search begins: events of a type come in runs
  std::vector<streams::Slot> slots_;
  std::array<streams::Slot, kAttributes> values_{};
  std::array<std::size_t, kAttributes> positions_{};
  Attribute repeated_ = kAttributes;  // one that stands twice
  Data data_;
  FieldCheck check_;
  std::string unpacked_;  // an event whose data came as base64
};

}  // namespace connectors
