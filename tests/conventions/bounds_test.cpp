// The table of bounds (deploy/bounds.md): every row names a test that shows what happens at it, and
// that test is there; and its default is the number that stands in the code.

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "tests/support/source_directory.h"

namespace {

namespace fs = std::filesystem;

struct Row {
  std::string bound, by_default, test;
};

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream{source_directory("/" + path)}.rdbuf();
  return text.str();
}

std::vector<Row> rows() {
  std::vector<Row> all;
  std::istringstream file{text_of("deploy/bounds.md")};
  const std::regex form{R"(^\|([^|]+)\|([^|]+)\|([^|]+)\|([^|]+)\|$)"};
  std::smatch cells;
  for (std::string line; std::getline(file, line);)
    if (std::regex_match(line, cells, form) && line.find("---") == std::string::npos &&
        line.find("| bound |") != 0)
      all.push_back({cells[1], cells[2], cells[4]});
  return all;
}

/// "Suite.Name" of every GoogleTest, and the path of every other file under tests/ and benchmarks/.
std::set<std::string> tests() {
  std::set<std::string> all;
  const std::regex form{R"(^TEST(?:_F|_P)?\((\w+), (\w+)\))"};
  const fs::path root{source_directory()};
  for (const char* folder : {"tests", "benchmarks"})
    for (const auto& entry : fs::recursive_directory_iterator{root / folder}) {
      if (!entry.is_regular_file()) continue;
      all.insert(fs::relative(entry.path(), root).string());
      if (entry.path().extension() != ".cpp") continue;
      std::ifstream file{entry.path()};
      std::smatch name;
      for (std::string line; std::getline(file, line);)
        if (std::regex_search(line, name, form)) all.insert(name[1].str() + "." + name[2].str());
    }
  return all;
}

/// "256 << 10", "24 * 30", "1'000".
std::int64_t product(std::string digits) {
  std::erase(digits, '\'');
  static const std::regex kPart{R"((<<|\*)?\s*(\d+))"};
  std::int64_t value = 1;
  for (std::sregex_iterator part{digits.begin(), digits.end(), kPart}, end; part != end; ++part) {
    const std::int64_t number = std::stoll((*part)[2]);
    value = (*part)[1] == "<<" ? value << number : value * number;
  }
  return value;
}

/// What the source gives the constant, in bytes, milliseconds or as a count.
std::optional<std::int64_t> in_source(const std::string& file, const std::string& name) {
  const std::string source = text_of(file);
  const std::regex form{"([^\\n;]*)\\b" + name + R"(\s*(?:=|\{)\s*([^;,}]*))"};
  std::smatch found;
  if (!std::regex_search(source, found, form)) return std::nullopt;
  static const std::map<std::string, std::int64_t> kUnits{
      {"milliseconds", 1},   {"ms", 1},         {"seconds", 1'000}, {"s", 1'000},
      {"minutes", 60'000},   {"hours", 3'600'000}, {"days", 86'400'000}};
  std::smatch value, unit;
  const std::string type = found[1], text = found[2];
  static const std::regex kNumber{R"(\d[\d']*(?:\s*(?:<<|\*)\s*\d[\d']*)*)"};
  static const std::regex kUnit{R"((milliseconds|seconds|minutes|hours|days)\b|\d(ms|s)\b)"};
  if (!std::regex_search(text, value, kNumber)) return std::nullopt;
  for (const std::string& part : {text, type})
    if (std::regex_search(part, unit, kUnit))
      return product(value.str()) * kUnits.at(unit[1].matched ? unit[1] : unit[2]);
  return product(value.str());
}

/// "256 KiB", "4,096", "60 s".
std::int64_t in_table(const std::string& cell) {
  static const std::regex kForm{R"((\d[\d,]*)(?: (KiB|MiB|ms|s|min|h|d)\b)?)"};
  static const std::map<std::string, std::int64_t> kUnits{
      {"", 1},         {"KiB", 1 << 10}, {"MiB", 1 << 20},   {"ms", 1},
      {"s", 1'000},    {"min", 60'000},  {"h", 3'600'000},   {"d", 86'400'000}};
  std::smatch found;
  if (!std::regex_search(cell, found, kForm)) return -1;
  std::string digits = found[1];
  std::erase(digits, ',');
  return std::stoll(digits) * kUnits.at(found[2]);
}

TEST(BoundsTable, EachRowNamesATestThatIsThere) {
  const std::set<std::string> known = tests();
  const std::vector<Row> all = rows();
  ASSERT_GT(all.size(), 30u) << "the table was not found";
  const std::regex quoted{R"(`([^`]+)`)"};
  for (const Row& row : all) {
    std::sregex_iterator name{row.test.begin(), row.test.end(), quoted};
    EXPECT_NE(name, std::sregex_iterator{}) << row.bound << " names no test";
    for (; name != std::sregex_iterator{}; ++name)
      EXPECT_TRUE(known.contains((*name)[1]))
          << row.bound << ": there is no test " << (*name)[1].str();
  }
}

TEST(BoundsTable, EachDefaultIsTheCodesOwn) {
  const std::regex form{R"(`([\w/.]+\.(?:h|cpp))` `(\w+)`)"};
  std::smatch place;
  for (const Row& row : rows()) {
    if (!std::regex_search(row.bound, place, form)) {
      ADD_FAILURE() << row.bound << " does not say where it stands: `file` `constant`";
      continue;
    }
    const auto number = in_source(place[1], place[2]);
    ASSERT_TRUE(number) << place[1] << " has no " << place[2];
    EXPECT_EQ(in_table(row.by_default), *number) << row.bound;
  }
}

}  // namespace
