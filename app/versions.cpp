#include "app/versions.h"

#include <algorithm>

namespace app {

using streams::Version;

bool take_version(streams::Decoder& decoder, std::string_view bytes,
                  std::vector<Version>& versions) {
  streams::Event event;
  Version version;
  std::string where;
  if (decoder.decode(bytes, event) || event.type != streams::kVersionType ||
      !streams::read_json(decoder.read(event.data), version, where))
    return false;
  std::erase_if(versions, [&](const Version& old) { return old.name == version.name; });
  if (!version.content.empty()) versions.push_back(std::move(version));  // else it is taken away
  return true;
}

std::vector<Version> differing(const std::vector<Version>& wanted,
                               const std::vector<Version>& active) {
  std::vector<Version> differ;
  for (const Version& version : wanted)
    if (std::none_of(active.begin(), active.end(), [&](const Version& one) {
          return one.name == version.name && one.hash == version.hash;
        }))
      differ.push_back(version);
  return differ;
}

}  // namespace app
