#pragma once

// CameraAlert: what a machine saw (`city.camera.alert.v1`), as far as the loop itself has to read
// it: a street camera speaks of itself and of a position. Rules read it through slots.

#include <optional>
#include <string>

#include "operators/city/text.h"

namespace city {

struct CameraAlert {
  std::string device, label, image_url;
  std::optional<double> confidence, lon, lat;
  std::string district;  // ours, once the cell of the map has been asked
  static constexpr auto fields() {
    using C = CameraAlert;
    return std::tuple{field("device", &C::device),
                      field("label", &C::label),
                      field("imageUrl", &C::image_url),
                      field("confidence", &C::confidence),
                      field("lon", &C::lon),
                      field("lat", &C::lat),
                      field("district", &C::district)};
  }
};

}  // namespace city
