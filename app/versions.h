#pragma once

// Lists of versions, one of each name: what is active, what shall be. Used where versions are
// activated: by Engine, CityVersions and the commands.

#include <string_view>
#include <vector>

#include "streams/decoder.h"
#include "streams/version.h"

namespace app {

/// What a version record says; it takes the place of the one of that name. Other records: false.
bool take_version(streams::Decoder& decoder, std::string_view bytes,
                  std::vector<streams::Version>& versions);

/// Those of `wanted` that are not active as they are.
std::vector<streams::Version> differing(const std::vector<streams::Version>& wanted,
                                        const std::vector<streams::Version>& active);

}  // namespace app
