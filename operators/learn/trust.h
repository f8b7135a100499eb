#pragma once

// Trust: what the street found out changes how far a rule and a device are believed. Runs on the
// entities rule/… and device/…; reads the letters that respond sends when an order closes; a change
// of level is published as the version "trust/<entity>", which judge reads in every partition. One
// task's thread.

#include "operators/city/letters.h"
#include "operators/learn/trust_state.h"
#include "streams/operator.h"

namespace city {

class Trust : public streams::Operator<TrustRecord(TrustLetter)> {
 public:
  explicit Trust(std::string city, TrustLimits limits = {})
      : city_(std::move(city)), limits_(limits) {}

  streams::Value<TrustState> state = value<TrustState>("state");

  void process(const streams::Record<TrustLetter>& in, streams::Emit<TrustRecord>& out) override;

 private:
  void set_level(TrustState& mine, bool trusted, Text why);

  const std::string city_;
  const TrustLimits limits_;
};

}  // namespace city
