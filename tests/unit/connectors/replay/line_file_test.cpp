#include "connectors/replay/line_file.h"

#include "tests/unit/connectors/replay/files.h"

namespace {

using connectors::Line;
using connectors::LineFile;

class LineFileTest : public connectors::Files {};

std::vector<std::string> lines_of(LineFile& file) {
  std::vector<std::string> lines;
  while (const std::optional<Line> line = file.next())
    lines.push_back(std::string{line->text} +
                    (line->problem.empty() ? "" : "!" + std::string{line->problem}));
  return lines;
}

TEST_F(LineFileTest, GivesTheSameLinesOfPlainAndGzippedText) {
  const std::string text = "one\r\ntwo\n\nlast";
  for (const std::string& path : {write("a.txt", text), gzip("a.txt.gz", text)}) {
    auto file = LineFile::open(path);
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(lines_of(*file), (std::vector<std::string>{"one", "two", "", "last"}));
    EXPECT_FALSE(file->failure());
    EXPECT_EQ(file->bytes_read(), file->bytes_total());
  }
  EXPECT_EQ(*connectors::content_hash(path("a.txt")), *connectors::content_hash(path("a.txt.gz")));
}

TEST_F(LineFileTest, SaysWhichFileIsMissing) {
  const auto file = LineFile::open(path("nowhere.ndjson"));
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().what, "the file '" + path("nowhere.ndjson") + "' does not exist");
  EXPECT_EQ(file.error().kind, streams::Error::Kind::usage);
  EXPECT_FALSE(LineFile::open(path("")).ok()) << "a directory";
}

TEST_F(LineFileTest, CutsALineThatIsTooLongAndGoesOn) {
  const std::string exact(LineFile::kMaxLineBytes, 'x');
  auto file = LineFile::open(write("long", exact + "y\n" + exact + "\nshort\n"));
  ASSERT_TRUE(file.ok());
  const std::optional<Line> first = file->next();
  EXPECT_EQ(first->text.size(), LineFile::kMaxLineBytes);
  EXPECT_EQ(first->problem, "the line is longer than 1 MiB; its beginning is kept");
  EXPECT_TRUE(file->next()->problem.empty());
  const std::optional<Line> third = file->next();
  EXPECT_EQ(third->text, "short");
  EXPECT_EQ(third->number, 3);
}

TEST_F(LineFileTest, OfABrokenGzipGivesWhatCouldBeRead) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "line " + std::to_string(i * 7919 % 100'003) + "\n";
  const std::string whole = read(gzip("whole.gz", text));
  const std::string cut = write("cut.gz", whole.substr(0, whole.size() / 2));
  std::string bent = whole;
  for (std::size_t i = 0; i < 100; ++i) bent[whole.size() / 2 + i] ^= 0x55;
  for (const std::string& path : {cut, write("bent.gz", bent)}) {
    auto file = LineFile::open(path);
    ASSERT_TRUE(file.ok());
    const std::vector<std::string> lines = lines_of(*file);
    EXPECT_GT(lines.size(), 30'000u) << path;
    EXPECT_LT(lines.size(), 100'000u);
    ASSERT_TRUE(file->failure());
    EXPECT_NE(file->failure()->what.find(path + "' can be read only in part: "), std::string::npos)
        << file->failure()->what;
  }
  auto file = LineFile::open(cut);
  EXPECT_TRUE(lines_of(*file).back().ends_with("!the file breaks off within this line"));
}

}  // namespace
