#include "operators/city_loop.h"

#include "operators/city/letters.h"
#include "operators/city/permit.h"
#include "operators/city/topics.h"
#include "operators/judge/aside.h"
#include "operators/judge/judge.h"
#include "operators/learn/trust.h"
#include "operators/respond/dispatch.h"
#include "operators/respond/matters.h"
#include "operators/respond/receipts.h"
#include "operators/see/alike.h"
#include "operators/see/detect.h"
#include "operators/see/locate.h"
#include "operators/see/once.h"
#include "operators/see/public_notice.h"
#include "operators/see/records.h"
#include "operators/see/register.h"
#include "operators/see/resolve.h"
#include "operators/version_check.h"

namespace operators {

using city::Dispatch;
using city::Judge;

void declare_city(streams::Topology& city, const CityLoopOptions& options) {
  std::vector<std::string> types;
  for (const city::Door& door : city::kDoors) types.emplace_back(door.type);
  const auto events = city.apply<see::Once>("once", city.events(types), options.city);
  events.side(&see::Once::rejected).to(city::topics::rejected);
  const auto permits = city.apply<see::Records>(
      "records", city.read<city::PermitChange>(events, "city.permit.changed.v1"));
  const auto complaints = city.read<city::Complaint>(events, "city.complaint.filed.v1");
  const auto feedback = city.read<city::Feedback>(events, "city.field.feedback.v1");
  const auto versions = city.versions(unreadable);

  // see
  city.apply<see::Resolve>("resolve", with(complaints, permits, city.letters<see::Registered>(),
                                           city.letters<city::Lesson>(), versions));
  const auto alerts = city.read<city::CameraAlert>(events, "city.camera.alert.v1");
  city.apply<see::Alike>("alike", with(city.letters<city::Wording>(), versions));
  city.apply<see::Locate>("locate", with(alerts, permits, city.letters<see::Standing>(),
                                         city.letters<see::Sighting>(), versions));
  city.apply<see::PublicNotice>("public_notice", with(permits, city.letters<city::NoticeAsked>()));
  const auto conclusions = city.apply<see::Detect>("detect", with(events, versions),
                                                   see::DetectOptions{options.read_raw});
  // every complaint has its own way; what nobody can place is a matter of its own
  const auto receipts = city.apply<city::Receipts>(
      "receipts",
      with(complaints, city.letters<city::Placed>(), city.letters<city::SameMatter>(),
           city.letters<city::AlikeWord>(), city.letters<city::OrderWord>(), feedback, versions),
      options.city);
  receipts.to(city::topics::complaints);
  receipts.side(&city::Receipts::notices).to(city::topics::notices);
  receipts.side(&city::Receipts::rejected).to(city::topics::rejected);
  const auto unplaced = receipts.side(&city::Receipts::conclusions);
  // judge: a warning is published before anybody acts on it
  const auto warnings =
      city.apply<Judge>("judge",
                        with(complaints, alerts, conclusions, unplaced, feedback, permits,
                             city.letters<city::OrderNews>(), city.letters<city::Part>(),
                             city.letters<city::ParentWord>(), versions),
                        options.city);
  warnings.to(city::topics::warnings);
  warnings.side(&Judge::notices).to(city::topics::notices);
  warnings.side(&Judge::rejected).to(city::topics::rejected);
  city.apply<city::Aside>("aside", city.set_asides(), options.city).to(city::topics::warnings);
  // respond
  const auto orders =
      city.apply<Dispatch>("dispatch",
                           with(warnings, conclusions, unplaced, complaints,
                                city.letters<city::ReceiptWord>(), feedback, permits, versions),
                           options.city);
  orders.to(city::topics::orders);
  orders.side(&Dispatch::notices).to(city::topics::notices);
  orders.side(&Dispatch::rejected).to(city::topics::rejected);
  // what the law makes of a violation is the party's
  const auto matters = city.apply<city::Matters>(
      "matters",
      with(city.letters<city::Offence>(), city.letters<city::NoticeTold>(), feedback, versions),
      options.city);
  matters.to(city::topics::matters);
  matters.side(&city::Matters::notices).to(city::topics::notices);
  matters.side(&city::Matters::rejected).to(city::topics::rejected);
  // learn
  const auto trust =
      city.apply<city::Trust>("trust", city.letters<city::TrustLetter>(), options.city);
  city.apply<see::Register>("register", with(permits, trust))
      .to(streams::Topic<see::EntityStatus>{"entity.status"});
}

}  // namespace operators
