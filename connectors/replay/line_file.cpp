#include "connectors/replay/line_file.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "streams/hash.h"

namespace connectors {
namespace {

using streams::Error;

// Small, because zlib gives back nothing of the buffer in which it meets a fault.
constexpr unsigned kZlibBytes = 8 << 10;
constexpr std::size_t kBlockBytes = 64 << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Error usage(const std::string& path, const std::string& what) {
  return {Error::Kind::usage, "the file '" + path + "' " + what};
}

/// Reads up to `limit` bytes into `block`; an error where the file is broken.
std::optional<Error> read_block(gzFile file, const std::string& path, std::string& block,
                                std::size_t limit) {
  block.resize(limit);
  const int got = gzread(file, block.data(), static_cast<unsigned>(limit));
  block.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (got > 0) return std::nullopt;
  int code = Z_OK;
  const char* what = gzerror(file, &code);
  if (code == Z_OK || code == Z_STREAM_END) return std::nullopt;
  const std::string why = code == Z_ERRNO ? std::strerror(errno)
                          : code == Z_BUF_ERROR ? "it ends in the middle of its gzip stream"
                                                : what;
  return usage(path, "can be read only in part: " + why);
}

}  // namespace

streams::Result<LineFile> LineFile::open(const std::string& path) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status)) return usage(path, "does not exist");
  if (!std::filesystem::is_regular_file(status)) return usage(path, "is no ordinary file");
  const std::uintmax_t total = std::filesystem::file_size(path, code);
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return usage(path, std::string{"can't be opened: "} + std::strerror(errno));
  gzbuffer(file, kZlibBytes);
  return LineFile{path, file, code ? 0 : total};
}

LineFile::LineFile(std::string path, gzFile_s* file, std::uint64_t total)
    : path_(std::move(path)), file_(file), total_(total) {}

LineFile::LineFile(LineFile&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, nullptr)),
      total_(other.total_),
      block_(std::move(other.block_)),
      at_(other.at_),
      end_(other.end_),
      line_(std::move(other.line_)),
      too_long_(other.too_long_),
      number_(other.number_),
      failure_(std::move(other.failure_)) {}

LineFile::~LineFile() {
  if (file_ != nullptr) gzclose_r(file_);
}

std::uint64_t LineFile::bytes_read() const {
  const auto offset = gzoffset(file_);
  return offset > 0 ? static_cast<std::uint64_t>(offset) : 0;
}

bool LineFile::refill() {
  at_ = 0;
  if (end_) return false;
  failure_ = read_block(file_, path_, block_, kBlockBytes);
  end_ = block_.empty();
  return !end_;
}

std::optional<Line> LineFile::next() {
  line_.clear();
  too_long_ = false;
  bool any = false;
  while (at_ < block_.size() || refill()) {
    any = true;
    const std::string_view rest = std::string_view{block_}.substr(at_);
    const std::size_t newline = rest.find('\n');
    const std::string_view part = rest.substr(0, newline);
    const std::size_t room = kMaxLineBytes - line_.size();
    line_.append(part.substr(0, room));
    too_long_ = too_long_ || part.size() > room;
    at_ += part.size();
    if (newline == std::string_view::npos) continue;
    ++at_;
    return finish(true);
  }
  block_.clear();
  if (!any) return std::nullopt;
  return finish(false);
}

Line LineFile::finish(bool ended) {
  ++number_;
  if (ended && !too_long_ && line_.ends_with('\r')) line_.pop_back();
  if (number_ == 1 && line_.starts_with(kByteOrderMark)) line_.erase(0, kByteOrderMark.size());
  Line line{line_, number_, {}};
  if (too_long_)
    line.problem = "the line is longer than 1 MiB; its beginning is kept";
  else if (!ended && failure_)
    line.problem = "the file breaks off within this line";
  return line;
}

streams::Result<std::string> content_hash(const std::string& path) {
  const streams::Result<LineFile> there = LineFile::open(path);
  if (!there) return there.error();
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return usage(path, std::string{"can't be opened: "} + std::strerror(errno));
  gzbuffer(file, kZlibBytes);
  std::string hash, block;
  do {  // where it is broken, what could be read is the content
    (void)read_block(file, path, block, kBlockBytes);
    hash = streams::make_id("", {hash, block});
  } while (!block.empty());
  gzclose_r(file);
  return hash;
}

}  // namespace connectors
