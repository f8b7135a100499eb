#pragma once

// A directory of its own for a test that writes files, gone when the test ends; gzip; readers of
// everything at once.

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "connectors/json/event_decoder.h"
#include "connectors/replay/file_source.h"

namespace connectors {

class Files : public testing::Test {
 protected:
  Files() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    directory_ = std::filesystem::temp_directory_path() /
                 ("watchfire_" + std::to_string(getpid()) + "_" + test->test_suite_name() + "_" +
                  test->name());
    std::filesystem::create_directories(directory_);
  }
  ~Files() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name) const { return directory_ / name; }
  std::string write(const std::string& name, const std::string& content) {
    std::ofstream{path(name), std::ios::binary} << content;
    return path(name);
  }
  std::string gzip(const std::string& name, const std::string& content) {
    gzFile file = gzopen(path(name).c_str(), "wb");
    gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
    gzclose(file);
    return path(name);
  }
  static std::string read(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

  EventDecoder decoder_;

 private:
  std::filesystem::path directory_;
};

/// Everything that is left.
inline std::vector<FileRecord> drain(FileSource& source) {
  std::vector<FileRecord> all;
  while (std::optional<FileRecord> record = source.next()) all.push_back(std::move(*record));
  return all;
}

/// A telemetry event; `time` as "08:00:00".
inline std::string telemetry(const std::string& id, const std::string& time,
                             const std::string& more = "") {
  return R"({"specversion":"1.0","id":")" + id +
         R"(","source":"/t","type":"city.elevator.telemetry.v1",)"
         R"("subject":"elevator/1","time":"2026-11-22T)" +
         time + "Z\"" + more + R"(,"data":{"floor":1}})";
}

}  // namespace connectors
