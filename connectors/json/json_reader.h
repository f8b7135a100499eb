#pragma once

// SimdJsonReader: the JsonReader port, which read_json<T> reads letters, feedback and versions
// through. Comes from Decoder::read, or stands alone where there is no decoder (control topics, the
// console). It walks over its own copy of the text. One thread.

#include <functional>
#include <string>
#include <string_view>

#include "connectors/json/walker.h"
#include "streams/json.h"

namespace connectors {

class SimdJsonReader : public streams::JsonReader {
 public:
  SimdJsonReader() = default;
  /// The text need not outlive the call.
  explicit SimdJsonReader(std::string_view json) { start(json); }

  /// Goes to the one value in `json`. If that is no JSON, every read returns false.
  void start(std::string_view json) { start_ = at_ = walker_.start_unpadded(json); }
  bool failed() const { return walker_.failed(); }
  /// If failed(): what is wrong with the text, and where.
  streams::Reject failure() const { return walker_.failure(); }

  bool null() override;
  bool boolean(bool& value) override;
  bool number(double& value) override;
  bool text(std::string& value) override;
  bool raw(std::string& json) override;
  bool object(const std::function<bool(std::string_view, streams::JsonReader&)>& member) override;
  bool array(const std::function<bool(streams::JsonReader&)>& element) override;

 private:
  bool next(char first) const { return at_ != nullptr && walker_.first(at_) == first; }
  bool read(streams::Slot& value);
  /// Passes what `reading` left unread at `at`.
  template <class Reading>
  Walker::Mark at_value(Walker::Mark at, const Reading& reading);

  Walker walker_;
  Walker::Mark start_ = nullptr;
  Walker::Mark at_ = nullptr;
};

}  // namespace connectors
