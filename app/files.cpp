#include "app/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace app {

using streams::Error;

streams::Result<std::string> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text;
  if (file && !std::filesystem::is_directory(path))
    text.assign(std::istreambuf_iterator<char>{file}, {});  // an empty file is no error
  if (!file || file.bad() || std::filesystem::is_directory(path))
    return Error{Error::Kind::usage, "can't read " + path + ": " +
                                         (std::filesystem::is_directory(path)
                                              ? "it is a directory"
                                              : std::strerror(errno ? errno : ENODATA))};
  return text;
}

namespace {

/// A name that was renamed into a directory is there after a power cut.
bool sync_directory(const std::string& of) {
  const std::string parent = std::filesystem::path{of}.parent_path().string();
  const char* const name = parent.empty() ? "." : parent.c_str();
  const int opened = ::open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return false;
  const bool synced = ::fsync(opened) == 0;
  ::close(opened);
  return synced;
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

streams::Result<void> write_file(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool good = file >= 0 && write_all(file, text) && ::fsync(file) == 0;
  if (file >= 0) good = ::close(file) == 0 && good;
  if (!good || std::rename(beside.c_str(), path.c_str()) != 0 || !sync_directory(path))
    return Error{Error::Kind::fatal, "can't write " + path + ": " + std::strerror(errno)};
  return {};
}

streams::Result<void> make_private_directory(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed)
    return Error{Error::Kind::usage, "can't make the directory " + path + ": " + failed.message()};
  using std::filesystem::perms;
  const perms now = std::filesystem::status(path, failed).permissions();
  if ((now & (perms::group_all | perms::others_all)) == perms::none) return {};
  std::filesystem::permissions(path, perms::owner_all, failed);
  if (failed)
    return Error{Error::Kind::usage, "others on this machine can look into " + path +
                                         ", and this user can't change that: chmod 700 " + path};
  return {};
}

}  // namespace app
