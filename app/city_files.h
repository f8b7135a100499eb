#pragma once

// CityFiles: a city's data (`deploy/city/<name>`): its rule packs, duty list and adapter, read and
// checked, ready to be activated as versions. Read by the commands at start.

#include <string>
#include <vector>

#include "app/retention.h"
#include "operators/city/names.h"
#include "operators/rules/pack.h"
#include "streams/result.h"
#include "streams/version.h"

namespace app {

struct CityFiles {
  std::string name;  // of the directory; in every id of the city
  std::string directory;
  std::vector<streams::Version> versions;  // "duty", "calendar", "hotline", …, "rules/<pack>"
  std::vector<rules::Pack> packs;
  std::string adapter;  // path, or empty
  Retention retention;
};

/// A fatal mistake in any file is one error that names every problem with file, line and column.
streams::Result<CityFiles> read_city(const std::string& directory);

/// The seats of its duty list: a flood of warnings is counted for each of them.
std::vector<std::string> seats_of(const CityFiles& files);
/// What its duty list calls people and units.
city::NameList names_of(const CityFiles& files);
/// Its items whose orders are for life.
std::vector<std::string> life_items_of(const CityFiles& files);

struct Packs {
  std::vector<rules::Pack> packs;
  std::vector<streams::Version> versions;  // beside them
  std::vector<rules::Problem> doubts;      // what may not be meant, though it may be done
};
/// Rule packs that will be active together; an error names all that is wrong with any of them.
streams::Result<Packs> read_packs(const std::vector<std::string>& paths);

/// A rule pack's text as a version, checked together with the packs it will stand beside, where it
/// takes the place of the one of its name. `packs` then has those and, last, this one.
streams::Result<streams::Version> pack_version(const std::string& text, const std::string& file,
                                               const std::vector<rules::Pack>& beside,
                                               std::vector<rules::Pack>* packs = nullptr);

/// Where the project's data is (deploy/, screen/): WATCHFIRE_HOME, or the sources it was built
/// from.
std::string project_directory();
std::string default_city_directory();

}  // namespace app
