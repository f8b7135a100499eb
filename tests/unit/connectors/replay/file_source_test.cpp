#include "connectors/replay/file_source.h"

#include <algorithm>
#include <random>

#include "tests/unit/connectors/replay/files.h"

namespace {

using namespace connectors;

class FileSourceTest : public Files {
 protected:
  FileSource open(const std::vector<std::string>& paths, Positions done = {},
                  const CsvAdapter* adapter = nullptr) {
    auto source = FileSource::open(paths, adapter, decoder_, std::move(done));
    EXPECT_TRUE(source.ok()) << source.error().what;
    return std::move(*source);
  }
  /// "<id or dead reason>@<recorded, seconds of the day>".
  static std::vector<std::string> told(const std::vector<FileRecord>& records) {
    std::vector<std::string> all;
    for (const FileRecord& record : records) {
      std::string text = "dead";
      if (const auto* door = std::get_if<DoorRecord>(&record)) {
        const std::size_t id = door->bytes.find("\"id\":\"") + 6;
        text = door->bytes.substr(id, door->bytes.find('"', id) - id);
      }
      all.push_back(text + "@" + streams::format_time(recorded_of(record)).substr(14, 5));
    }
    return all;
  }
};
using Told = std::vector<std::string>;

std::string file_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST_F(FileSourceTest, PlaysByRecordedTimeWhereTheFileHasIt) {
  const std::string path = write(
      "a.ndjson",
      file_of({telemetry("1", "08:00:30", R"(,"recordedtime":"2026-11-22T08:01:00Z")"),
               telemetry("2", "08:00:10", R"(,"recordedtime":"2026-11-22T08:01:01Z")"),
               telemetry("3", "11:00:00"),
               telemetry("4", "08:00:20", R"(,"recordedtime":"2026-11-22T08:01:02Z")")}));
  FileSource source = open({path});
  EXPECT_EQ(told(drain(source)), (Told{"1@01:00", "2@01:01", "3@01:01", "4@01:02"}));
}

TEST_F(FileSourceTest, MergesFilesByTime) {
  const std::string a =
      write("a.ndjson", file_of({telemetry("a1", "08:00:00"), telemetry("a2", "08:00:05")}));
  const std::string b =
      gzip("b.ndjson.gz", file_of({telemetry("b1", "08:00:00"), telemetry("b2", "08:00:03")}));
  FileSource source = open({a, b});
  EXPECT_EQ(told(drain(source)), (Told{"a1@00:00", "b1@00:00", "b2@00:03", "a2@00:05"}));
  EXPECT_EQ(source.progress().records, 4);
}

TEST_F(FileSourceTest, WhatCannotBeReadIsDeadWithItsReason) {
  const std::string odd =
      R"({"specversion":"1.0","id":"1","source":"/t","type":"x",)"
      R"("subject":"a/b","time":"2026-11-22T08:00:00Z","data":{}})";
  const std::string path =
      write("a.ndjson", file_of({telemetry("1", "08:00:00"), "{broken", "", odd}));
  FileSource source = open({path});
  std::vector<DeadRecord> dead;
  for (const FileRecord& record : drain(source))
    if (const auto* one = std::get_if<DeadRecord>(&record)) dead.push_back(*one);
  ASSERT_EQ(dead.size(), 2u);
  EXPECT_EQ(dead[0].bytes, "{broken");
  EXPECT_EQ(dead[0].line, 2);
  EXPECT_EQ(dead[0].file, path);
  EXPECT_NE(dead[0].reason, "");
  EXPECT_EQ(dead[1].reason, "no door takes the type 'x'");
}

TEST_F(FileSourceTest, ASecondLoadAddsNothingAndAKilledOneGoesOn) {
  std::mt19937_64 random{7};
  std::vector<std::string> lines;
  for (int i = 0; i < 500; ++i) {
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    const int second = std::max(0, i - static_cast<int>(random() % 9));
    lines.push_back(random() % 20 == 0 ? "broken " + std::to_string(i)
                                       : telemetry(std::to_string(i), "08:" + two(second / 60) +
                                                                          ":" + two(second % 60)));
  }
  const std::vector<std::string> paths{
      write("a.ndjson", file_of({lines.begin(), lines.begin() + 300})),
      write("b.ndjson", file_of({lines.begin() + 200, lines.end()}))};
  FileSource whole = open(paths);
  const Told wanted = told(drain(whole));
  ASSERT_GT(wanted.size(), 500u);
  for (std::size_t killed = 0; killed <= wanted.size(); killed += 37) {
    FileSource first = open(paths);
    std::vector<FileRecord> records;
    while (records.size() < killed) records.push_back(*first.next());
    FileSource second = open(paths, first.positions());
    for (FileRecord& record : drain(second)) records.push_back(std::move(record));
    ASSERT_EQ(told(records), wanted) << killed;
  }
  FileSource again = open({gzip("renamed.ndjson.gz", read(paths[0])), paths[1], paths[1]},
                          whole.positions());
  EXPECT_TRUE(drain(again).empty());
  EXPECT_EQ(again.progress().resumed, static_cast<std::int64_t>(wanted.size()));
  EXPECT_EQ(again.progress().repeated, std::vector<std::string>{paths[1]});
}

TEST_F(FileSourceTest, RegistriesComeFirstWhereTheOthersBegin) {
  const auto adapter = CsvAdapter::read(R"(
adapter: t
source: /t
tables:
  - file: units.csv
    columns: [unit]
    subject: "elevator/{unit}"
    rows: [{events: [{door: permit.changes, id: "u{unit}", data: {record: registration}}]}]
  - file: events.csv
    columns: [time, unit]
    time: "{time}"
    subject: "elevator/{unit}"
    rows: [{events: [{door: elevator.telemetry, id: "e{unit}", data: {mode: normal}}]}]
)",
                                        "adapter.yaml");
  ASSERT_TRUE(adapter.ok()) << adapter.error().what;
  const std::string events =
      write("events.csv", "time,unit\nnever,1\n2026-11-22T08:00:04Z,2\n2026-11-22T08:00:05Z,3\n");
  const std::string units = write("units.csv", "unit\n1\n2\n");
  FileSource source = open({events, units}, {}, adapter->get());
  EXPECT_EQ(told(drain(source)),
            (Told{"u1@00:04", "u2@00:04", "dead@00:04", "e2@00:04", "e3@00:05"}));
  FileSource alone = open({units}, {}, adapter->get());
  EXPECT_EQ(alone.next_time(), streams::Time{});
  EXPECT_TRUE(std::holds_alternative<DeadRecord>(*alone.next())) << "nothing says when it begins";
}

TEST_F(FileSourceTest, NamesTheFileThatItCannotTake) {
  const std::string csv = write("a.csv", "x,y\n1,2\n");
  const auto error = [&](const std::string& path, const CsvAdapter* adapter = nullptr) {
    const auto source = FileSource::open({path}, adapter, decoder_);
    return source.ok() ? "" : source.error().what;
  };
  EXPECT_EQ(error(csv), "the file '" + csv + "' is CSV: an adapter must say what its rows mean");
  EXPECT_EQ(error(path("none")), "the file '" + path("none") + "' does not exist");
  const auto adapter = CsvAdapter::read(
      "adapter: t\nsource: /t\ntables: [{file: b.csv, columns: [x], rows: [{skip: no}]}]", "y");
  ASSERT_TRUE(adapter.ok()) << adapter.error().what;
  EXPECT_EQ(error(csv, adapter->get()),
            "no table of the adapter 't' takes the file '" + csv + "' with the columns x, y");
}

}  // namespace
