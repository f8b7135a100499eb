#pragma once

// Locate: finds the shop that a street camera looks at. Its alert is about a device with a
// position; the cell of the map there knows which shops are registered near by, and tells the alert
// on to the one that stands clearly nearest, else to itself: then the warning is of the cell, and
// its district that of what stands nearest, else the one whose box the position lies in. Beside
// Resolve, before Detect's rules. One task's thread.

#include "operators/city/camera_alert.h"
#include "operators/city/permit.h"
#include "operators/see/gazetteer.h"
#include "operators/see/resolve.h"
#include "streams/operator.h"

namespace see {

/// A shop says where it is, or that it is there no more. To `cell/…`.
struct Standing {
  static constexpr std::string_view kLetter = "standing";
  std::string entity;
  double lon = 0, lat = 0;
  bool gone = false;
  std::string district;
  static constexpr auto fields() {
    return std::tuple{field("entity", &Standing::entity), field("lon", &Standing::lon),
                      field("lat", &Standing::lat), field("gone", &Standing::gone),
                      field("district", &Standing::district)};
  }
};

/// A camera's alert on its way to what it is about. To `cell/…`.
struct Sighting {
  static constexpr std::string_view kLetter = "sighting";
  std::string id, source;  // of the alert
  city::CameraAlert alert;
  static constexpr auto fields() {
    return std::tuple{field("id", &Sighting::id), field("source", &Sighting::source),
                      field("alert", &Sighting::alert)};
  }
};

/// Cells that an entity has told where it is.
struct Cells {
  std::vector<std::string> told;
  static constexpr auto fields() { return std::tuple{field("told", &Cells::told)}; }
};

/// `cell/121420-31220`: a thousandth of a degree each way, some 100 m.
std::string cell_of(double lon, double lat);

class Locate : public streams::Operator<Nothing(city::CameraAlert, city::PermitChange, Standing,
                                                Sighting, streams::Version)> {
 public:
  streams::Value<Cells> cells = value<Cells>("cells");
  streams::Map<std::string, Standing> near = map<std::string, Standing>("near");
  Letters post = letters();

  using Out = streams::Emit<Nothing>;
  void process(const streams::Record<city::CameraAlert>& in, Out& out) override;
  void process(const streams::Record<city::PermitChange>& in, Out& out) override;
  void process(const streams::Record<Standing>& in, Out& out) override;
  void process(const streams::Record<Sighting>& in, Out& out) override;
  void process(const streams::Record<streams::Version>& in, Out& out) override;

 private:
  Gazetteer gazetteer_;  // from the active version, not state
};

}  // namespace see
