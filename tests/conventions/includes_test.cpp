// The arrows of the architecture, proved from the include lines: what each folder may include, and
// in which one folder each third-party library may appear.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/support/source_directory.h"

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kFolders = {"streams", "operators", "state",     "connectors",
                                           "app",     "tests",     "benchmarks"};

/// First match decides: folder -> prefixes of ours that it may include.
const std::vector<std::pair<std::string, std::vector<std::string>>> kMayInclude = {
    {"streams/", {"streams/"}},
    {"operators/rules/cel/", {"streams/", "operators/rules/cel/"}},
    {"operators/city/", {"streams/", "operators/city/"}},
    {"operators/", {"streams/", "operators/"}},
    {"state/", {"streams/", "state/"}},
    {"connectors/json/",
     {"streams/", "connectors/json/", "operators/city/", "operators/rules/cel/"}},
    {"connectors/replay/",
     {"streams/", "connectors/", "operators/city/", "operators/rules/cel/", "operators/yaml/"}},
    {"connectors/", {"streams/", "connectors/", "operators/city/"}},
    {"app/", {"streams/", "operators/", "state/", "connectors/", "app/"}},
    {"tests/", {""}},
    {"benchmarks/", {""}},
};

/// Library header -> the folders that may include it. Tests and benchmarks may use any.
const std::vector<std::pair<std::string, std::vector<std::string>>> kLibraries = {
    {"xxhash.h", {"streams/", "state/"}},
    {"re2/", {"operators/rules/cel/"}},
    {"yaml-cpp/", {"operators/yaml/"}},
    {"rocksdb/", {"state/"}},
    {"simdjson.h", {"connectors/json/"}},
    {"librdkafka/", {"connectors/kafka/"}},
    {"boost/", {"connectors/http/", "state/"}},
    {"openssl/", {"connectors/http/"}},
    {"prometheus/", {"connectors/metrics/"}},
    {"zlib.h", {"connectors/replay/", "connectors/http/"}},
    {"CLI/", {"app/main/"}},
    {"fmt/", {"app/", "connectors/"}},
    {"spdlog/", {"app/", "connectors/"}},
};

struct Include {
  std::string file, target;
  bool ours;
};

std::vector<Include> includes() {
  std::vector<Include> all;
  const fs::path root{source_directory()};
  const std::regex line_form{R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])"};
  for (const std::string& folder : kFolders) {
    for (const auto& entry : fs::recursive_directory_iterator{root / folder}) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      std::ifstream file{entry.path()};
      std::smatch match;
      for (std::string line; std::getline(file, line);)
        if (std::regex_search(line, match, line_form))
          all.push_back({fs::relative(entry.path(), root).string(), match[2], match[1] == "\""});
    }
  }
  return all;
}

bool starts_with_any(const std::string& text, const std::vector<std::string>& prefixes) {
  for (const std::string& prefix : prefixes)
    if (text.starts_with(prefix)) return true;
  return false;
}

const std::vector<std::string>& allowed(const std::string& file) {
  for (const auto& [folder, may] : kMayInclude)
    if (file.starts_with(folder)) return may;
  static const std::vector<std::string> kNone;
  return kNone;
}

TEST(Includes, ArrowsNeverTurnBack) {
  const std::vector<Include> all = includes();
  ASSERT_GT(all.size(), 300u) << "the sources were not found";
  for (const Include& include : all)
    if (include.ours) {
      EXPECT_TRUE(starts_with_any(include.target, allowed(include.file)))
          << include.file << " may not include " << include.target;
    }
}

TEST(Includes, EachLibraryHasItsFolder) {
  for (const Include& include : includes()) {
    if (include.ours || include.file.starts_with("tests/") || include.file.starts_with("bench"))
      continue;
    for (const auto& [library, folders] : kLibraries)
      if (include.target.starts_with(library)) {
        EXPECT_TRUE(starts_with_any(include.file, folders))
            << include.file << " includes " << include.target;
      }
  }
}

TEST(Includes, AWrongArrowWouldBeSeen) {
  EXPECT_FALSE(starts_with_any("state/database.h", allowed("streams/task.h")));
  EXPECT_FALSE(starts_with_any("app/engine.h", allowed("operators/judge/judge.h")));
  EXPECT_TRUE(starts_with_any("streams/task.h", allowed("operators/judge/judge.h")));
}

/// No clock, thread, sleep, chance or locale in what must be deterministic.
TEST(Determinism, EngineAndOperatorsAskNoClock) {
  const std::regex banned{
      R"(system_clock|steady_clock|high_resolution_clock|std::thread|sleep_for|random_device)"
      R"(|\brand\(|setlocale|getenv|unordered_map|unordered_set)"};
  const fs::path root{source_directory()};
  int files = 0;
  for (const char* folder : {"streams", "operators"}) {
    for (const auto& entry : fs::recursive_directory_iterator{root / folder}) {
      if (!entry.is_regular_file() || entry.path().extension() == ".md") continue;
      ++files;
      std::ifstream file{entry.path()};
      int number = 0;
      for (std::string line; std::getline(file, line);) {
        ++number;
        EXPECT_FALSE(std::regex_search(line, banned))
            << entry.path() << ":" << number << ": " << line;
      }
    }
  }
  EXPECT_GT(files, 60);
}

TEST(Style, LinesAreAtMost100ColumnsAndFilesHaveAPurpose) {
  const fs::path root{source_directory()};
  for (const std::string& folder : kFolders) {
    for (const auto& entry : fs::recursive_directory_iterator{root / folder}) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      std::ifstream file{entry.path()};
      int number = 0;
      bool comment_early = false;
      for (std::string line; std::getline(file, line);) {
        ++number;
        std::size_t columns = 0;
        for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
        EXPECT_LE(columns, 100u) << entry.path() << ":" << number;
        comment_early = comment_early || (number < 12 && line.starts_with("//"));
      }
      EXPECT_TRUE(comment_early || extension != ".h") << entry.path() << " does not say what it is";
      EXPECT_LE(number, 480) << entry.path() << " is long: why?";
    }
  }
}

}  // namespace
