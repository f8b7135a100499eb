#pragma once

// Live: a running city seen from outside: the HTTP doors, the board with its page, health and
// metrics, and the pace of its clock. The worker thread calls pace() before and after_epoch()
// behind each epoch; everything else happens on the server's, the board's and the group commit's
// own threads.

#include <atomic>
#include <memory>
#include <mutex>

#include "app/clock_health.h"
#include "app/front.h"
#include "app/home.h"

namespace app {

/// The machine's clock. Nothing below app/ asks for it, and a live city only through TrustedClock.
streams::Time wall_clock();

struct LiveOptions {
  double speed = 1;            // city seconds per second; 0: as fast as it can
  bool virtual_clock = false;  // a simulated city: actions and events take its clock
};

class Live {
 public:
  static streams::Result<std::unique_ptr<Live>> start(RunningCity& city, const RunOptions& options,
                                                      const LiveOptions& live);
  ~Live();

  /// Waits until the city's clock may stand at `tick`; serves the local socket meanwhile.
  void pace(streams::Time tick);
  /// Tells readers where the engine stands; an error of the board or of a door.
  streams::Result<void> after_epoch();
  /// A tick that no event still waiting at a door comes before.
  streams::Time safe_tick(streams::Time wanted) const;
  /// That came over HTTP and are not durable yet.
  std::size_t waiting_records() const { return front_ ? front_->waiting_records() : 0; }
  /// As of now: clock and lag are never old.
  Health health();

  /// Ctrl-C or SIGTERM came.
  static bool stop_asked();
  static void watch_signals();

 private:
  /// What other threads may ask of the engine, copied by the worker now and then.
  struct View {
    Health health;
    connectors::Snapshot metrics;
    std::vector<streams::Version> versions;
  };
  Live(RunningCity& city, const LiveOptions& options);
  streams::Result<void> open_doors(const RunOptions& options);
  FrontPorts ports();
  void look();
  void add_sources(Health& health) const;
  streams::Time tick() const { return streams::Time{streams::Duration{tick_.load()}}; }
  streams::Time door_clock() const;

  RunningCity& city_;
  LiveOptions options_;
  ClockHealth clock_health_;
  std::atomic<streams::Duration::rep> tick_{0};  // the city's last
  streams::Time first_tick_{};
  std::chrono::steady_clock::time_point begun_, looked_{};
  mutable std::mutex mutex_;
  View view_;
  std::unique_ptr<Front> front_;  // last: it asks for the rest
};

/// The city, to the end of what its doors hold, at the pace of `live` (null: as fast as it can).
/// The exit code, after the summary. `run --until-end` and `replay`.
int run_to_end(RunningCity& city, Live* live);

}  // namespace app
