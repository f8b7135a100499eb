#pragma once

// StaticFiles: the files of one directory, by the path they are asked for. The directory is listed
// once; only what was listed is ever opened, so no path can lead out of it. The server's thread.

#include <map>
#include <string>
#include <string_view>

#include "streams/result.h"

namespace connectors {

class StaticFiles {
 public:
  struct File {
    std::string path;       // on disk
    std::string_view type;  // of its content
  };

  static streams::Result<StaticFiles> list(const std::string& directory);

  /// Null: there is none. A path that ends in '/' means its index.html.
  const File* find(const std::string& path) const;

 private:
  std::map<std::string, File> files_;
};

}  // namespace connectors
