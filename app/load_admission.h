#pragma once

// LoadAdmission: the order in which a city's HTTP door sheds load. While the engine has more than
// `limit` of work before it, requests are answered 429; out of them is taken, in this order, P1
// last to go:
//
//   what devices and registers say       refused from `limit` on
//   what people say (city::Door::people) taken up to kPeopleUpTo times the limit
//   life: what a P1 match rule fires on  always
//
// The last two up to a rate for each source (as the event names it), so that a source that cries
// wolf does not crowd out the others; sources beyond kMostSources share one rate. What decides that
// an event is life are the active rules, as for advance notice. The server's thread.

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "connectors/http/admission.h"
#include "connectors/metrics/metrics.h"
#include "operators/advance_notice.h"
#include "streams/decoder.h"

namespace app {

class LoadAdmission : public connectors::Admission {
 public:
  static constexpr int kPeopleUpTo = 4;
  static constexpr std::size_t kMostSources = 1024;
  static constexpr double kEachSecond = 200, kAtOnce = 2'000;  // of one source

  using Seconds = std::chrono::duration<double>;
  struct Ports {
    /// Until the engine would have worked off what waits and so many more.
    std::function<Seconds(std::size_t records)> ahead;
    std::function<bool(std::size_t bytes)> full;  // what waits to be written has no room for them
    std::function<void(std::size_t records)> added;
    std::function<streams::Time()> clock;  // `recorded`
    std::function<streams::Duration(streams::Time)> clock_ahead = [](streams::Time) {
      return streams::Duration{};
    };
    std::function<std::chrono::nanoseconds()> monotonic;
    std::function<std::vector<streams::Version>()> versions;  // active ones
    std::unique_ptr<streams::Decoder> decoder;
  };
  LoadAdmission(Ports ports, std::string city, Seconds limit);

  std::optional<std::chrono::seconds> refusal(std::size_t bytes) override;
  bool passes(std::string_view bytes) override;
  void took(std::size_t events, std::size_t bytes) override;

  enum Kind { devices, people, life, kKinds };
  struct Counts {
    std::uint64_t requests = 0;                             // refused, whole or in part
    std::array<std::uint64_t, kKinds> passed{}, refused{};  // events of these
  };
  Counts counts() const;  // any thread
  void add_metrics(connectors::Snapshot& metrics) const;

 private:
  struct Rate {
    double left = kAtOnce;
    std::chrono::nanoseconds at{};
  };
  void follow_versions();
  Kind kind_of(const streams::Event& event);
  double bytes_of_one() const;
  bool within_rate(std::string_view source);

  const Ports ports_;
  const std::string city_;
  const Seconds limit_;
  std::vector<std::string> versions_;  // name and hash, of notice_
  std::unique_ptr<operators::AdvanceNotice> notice_;
  std::chrono::nanoseconds followed_{-1'000'000'000};
  std::unordered_map<std::string, Rate> rates_;
  Rate others_;
  Seconds ahead_{};                // as of the last refusal
  double events_ = 0, bytes_ = 0;  // taken lately
  std::atomic<std::uint64_t> requests_{0};
  std::array<std::atomic<std::uint64_t>, kKinds> passed_{}, refused_{};
};

}  // namespace app
