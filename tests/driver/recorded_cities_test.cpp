// Two cities of recorded data (deploy/city/washington, deploy/city/bahn) end to end from files to
// conclusions: how many events, dead rows and conclusions, and that order on disk within the
// disorder bound and duplicates change nothing. The numbers are counts of the data; a change of an
// adapter or pack that moves one has to say why.

#include <algorithm>
#include <random>
#include <set>

#include <unistd.h>

#include "tests/driver/recorded_city.h"

namespace {

using namespace recorded;
using connectors::CsvAdapter;
using connectors::DeadRecord;
using connectors::DoorRecord;
using connectors::FileRecord;
using connectors::FileSource;

using Counts = std::map<std::string, std::int64_t>;

struct Played {
  Counts doors;  // by topic and, of permits and feedback, what they say
  Counts dead;   // by reason, cells of the row taken out
  Counts said;   // by rule and what
  Counts skipped;
};

std::vector<std::string> files(const std::string& folder, const std::vector<std::string>& names) {
  std::vector<std::string> paths;
  for (const std::string& name : names) paths.push_back(datasets() / folder / name);
  return paths;
}

std::string kind_of(const DoorRecord& record) {
  std::string kind = record.topic;
  if (record.topic == "permit.changes")
    kind += " " + member(record.bytes, "record") + " " + member(record.bytes, "action");
  if (record.topic == "elevator.telemetry") kind += " " + member(record.bytes, "mode");
  if (record.topic == "field.feedback") kind += " " + member(record.bytes, "step");
  return kind;
}

/// `detect`: through the rules, too.
Played play(const std::string& city, const std::vector<std::string>& paths, bool detect) {
  Played played;
  const auto adapter = adapter_of(city);
  connectors::EventDecoder decoder;
  auto source = FileSource::open(paths, adapter.get(), decoder);
  EXPECT_TRUE(source.ok()) << source.error().what;
  if (!source.ok()) return played;
  DetectAlone alone{city};
  streams::Time last{};
  while (std::optional<FileRecord> next = source->next()) {
    if (auto* dead = std::get_if<DeadRecord>(&*next)) {
      ++played.dead[dead->reason.substr(0, dead->reason.find('\''))];
      continue;
    }
    auto& record = std::get<DoorRecord>(*next);
    EXPECT_GE(record.recorded, last);
    last = record.recorded;
    ++played.doors[kind_of(record)];
    if (detect)
      alone.driver().send(record.topic, record.subject, record.recorded, std::move(record.bytes));
  }
  played.skipped = source->progress().skipped;
  if (!detect) return played;
  alone.driver().finish();
  for (const std::string& record : alone.driver().read("said"))
    ++played.said[member(record, "rule") + " " + member(record, "what")];
  EXPECT_TRUE(alone.driver().read("dead.letters").empty()) << "the task could not read an event";
  return played;
}

#define NEEDS_DATA(folder)                                                           \
  if (datasets().empty() || !std::filesystem::exists(datasets() / (folder)))         \
  GTEST_SKIP() << "no recorded data: set WATCHFIRE_SHARED to the folder that holds " \
                  "datasets/" folder

TEST(RecordedCities, Washington) {
  NEEDS_DATA("wmata-units");
  const Played played = play("washington",
                             files("wmata-units", {"units.csv.gz", "events_2013-06_2014-06.csv.gz",
                                                   "hotcar_complaints.csv.gz"}),
                             true);
  EXPECT_EQ(played.doors, (Counts{
                              {"permit.changes registration registered", 891},
                              {"permit.changes service restored", 28'765},
                              {"permit.changes maintenance started", 9'432},
                              {"permit.changes inspection started", 1'046},
                              {"elevator.telemetry normal", 40'629},
                              {"elevator.telemetry fault", 29'456},
                              {"elevator.telemetry fire", 366},
                              {"elevator.telemetry inspection", 12'663},
                              {"field.feedback arrived", 28'765},
                              {"field.feedback finding", 28'765},
                              {"field.feedback verify", 28'765},
                              {"hotline.complaints", 1'166},
                          }));
  EXPECT_EQ(played.dead, Counts{});
  EXPECT_EQ(played.skipped,
            (Counts{{"after the end of the recorded year of the units; silence would "
                     "make all of them overdue",
                     547}}));
  // Every Break opens one outage, every Fix ends one; 33 are open at the end.
  EXPECT_EQ(played.said, (Counts{
                             {"unit.broken fired", 28'798},
                             {"unit.broken cleared", 28'765},
                             {"unit.outage_long fired", 1'214},
                             {"unit.outage_long cleared", 1'204},
                             {"unit.flapping fired", 165},
                             {"unit.incident fired", 583},
                             {"unit.incident cleared", 581},
                             {"unit.fire fired", 362},
                             {"unit.fire cleared", 362},
                             {"unit.inspection_long fired", 117},
                             {"unit.inspection_long cleared", 117},
                             {"unit.maintenance_overdue fired", 387},
                             {"unit.maintenance_overdue cleared", 345},
                             {"unit.maintenance_overdue reminder", 590},
                         }));
}

TEST(RecordedCities, Bahn) {
  NEEDS_DATA("db-elevators");
  const Played played =
      play("bahn", files("db-elevators", {"units.csv.gz", "events_2022-01.csv.gz"}), true);
  EXPECT_EQ(played.doors, (Counts{
                              {"permit.changes registration registered", 3'482},
                              {"permit.changes service restored", 9'248},
                              {"permit.changes service suspended", 9'351},
                              {"permit.changes maintenance started", 1'812},
                              {"permit.changes listing withdrawn", 308},
                              {"elevator.telemetry normal", 12'478},
                              {"elevator.telemetry fault", 7'429},
                              {"elevator.telemetry inspection", 2'095},
                              {"elevator.telemetry ", 843},  // monitoring lost: nothing of the mode
                          }));
  EXPECT_EQ(played.dead, Counts{});
  EXPECT_EQ(played.said, (Counts{
                             {"unit.broken fired", 4'806},
                             {"unit.broken cleared", 4'691},
                             {"unit.outage_long fired", 352},
                             {"unit.outage_long cleared", 303},
                             {"unit.flapping fired", 250},
                             {"unit.monitoring_lost fired", 429},
                             {"unit.monitoring_lost cleared", 377},
                             {"unit.maintenance_long fired", 34},
                             {"unit.maintenance_long cleared", 32},
                             {"unit.unlisted fired", 308},
                         }));
}

/// The rows of an events file, moved by up to 10 s of their time, one in a hundred twice.
std::string shuffled(const std::filesystem::path& gzipped, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  auto file = connectors::LineFile::open(gzipped);
  EXPECT_TRUE(file.ok());
  std::string text{file->next()->text};
  std::vector<std::pair<streams::Time, std::string>> rows;
  while (const auto line = file->next()) {
    const std::string row{line->text};
    std::string time = row.substr(0, row.find(','));
    if (!time.ends_with('Z')) time += 'Z';
    for (int times = random() % 100 == 0 ? 2 : 1; times > 0; --times)
      rows.emplace_back(
          *streams::parse_time(time) + streams::Duration{static_cast<int>(random() % 10'000)}, row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& row : rows) text += "\n" + row.second;
  return text;
}

/// Recorded time and bytes, in order; of what comes twice the first.
std::vector<std::string> once(const CsvAdapter& adapter, const std::string& path,
                              std::int64_t& duplicates) {
  connectors::EventDecoder decoder;
  auto source = FileSource::open({path}, &adapter, decoder);
  EXPECT_TRUE(source.ok());
  std::vector<std::string> records;
  std::set<std::string> known;
  while (std::optional<FileRecord> next = source->next()) {
    const auto& record = std::get<DoorRecord>(*next);
    if (known.insert(record.bytes).second)
      records.push_back(streams::format_time(record.recorded) + record.topic + record.bytes);
    else
      ++duplicates;
  }
  return records;
}

TEST(RecordedCities, AFileShuffledWithinTenSecondsAndWithDuplicatesGivesTheSameOrder) {
  for (const auto& [city, folder, name] :
       {std::tuple{"washington", "wmata-units", "events_2013-06_2014-06.csv"},
        std::tuple{"bahn", "db-elevators", "events_2022-01.csv"}}) {
    if (datasets().empty()) GTEST_SKIP() << "no recorded data: set WATCHFIRE_SHARED";
    const auto original = datasets() / folder / (std::string{name} + ".gz");
    const auto adapter = adapter_of(city);
    std::int64_t none = 0, some = 0;
    const std::vector<std::string> wanted = once(*adapter, original, none);
    const auto directory =
        std::filesystem::temp_directory_path() / ("watchfire_shuffled_" + std::to_string(getpid()));
    std::filesystem::create_directories(directory);
    std::ofstream{directory / name} << shuffled(original, 11);
    const std::vector<std::string> seen = once(*adapter, directory / name, some);
    std::filesystem::remove_all(directory);
    EXPECT_EQ(none, 0);
    EXPECT_GT(some, 200);
    EXPECT_TRUE(seen == wanted) << city;  // a diff of 180,000 lines helps nobody
  }
}

constexpr std::string_view kDoorAdapter = R"yaml(
adapter: huawei
source: /huawei/door
tables:
  - file: "telemetry_as_published.csv"
    columns: [ball-bearing, humidity, vibration]
    start: 2020-01-01T17:00:00Z  # no time column: 4 Hz
    step: 250ms
    subject: elevator/huawei-1
    rows:
      - events:
          - door: elevator.telemetry
            data:
              bearing: {cel: "double(ball_bearing)"}
              humidity: {cel: "double(humidity)"}
              vibration: {cel: "double(vibration)"}
)yaml";

TEST(RecordedCities, BrokenRowsAreDeadLettersWithAReason) {
  NEEDS_DATA("huawei-elevator-door");
  const auto adapter = CsvAdapter::read(kDoorAdapter, "huawei");
  ASSERT_TRUE(adapter.ok()) << adapter.error().what;
  connectors::EventDecoder decoder;
  auto source = FileSource::open(files("huawei-elevator-door", {"telemetry_as_published.csv.gz"}),
                                 adapter->get(), decoder);
  ASSERT_TRUE(source.ok()) << source.error().what;
  std::optional<DeadRecord> first;
  while (std::optional<FileRecord> next = source->next())
    if (auto* dead = std::get_if<DeadRecord>(&*next); dead != nullptr && !first) first = *dead;
  EXPECT_EQ(source->progress().dead, 5'763);
  EXPECT_EQ(source->progress().records, 112'001 - 5'763);
  EXPECT_EQ(first->line, 12);
  EXPECT_EQ(first->bytes, "93.705,73.996,18. Jan");
  EXPECT_TRUE(first->reason.starts_with("'vibration' can't be made of vibration '18. Jan': "))
      << first->reason;
}

}  // namespace
