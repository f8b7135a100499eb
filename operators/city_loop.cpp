#include "operators/city_loop.h"

#include "operators/city/topics.h"
#include "operators/see/address.h"
#include "operators/see/detect.h"
#include "operators/see/once.h"

namespace operators {

void declare_city(streams::Topology& city, const CityLoopOptions& options) {
  std::vector<std::string> types;
  for (const city::Door& door : city::kDoors) types.emplace_back(door.type);

  // see
  const auto events = city.apply<see::Once>("once", city.events(types));
  const auto versions = city.versions();
  city.apply<see::Address>("address",
                           city.read<city::Complaint>(events, "city.complaint.filed.v1"));
  const auto conclusions = city.apply<see::Detect>("detect", with(events, versions),
                                                   see::DetectOptions{options.read_raw});
}

}  // namespace operators
