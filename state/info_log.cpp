#include "state/info_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdarg>
#include <cstdio>

#include "streams/time.h"

namespace state {
namespace {

constexpr std::size_t kFileBytes = 1 << 20;
constexpr std::size_t kLineBytes = 1000;

}  // namespace

InfoLog::InfoLog(std::string path) : path_(std::move(path)) { open(); }

InfoLog::~InfoLog() {
  if (file_ >= 0) ::close(file_);
}

void InfoLog::open() {
  if (file_ >= 0) ::close(file_);
  (void)std::rename(path_.c_str(), (path_ + ".old").c_str());
  file_ = ::open(path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  bytes_ = 0;
}

void InfoLog::Logv(const char* format, va_list arguments) {
  const auto now = std::chrono::floor<streams::Duration>(std::chrono::system_clock::now());
  std::string line = streams::format_time(now) + " ";
  const std::size_t head = line.size();
  line.resize(head + kLineBytes);
  const int size = std::vsnprintf(line.data() + head, kLineBytes, format, arguments);
  if (size <= 0) return;
  line.resize(head + std::min(static_cast<std::size_t>(size), kLineBytes - 1));
  if (line.back() != '\n') line += '\n';
  const std::lock_guard lock{mutex_};
  if (bytes_ > kFileBytes) open();
  bytes_ += line.size();
  if (file_ >= 0 && ::write(file_, line.data(), line.size()) < 0) return;  // a full disk: dropped
}

}  // namespace state
