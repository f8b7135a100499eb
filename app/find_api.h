#pragma once

// FindApi: what somebody at a screen looks for. GET /api/find?text=… answers from the board at
// once: places, warnings, orders, receipts, matters, refusals and dead letters that have the text
// in them. GET /api/trace?event=… looks an event up in the log (trace.h) and, where nothing came of
// it, asks the active rules why (rule_answers.h). Requests are taken on the server's thread; one
// thread of its own reads the log, one request after the other.

#include <functional>
#include <string>

#include "app/answerer.h"
#include "app/board.h"
#include "app/trace.h"
#include "connectors/http/server.h"
#include "streams/version.h"

namespace app {

class FindApi {
 public:
  struct Ports {
    Board& board;
    TracePorts log;
    std::function<std::vector<streams::Version>()> versions;  // the active ones
  };
  FindApi(Ports ports, TraceOptions options);

  void add_routes(connectors::Server& server);
  /// Who waits or comes later is answered 503.
  void stop() { answerer_.stop(); }

 private:
  void take(const connectors::Request& request, const connectors::Reply& reply);
  connectors::Response answer(const std::string& event) const;

  const Ports ports_;
  const TraceOptions options_;
  Answerer answerer_;
};

}  // namespace app
