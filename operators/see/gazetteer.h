#pragma once

// Gazetteer: how a city writes its addresses: the names of its roads, what kinds of entities a
// complaint of a category is about, and where its districts are. The content of the version
// "gazetteer" (deploy/city/<city>/gazetteer.yaml). Addresses are read out of registrations and out
// of what callers say, in free text, and become the same parts. Immutable; any thread.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operators/city/street_address.h"
#include "streams/result.h"

namespace see {

inline constexpr std::string_view kGazetteerVersion = "gazetteer";

class Gazetteer {
 public:
  /// Knows no road.
  Gazetteer() = default;
  /// An error names `file`, line, column and what is wrong there.
  static streams::Result<Gazetteer> parse(std::string_view yaml, const std::string& file);

  /// Of an address as written or said. Nothing where no road of this city is named, or where it is
  /// not certain which of several.
  std::optional<city::StreetAddress> address(std::string_view text) const;
  /// The one road that is named, with a number or without; empty: none, or several.
  std::string road(std::string_view text) const;
  /// Building and lift out of an entity's name ("仙霞路花园3号楼#2"), into what is missing.
  void add_name(city::StreetAddress& address, std::string_view name) const;
  /// The same out of what a caller says, where 号 may be anything.
  void add_said(city::StreetAddress& address, std::string_view text) const;

  /// Kinds of entities that a complaint of this category can be about; empty: unknown.
  const std::vector<std::string>& kinds(std::string_view category) const;

  /// The district that a position lies in; empty where that is not certain.
  std::string district(double lon, double lat) const;

 private:
  friend class GazetteerReader;
  struct District {
    std::string code;
    double west = 0, south = 0, east = 0, north = 0;
  };
  using Road = std::pair<const std::u32string, std::string>;
  /// The longest that the text begins with, or null.
  const Road* road_at(std::u32string_view text) const;

  std::map<std::u32string, std::string> roads_;
  std::size_t longest_ = 0;
  std::map<std::string, std::vector<std::string>, std::less<>> kinds_;
  std::vector<District> districts_;
};

}  // namespace see
