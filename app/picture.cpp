#include "app/picture.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace app {

namespace {

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

// ---- EXIF ---------------------------------------------------------------------------------------

/// A TIFF structure, as EXIF has it; every read is inside or gives 0.
class Exif {
 public:
  explicit Exif(std::string_view tiff)
      : tiff_(tiff), little_(tiff.starts_with("II")), good_(little_ || tiff.starts_with("MM")) {
    if (!good_) return;
    read_directory(number(4, 4));
    if (const std::uint32_t more = std::exchange(exif_at_, 0); more != 0) read_directory(more);
  }
  int orientation() const { return orientation_; }
  /// "2026:11:22 08:00:01" and "+08:00" are 2026-11-22T08:00:01+08:00.
  std::string taken_at() const {
    std::string text = taken_.empty() ? changed_ : taken_;
    constexpr std::size_t kLength = 19;
    if (text.size() < kLength) return {};
    text.resize(kLength);
    text[4] = text[7] = '-';
    text[10] = 'T';
    const bool plain = text.find_first_not_of("0123456789-:T") == text.npos;
    return plain ? text + offset_ : std::string{};
  }

 private:
  static constexpr std::size_t kEntry = 12, kMostEntries = 512;

  std::uint32_t number(std::size_t at, std::size_t size) const {
    std::uint32_t value = 0;
    if (at + size > tiff_.size()) return 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | byte_at(tiff_, little_ ? at + size - 1 - i : at + i);
    return value;
  }
  std::string text(std::size_t entry) const {
    const std::size_t size = number(entry + 4, 4);
    const std::size_t at = size <= 4 ? entry + 8 : number(entry + 8, 4);
    if (at + size > tiff_.size() || size > 64) return {};
    return std::string{tiff_.substr(at, size).substr(0, tiff_.substr(at, size).find('\0'))};
  }
  void read_directory(std::size_t at) {
    const std::size_t count = std::min<std::size_t>(number(at, 2), kMostEntries);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t entry = at + 2 + i * kEntry;
      if (entry + kEntry > tiff_.size()) return;
      switch (number(entry, 2)) {
        case 0x0112: orientation_ = static_cast<int>(number(entry + 8, 2)); break;
        case 0x0132: changed_ = text(entry); break;
        case 0x8769: exif_at_ = number(entry + 8, 4); break;
        case 0x9003: taken_ = text(entry); break;
        case 0x9011: {
          const std::string offset = text(entry);
          if (offset.size() == 6 && offset.find_first_not_of("+-0123456789:") == offset.npos)
            offset_ = offset;
          break;
        }
        default: break;
      }
    }
  }

  std::string_view tiff_;
  bool little_ = false, good_ = false;
  int orientation_ = 1;
  std::uint32_t exif_at_ = 0;
  std::string taken_, changed_, offset_;
};

/// An EXIF segment that says which side is up, and nothing else.
std::string upright_segment(int orientation) {
  using namespace std::string_literals;
  return "\xff\xe1\x00\x22"s + "Exif\0\0"s + "MM\0\x2a\0\0\0\x08"s + "\0\x01"s +
         "\x01\x12\0\x03\0\0\0\x01\0"s + static_cast<char>(orientation) + "\0\0"s + "\0\0\0\0"s;
}

// ---- JPEG ---------------------------------------------------------------------------------------

constexpr std::string_view kExifMark{"Exif\0\0", 6};

enum Marker : std::uint8_t {
  kStuffed = 0x00, kTemporary = 0x01, kRestart0 = 0xd0, kRestart7 = 0xd7, kEnd = 0xd9,
  kScan = 0xda, kApp0 = 0xe0, kApp1 = 0xe1, kApp2 = 0xe2, kApp14 = 0xee, kApp15 = 0xef,
  kComment = 0xfe,
};

bool is_restart(std::uint8_t marker) {
  return marker >= kRestart0 && marker <= kRestart7;
}

/// Whether a segment is needed to show the picture.
bool shows(std::uint8_t marker, std::string_view content) {
  if (marker == kComment) return false;
  if (marker < kApp0 || marker > kApp15) return true;
  if (marker == kApp2) return content.starts_with("ICC_PROFILE");
  return marker == kApp0 || marker == kApp14;
}

/// Behind the compressed data of a scan: the next marker, or the end of what there is.
std::size_t end_of_scan(std::string_view bytes, std::size_t at) {
  for (; at + 1 < bytes.size(); ++at) {
    if (byte_at(bytes, at) != 0xff) continue;
    const std::uint8_t next = byte_at(bytes, at + 1);
    if (next != kStuffed && next != 0xff && !is_restart(next)) return at;
  }
  return bytes.size();
}

}  // namespace

std::optional<Picture> bare_jpeg(std::string_view bytes) {
  Picture picture{"\xff\xd8", {}};
  constexpr std::string_view kEndMarker = "\xff\xd9";
  bool scanned = false;
  std::size_t at = 2;
  while (at + 2 <= bytes.size()) {
    if (byte_at(bytes, at) != 0xff) return std::nullopt;
    const std::uint8_t marker = byte_at(bytes, at + 1);
    if (marker == 0xff) {  // fill
      ++at;
      continue;
    }
    if (marker == kEnd) break;  // what comes behind is another picture, or nobody's business
    if (marker == kTemporary || is_restart(marker)) {
      picture.bytes += bytes.substr(at, 2);
      at += 2;
      continue;
    }
    if (at + 4 > bytes.size()) return std::nullopt;
    const std::size_t size = std::size_t{byte_at(bytes, at + 2)} << 8 | byte_at(bytes, at + 3);
    if (size < 2 || at + 2 + size > bytes.size()) return std::nullopt;
    const std::string_view content = bytes.substr(at + 4, size - 2);
    std::size_t end = at + 2 + size;
    if (marker == kApp1 && content.starts_with(kExifMark)) {
      const Exif exif{content.substr(kExifMark.size())};
      if (picture.taken_at.empty()) picture.taken_at = exif.taken_at();
      if (exif.orientation() > 1 && exif.orientation() <= 8)
        picture.bytes += upright_segment(exif.orientation());
    }
    if (marker == kScan) {
      scanned = true;
      end = end_of_scan(bytes, end);
    }
    if (shows(marker, content)) picture.bytes += bytes.substr(at, end - at);
    at = end;
  }
  if (!scanned) return std::nullopt;
  picture.bytes += kEndMarker;
  return picture;
}

// ---- PNG ----------------------------------------------------------------------------------------

std::optional<Picture> bare_png(std::string_view bytes) {
  constexpr std::size_t kHead = 8, kAround = 12;  // of the file; length, type, checksum of a chunk
  constexpr std::array<std::string_view, 17> kShown{
      "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP",
      "sBIT", "pHYs", "bKGD", "cICP", "acTL", "fcTL", "fdAT", "hIST"};
  Picture picture{std::string{bytes.substr(0, kHead)}, {}};
  std::size_t at = kHead;
  while (at + kAround <= bytes.size()) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | byte_at(bytes, at + i);
    if (size > bytes.size() - at - kAround) return std::nullopt;
    const std::string_view type = bytes.substr(at + 4, 4);
    if (type == "eXIf" && picture.taken_at.empty())
      picture.taken_at = Exif{bytes.substr(at + 8, size)}.taken_at();
    if (std::find(kShown.begin(), kShown.end(), type) != kShown.end())
      picture.bytes += bytes.substr(at, size + kAround);
    at += size + kAround;
    if (type == "IEND") return picture;
  }
  return std::nullopt;
}

}  // namespace app
