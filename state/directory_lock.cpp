#include "state/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace state {

using streams::Error;
using streams::Result;

Result<std::unique_ptr<DirectoryLock>> DirectoryLock::take(const std::string& directory) {
  const std::string path = directory + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0)
    return Error{Error::Kind::usage, "can't write " + path + ": " + std::strerror(errno) +
                                         "; give a --data directory that this user may write to"};
  std::unique_ptr<DirectoryLock> lock{new DirectoryLock(file)};
  // Of the open file, not of the process: it also holds against a second opener in this process,
  // and goes with the process even when that is killed.
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const ssize_t size = ::pread(file, holder, sizeof holder - 1, 0);
    const std::string pid = size > 0 ? std::string{holder, std::strcspn(holder, "\n")} : "unknown";
    return Error{Error::Kind::usage, directory + " is in use by another watchfire process (pid " +
                                         pid +
                                         "): stop it, or give this one another --data directory"};
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  // Where the disk is full the lock holds all the same; only the sentence lacks its number.
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) < 0) errno = 0;
  return lock;
}

DirectoryLock::~DirectoryLock() { ::close(file_); }

}  // namespace state
