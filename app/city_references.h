#pragma once

// city_references: what a city's files say of one another by name: items that orders ask for, hours
// of service, rules. One that nobody has would never work, and nobody would see it. Asked wherever
// versions become active: by `run` for the city's files, by `rules activate` for a pack beside what
// is active.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "operators/rules/pack.h"
#include "streams/result.h"
#include "streams/version.h"

namespace app {

/// `versions`: whole ones, which their readers accept; lists that are not among them are not asked.
/// `file_of`: what sentences call a version's file.
streams::Result<void> check_references(const std::vector<streams::Version>& versions,
                                       const std::vector<rules::Pack>& packs,
                                       const std::function<std::string(std::string_view)>& file_of);

}  // namespace app
