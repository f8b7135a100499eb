#include "state/wal_end.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>

#include "streams/bytes.h"

namespace state {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 32 << 10;
constexpr std::size_t kHeader = 7;
constexpr std::uint8_t kLastKind = 4;  // full, first, middle, last; 0 is space that was never used
/// Metadata records of newer RocksDB versions, outside the kinds above, with the same header.
constexpr std::uint8_t kFirstMetaKind = 9, kLastMetaKind = 11;

using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

/// As the logs store it: a checksum over text that holds checksums must not be one of them.
std::uint32_t masked_crc(std::string_view bytes) {
  Crc32c crc;
  crc.process_bytes(bytes.data(), bytes.size());
  const std::uint32_t sum = crc.checksum();
  return ((sum >> 15) | (sum << 17)) + 0xa282ead8u;
}

bool is_kind(std::uint8_t kind) {
  return (kind >= 1 && kind <= kLastKind) || (kind >= kFirstMetaKind && kind <= kLastMetaKind);
}

/// The size of a whole record that begins here, header included; nothing: there is none.
std::optional<std::size_t> record_at(std::string_view log, std::size_t at) {
  if (at + kHeader > log.size()) return std::nullopt;
  streams::ByteReader reader{log.substr(at)};
  const auto crc = reader.fixed<std::uint32_t>();
  const auto length = reader.fixed<std::uint16_t>();
  const auto kind = reader.fixed<std::uint8_t>();
  const std::size_t end = at + kHeader + length;
  if (!is_kind(kind) || end > log.size() || end > (at / kBlock + 1) * kBlock) return std::nullopt;
  if (masked_crc(log.substr(at + kHeader - 1, length + 1u)) != crc) return std::nullopt;
  return kHeader + length;
}

bool is_zero(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == 0; });
}

/// Where whole records end; the size of the log where all of it is whole.
std::size_t whole_until(std::string_view log) {
  std::size_t at = 0;
  while (at < log.size()) {
    const std::size_t left = kBlock - at % kBlock;
    if (left < kHeader && is_zero(log.substr(at, left))) {  // a header does not fit: filled up
      at = std::min(at + left, log.size());
      continue;
    }
    const std::optional<std::size_t> size = record_at(log, at);
    if (!size) return at;
    at += *size;
  }
  return at;
}

/// A record somewhere behind `at`: then what is there is no end.
bool any_record_behind(std::string_view log, std::size_t at) {
  for (std::size_t next = at + 1; next + kHeader <= log.size(); ++next)
    if (record_at(log, next)) return true;
  return false;
}

/// A file's bytes where they lie: a log may be as large as a write-ahead log gets.
class Mapped {
 public:
  explicit Mapped(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about {};
    if (file >= 0 && ::fstat(file, &about) == 0 && about.st_size > 0) {
      size_ = static_cast<std::size_t>(about.st_size);
      at_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    }
    if (file >= 0) ::close(file);
  }
  ~Mapped() {
    if (at_ != MAP_FAILED) ::munmap(at_, size_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  std::string_view bytes() const {
    if (at_ == MAP_FAILED) return {};
    return {static_cast<const char*>(at_), size_};
  }

 private:
  std::size_t size_ = 0;
  void* at_ = MAP_FAILED;
};

}  // namespace

WalEnd look_at_wal(const std::string& directory) {
  std::map<std::uint64_t, fs::path> logs;  // by number: the order in which they were written
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator{directory, failed})
    if (entry.path().extension() == ".log" && fs::file_size(entry.path(), failed) > 0)
      logs[std::strtoull(entry.path().stem().c_str(), nullptr, 10)] = entry.path();
  WalEnd end;
  for (const auto& [number, path] : logs) {
    const Mapped mapped{path};
    const std::string_view log = mapped.bytes();
    const std::size_t whole = whole_until(log);
    if (whole == log.size()) continue;
    const bool newest = path == logs.rbegin()->second;
    if (newest && !any_record_behind(log, whole)) return {path.string(), whole, true};
    return {path.string(), whole, false};
  }
  return end;
}

}  // namespace state
