#pragma once

// Gazetteer: how a city writes its addresses: the names of its roads, and what kinds of entities a
// complaint of a category is about. The content of the version "gazetteer"
// (deploy/city/<city>/gazetteer.yaml). Addresses are read out of registrations and out of what
// callers say, in free text, and become the same parts. Immutable; any thread.

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
  /// Building and lift out of an entity's name ("仙霞路花园3号楼#2"), into what is missing.
  void add_name(city::StreetAddress& address, std::string_view name) const;
  /// The same out of what a caller says, where 号 may be anything.
  void add_said(city::StreetAddress& address, std::string_view text) const;

  /// Kinds of entities that a complaint of this category can be about; empty: unknown.
  const std::vector<std::string>& kinds(std::string_view category) const;

 private:
  std::map<std::u32string, std::string> roads_;
  std::size_t longest_ = 0;
  std::map<std::string, std::vector<std::string>, std::less<>> kinds_;
};

}  // namespace see
