#pragma once

// Address: a complaint is an entity of its own; what it is about is another. Where the receipt
// names an elevator, the elevator is told as well, as the same event with itself as the subject.
// (Resolving codes, addresses and positions joins here.) Remembers nothing.

#include "operators/city/complaint.h"
#include "streams/operator.h"

namespace see {

/// Whether what a receipt names is an entity that can be told.
inline bool is_told(std::string_view about) {
  return about.starts_with("elevator/");
}

/// Never emitted: what Address does, it does by letter.
struct Nothing {};

class Address : public streams::Operator<Nothing(city::Complaint)> {
 public:
  Letters post = letters();
  void process(const streams::Record<city::Complaint>& in, streams::Emit<Nothing>&) override {
    const std::string& about = in.value.about;
    if (!is_told(about) || about == in.key()) return;
    std::string data;
    streams::append_json(data, in.value);
    post.forward("city.complaint.filed.v1", about, std::move(data));
  }
};

}  // namespace see
