#include "app/files.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace app {

using streams::Error;

streams::Result<std::string> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::stringstream text;
  if (!file || std::filesystem::is_directory(path) || !(text << file.rdbuf()))
    return Error{Error::Kind::usage, "can't read " + path + ": " +
                                         (std::filesystem::is_directory(path)
                                              ? "it is a directory"
                                              : std::strerror(errno ? errno : ENODATA))};
  return text.str();
}

streams::Result<void> write_file(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new";
  std::ofstream file{beside, std::ios::binary | std::ios::trunc};
  file << text;
  file.close();
  if (!file || std::rename(beside.c_str(), path.c_str()) != 0)
    return Error{Error::Kind::fatal, "can't write " + path + ": " + std::strerror(errno)};
  return {};
}

}  // namespace app
