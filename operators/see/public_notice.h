#pragma once

// PublicNotice: since when a device's items, scope and place have been published (公示): only what
// it saw after that may support a penalty (domain R; Administrative Penalty Law, article 41). It
// keeps the records "notice" of a device and answers a matter that asks. It concerns evidence
// alone: no warning and no order waits for it. Runs on the entities device/…; one task's thread.

#include "operators/city/letters.h"
#include "operators/city/permit.h"
#include "operators/see/resolve.h"
#include "streams/operator.h"

namespace see {

struct Publications {
  std::vector<city::Publication> all;  // as they came
  static constexpr auto fields() { return std::tuple{streams::field("all", &Publications::all)}; }
};

class PublicNotice : public streams::Operator<Nothing(city::PermitChange, city::NoticeAsked)> {
 public:
  streams::Value<Publications> publications = value<Publications>("publications");
  Letters post = letters();

  using Out = streams::Emit<Nothing>;
  void process(const streams::Record<city::PermitChange>& in, Out& out) override;
  void process(const streams::Record<city::NoticeAsked>& in, Out& out) override;
};

}  // namespace see
