#pragma once

// FieldApi: the phone of a responder in the field, beside the seats' Api: a seat makes a link for
// one order and one of its responders; whoever opens the link sees that order alone and answers it
// as that unit. What a phone sends becomes the same feedback as a seat's action. Handlers run on
// the server's thread.
//
//   POST /api/links            {"order", "unit", "hours"}, header x-seat   {"path", "expires"}
//   POST /api/links/revoke     {"order", "unit"}, header x-seat            {"revoked"}
//   GET  /m/TOKEN              the page
//   GET  /m/worker.js          what keeps it on the phone; its path says for which pages it may
//   GET  /m/TOKEN/order        the order (field_order.h)
//   POST /m/TOKEN/actions      a step, header idempotency-key              as POST /api/actions
//   POST /m/TOKEN/photos       a JPEG or PNG                               {"path"}, for a step's
//                                                                          `photos`
//   GET  /m/TOKEN/photos/NAME  the picture
//   GET  /api/photos/ORDER, /api/photos/ORDER/NAME                         for seats
//
// A link that was not made here is answered 403, one that has ended 410 with the reason. That one
// was given or taken back is a step on the order, so it holds in every process and stands in its
// history.

#include "app/api_action.h"
#include "app/field_order.h"
#include "app/photos.h"
#include "connectors/http/server.h"

namespace app {

class FieldApi {
 public:
  struct Ports {
    const Board& board;
    connectors::GroupCommit& commits;
    std::function<CityClock()> clock;
  };
  struct Options {
    std::string city = "sh";
    int partitions = 1;  // of field.feedback
    std::string screen;  // directory of the phone's page: index.html, worker.js
    std::string photos;  // directory
    std::function<void(const std::string&)> say = [](const std::string&) {};  // who got a link
  };
  FieldApi(Ports ports, Options options, connectors::Signer signer);

  void add_routes(connectors::Server& server);

 private:
  struct Opened;
  struct Asked;
  std::optional<connectors::Response> read(const connectors::Request& request, Asked& asked) const;
  void make_link(const connectors::Request& request, const connectors::Reply& reply);
  static Action link_action(const Asked& asked, std::string_view step);
  void revoke_links(const connectors::Request& request, const connectors::Reply& reply);
  std::optional<connectors::Response> refusal(const connectors::Request& request) const;
  void answer(connectors::Request request, const connectors::Reply& reply);
  connectors::Response page(const Opened& opened) const;
  connectors::Response file(const std::string& name, std::string type) const;
  connectors::Response order(const Opened& opened) const;
  void act(const connectors::Request& request, const Opened& opened,
           const connectors::Reply& reply);

  Ports ports_;
  Options options_;
  connectors::Signer signer_;
  ActionDesk actions_;
  Photos photos_;
};

}  // namespace app
