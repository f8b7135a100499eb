#include "connectors/replay/csv_rows.h"

#include "tests/unit/connectors/replay/files.h"

namespace {

using connectors::CsvRow;
using connectors::CsvRows;
using connectors::LineFile;

class CsvRowsTest : public connectors::Files {
 protected:
  std::vector<CsvRow> rows_of(const std::string& text) {
    auto file = LineFile::open(write("rows.csv", text));
    CsvRows rows{*file};
    std::vector<CsvRow> all;
    for (CsvRow row; rows.next(row);) all.push_back(row);
    return all;
  }
};

TEST_F(CsvRowsTest, ReadsQuotesCommasAndNewlinesWithinCells) {
  const auto rows = rows_of("\xEF\xBB\xBF" "a,b,c\r\n1,\"x, \"\"y\"\"\",\n\n\"two\nlines\",,3");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].cells, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(rows[1].cells, (std::vector<std::string>{"1", "x, \"y\"", ""}));
  EXPECT_EQ(rows[2].cells, (std::vector<std::string>{"two\nlines", "", "3"}));
  EXPECT_EQ(rows[2].line, 4);
  EXPECT_EQ(rows[2].bytes, "\"two\nlines\",,3");
}

TEST_F(CsvRowsTest, AStrayQuoteCostsItsLineOnly) {
  const auto rows = rows_of("1,2\n\"open,2\n3,4\n5\"6,7\n8,9\n");
  std::vector<std::string> seen;
  for (const CsvRow& row : rows)
    seen.push_back(std::to_string(row.line) + (row.problem.empty() ? " good" : " bad"));
  EXPECT_EQ(seen, (std::vector<std::string>{"1 good", "2 bad", "3 good", "4 bad", "5 good"}));
  EXPECT_EQ(rows[1].bytes, "\"open,2");
}

TEST_F(CsvRowsTest, AnOpenQuoteIsGivenUpAfter64Lines) {
  std::string text = "\"open\n";
  for (int i = 0; i < 200; ++i) text += "good\n";
  const auto rows = rows_of(text);
  ASSERT_EQ(rows.size(), 201u);
  EXPECT_EQ(rows[0].problem, "a quote is opened and not closed within 64 lines and 1 MiB");
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_TRUE(rows[i].problem.empty());
}

}  // namespace
