#pragma once

// PermitChange: a change in an official record (`city.permit.changed.v1`), as far as the loop
// itself reads it: who uses, maintains and supervises an entity, and where it is. Rules read the
// rest through slots. Registration: the entity's facts, kept by each operator that needs them.

#include <optional>
#include <string>

#include "operators/city/text.h"
#include "streams/time.h"

namespace city {

struct PermitChange {
  std::string record;  // "registration", "maintenance", "inspection", "rectification", "filing", …
  std::string action;  // "registered", "completed", "renewed", "ordered", "corrected", …
  std::string no;
  std::string name, address, use_unit, maintenance_unit, phone, rescue_code, exposure, district;
  std::optional<double> lon, lat;
  std::string by;            // who did what the record tells of (a social credit code)
  std::string on;            // the day on which it was done, in the register's words
  std::string installed_in;  // the building it stands in, or the gateway it speaks through

  /// Nothing where the register's words are no date: the rest of the record counts all the same.
  std::optional<streams::Time> done_on() const { return streams::parse_time(on); }

  static constexpr auto fields() {
    using P = PermitChange;
    return std::tuple{field("record", &P::record),
                      field("action", &P::action),
                      field("no", &P::no),
                      field("name", &P::name),
                      field("address", &P::address),
                      field("useUnit", &P::use_unit),
                      field("maintenanceUnit", &P::maintenance_unit),
                      field("phone", &P::phone),
                      field("rescueCode", &P::rescue_code),
                      field("exposure", &P::exposure),
                      field("district", &P::district),
                      field("lon", &P::lon),
                      field("lat", &P::lat),
                      field("by", &P::by),
                      field("on", &P::on),
                      field("installedIn", &P::installed_in)};
  }
};

struct Registration {
  std::string name, address, use_unit, maintenance_unit, phone, rescue_code, exposure, district;
  std::optional<double> lon, lat;
  std::string installed_in;
  static constexpr auto fields() {
    using R = Registration;
    return std::tuple{field("name", &R::name),
                      field("address", &R::address),
                      field("useUnit", &R::use_unit),
                      field("maintenanceUnit", &R::maintenance_unit),
                      field("phone", &R::phone),
                      field("rescueCode", &R::rescue_code),
                      field("exposure", &R::exposure),
                      field("district", &R::district),
                      field("lon", &R::lon),
                      field("lat", &R::lat),
                      field("installedIn", &R::installed_in)};
  }
  static Registration of(const PermitChange& change) {
    return {change.name,  change.address,     change.use_unit,    change.maintenance_unit,
            change.phone, change.rescue_code, change.exposure,    change.district,
            change.lon,   change.lat,         change.installed_in};
  }
};

}  // namespace city
