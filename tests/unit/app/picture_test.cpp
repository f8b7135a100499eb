// Picture: where it was taken goes, what it shows stays; what is cut off is refused.

#include "app/picture.h"

#include <gtest/gtest.h>

namespace app {
namespace {

using namespace std::string_literals;

std::string segment(unsigned char marker, const std::string& content) {
  const std::size_t size = content.size() + 2;
  return "\xff"s + static_cast<char>(marker) + static_cast<char>(size >> 8) +
         static_cast<char>(size & 255) + content;
}
std::string number(std::uint32_t value, int bytes, bool little) {
  std::string out;
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>(value >> (8 * (little ? i : bytes - 1 - i)) & 255);
  return out;
}
/// Orientation 6, taken at 2026:11:22 16:00:01+08:00, and a position.
std::string exif(bool little) {
  const auto n = [&](std::uint32_t value, int bytes) { return number(value, bytes, little); };
  const auto short_value = [&](std::uint32_t value) { return n(value, 2) + n(0, 2); };
  std::string tiff = (little ? "II"s : "MM"s) + n(42, 2) + n(8, 4);
  tiff += n(3, 2);                                                // at 8, to 50
  tiff += n(0x0112, 2) + n(3, 2) + n(1, 4) + short_value(6);
  tiff += n(0x8769, 2) + n(4, 2) + n(1, 4) + n(50, 4);
  tiff += n(0x8825, 2) + n(4, 2) + n(1, 4) + n(110, 4) + n(0, 4);
  tiff += n(2, 2);                                                // at 50, to 80
  tiff += n(0x9003, 2) + n(2, 2) + n(20, 4) + n(80, 4);
  tiff += n(0x9011, 2) + n(2, 2) + n(7, 4) + n(100, 4) + n(0, 4);
  tiff += "2026:11:22 16:00:01\0"s + "+08:00\0"s + "\0\0\0"s + "GPS 31.2 N 121.4 E";
  return tiff;
}
std::string jpeg(const std::string& exif_segment) {
  return "\xff\xd8"s + segment(0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0"s) + exif_segment +
         segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPS</x:xmpmeta>"s) +
         segment(0xed, "Photoshop 3.0\0GPS"s) + segment(0xe2, "MPF\0GPS"s) +
         segment(0xfe, "GPS in a comment") + segment(0xdb, "tables") +
         segment(0xda, "scan") + "data\xff\x00more\xff\xd0"s + "end" + segment(0xc4, "huffman") +
         segment(0xda, "scan") + "again" + "\xff\xd9"s;
}

TEST(Picture, AJpegLosesWhereAndKeepsWhenAndWhichSideIsUp) {
  for (const bool little : {false, true}) {
    const std::string second = jpeg(segment(0xe1, "Exif\0\0"s + exif(little)));
    const auto picture = bare_jpeg(second + second);
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->bytes.find("GPS"), std::string::npos);
    EXPECT_EQ(picture->bytes.find("2026"), std::string::npos);
    EXPECT_EQ(picture->taken_at, "2026-11-22T16:00:01+08:00");
    const std::string upright = "\xff\xe1\0\x22"s + "Exif\0\0"s + "MM\0\x2a\0\0\0\x08\0\x01"s +
                                "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"s;
    EXPECT_EQ(picture->bytes, "\xff\xd8"s + segment(0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0"s) + upright +
                                  segment(0xdb, "tables") + segment(0xda, "scan") +
                                  "data\xff\x00more\xff\xd0"s + "end" + segment(0xc4, "huffman") +
                                  segment(0xda, "scan") + "again" + "\xff\xd9"s);
    const auto again = bare_jpeg(picture->bytes);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->bytes, picture->bytes) << "which side is up is read again";
  }
}

TEST(Picture, EveryCutIsReadOrRefusedAndNeverKeepsAPosition) {
  const std::string whole = jpeg(segment(0xe1, "Exif\0\0"s + exif(true)));
  for (std::size_t size = 3; size < whole.size(); ++size)
    if (const auto picture = bare_jpeg(whole.substr(0, size))) {
      EXPECT_EQ(picture->bytes.find("GPS"), std::string::npos) << size;
    }
  EXPECT_FALSE(bare_jpeg(whole.substr(0, 100)));
  std::string bent = whole;
  for (std::size_t i = 2; i < whole.size(); ++i) {
    bent[i] = static_cast<char>(bent[i] ^ 0x5a);
    (void)bare_jpeg(bent);  // reads nothing outside
    bent[i] = whole[i];
  }
  EXPECT_FALSE(bare_jpeg("\xff\xd8\xffjjjj"));
}

std::string chunk(const std::string& type, const std::string& content) {
  return number(static_cast<std::uint32_t>(content.size()), 4, false) + type + content + "crc!";
}

TEST(Picture, APngLosesWhatItSaysAndKeepsWhatItShows) {
  const std::string magic = "\x89PNG\r\n\x1a\n"s;
  const std::string shown = chunk("IHDR", "head") + chunk("gAMA", "g") + chunk("IDAT", "pixels");
  const auto picture = bare_png(magic + shown.substr(0, 16) + chunk("eXIf", exif(false)) +
                                chunk("tEXt", "GPS") + chunk("iTXt", "GPS") +
                                chunk("zTXt", "GPS") + shown.substr(16) + chunk("IEND", "") +
                                "GPS behind the end");
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->bytes, magic + shown + chunk("IEND", ""));
  EXPECT_EQ(picture->taken_at, "2026-11-22T16:00:01+08:00");
  EXPECT_FALSE(bare_png(magic + shown)) << "cut off";
  EXPECT_FALSE(bare_png(magic + "\xff\xff\xff\xff"s + "IDAT"));
}

}  // namespace
}  // namespace app
