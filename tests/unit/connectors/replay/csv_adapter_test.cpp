#include "connectors/replay/csv_adapter.h"

#include "tests/unit/connectors/replay/files.h"

namespace {

using connectors::Converted;
using connectors::CsvAdapter;

constexpr std::string_view kAdapter = R"yaml(
adapter: test
source: /test
tables:
  - file: "units*.csv"
    columns: [unit]
    start: 2026-11-22T00:00:00Z
    step: 250ms
    subject: "elevator/{unit}"
    rows: [{events: [{door: permit.changes, data: {record: registration}}]}]
  - file: "events*.csv"
    columns: [day, hour, unit, state, ball-bearing]
    time: {text: "{day} {hour}", format: "%d.%m.%Y %H:%M", offset: "+01:00"}
    subject: "elevator/{unit}"
    rows:
      - {when: state == 'TEST', skip: a test of the operator}
      - when: state != 'ODD'
        events:
          - door: elevator.telemetry
            data:
              mode: {column: state, values: {BROKEN: fault, "ON": normal}}
              symptom: "{state} of {unit}"
              empty: "{day}{unit}"
              speedMps: 0.0
              doorZone: true
              floor: "12"
              faultCode: null
              bearing: {cel: "double(ball_bearing)"}
          - when: state == 'ON'
            door: field.feedback
            id: "{unit}-{hour}"
            data: {step: arrived}
)yaml";

std::unique_ptr<CsvAdapter> adapter() {
  auto read = CsvAdapter::read(kAdapter, "adapter.yaml");
  EXPECT_TRUE(read.ok()) << read.error().what;
  return std::move(*read);
}
const std::vector<std::string> kHeader{"hour", "day", "unit", "more", "state", "ball-bearing"};
connectors::CsvRow row(std::vector<std::string> cells) { return {std::move(cells), {}, 1, {}}; }

TEST(CsvAdapter, KnowsAFileByNameAndHeader) {
  const auto made = adapter();
  EXPECT_NE(made->open("/data/events_1.csv.gz", kHeader), nullptr);
  EXPECT_NE(made->open("units.csv", {"unit"}), nullptr);
  EXPECT_EQ(made->open("other.csv", kHeader), nullptr);
  EXPECT_EQ(made->open("events.csv", {"day", "hour"}), nullptr);
}

TEST(CsvAdapter, MakesEventsOfARow) {
  const auto made = adapter();
  const auto table = made->open("events.csv", kHeader);
  const Converted done = table->convert(row({"08:30", "22.11.2026", "u1", "", "ON", "93.5"}));
  EXPECT_EQ(done.problem, "");
  ASSERT_EQ(done.events.size(), 2u);
  EXPECT_NE(done.events[0].find(
                R"("source":"/test","type":"city.elevator.telemetry.v1","subject":"elevator/u1",)"
                R"("time":"2026-11-22T07:30:00.000Z","datacontenttype":"application/json","data":{)"
                R"("mode":"normal","symptom":"ON of u1","empty":"22.11.2026u1","speedMps":0,)"
                R"("doorZone":true,"floor":"12","faultCode":null,"bearing":93.5}})"),
            std::string::npos)
      << done.events[0];
  EXPECT_NE(done.events[1].find(R"("id":"u1-08:30")"), std::string::npos) << done.events[1];
  const auto again = made->open("events.csv", kHeader);
  EXPECT_EQ(again->convert(row({"08:30", "22.11.2026", "u1", "", "ON", "93.5"})).events,
            done.events);
}

TEST(CsvAdapter, SaysWhatIsWrongWithARow) {
  const auto made = adapter();
  const auto table = made->open("events.csv", kHeader);
  const auto problem = [&](std::vector<std::string> cells) {
    const Converted done = table->convert(row(std::move(cells)));
    EXPECT_TRUE(done.events.empty());
    return done.problem + done.skipped;
  };
  EXPECT_EQ(problem({"08:30", "22.11.2026", "u1", "", "TEST", ""}), "a test of the operator");
  EXPECT_EQ(problem({"08:30", "22.11.2026", "u1", "", "ODD", ""}),
            "no entry of the adapter's 'rows' takes a row like this");
  EXPECT_EQ(problem({"08:30", "u1"}), "the row has 2 cells, the header 6");
  EXPECT_EQ(problem({"8h", "22.11.2026", "u1", "", "ON", "1"}),
            "'22.11.2026 8h' is no time of the form %d.%m.%Y %H:%M");
  EXPECT_EQ(problem({"08:30", "22.11.2026", "u1", "", "GONE", "1"}),
            "'mode' has no value for 'GONE' in column 'state'");
  EXPECT_TRUE(problem({"08:30", "22.11.2026", "u1", "", "ON", "18. Jan"})
                  .starts_with("'bearing' can't be made of ball_bearing '18. Jan': "));
}

TEST(CsvAdapter, RowsWithoutATimeLieOneStepApart) {
  const auto made = adapter();
  const auto table = made->open("units.csv", {"unit"});
  EXPECT_TRUE(table->timeless());
  EXPECT_NE(table->convert(row({"1"})).events[0].find("00:00:00.000Z"), std::string::npos);
  EXPECT_NE(table->convert(row({"2"})).events[0].find("00:00:00.250Z"), std::string::npos);
}

TEST(CsvAdapter, SaysAllThatIsWrongWithAnAdapter) {
  const auto read = CsvAdapter::read(R"(adapter: test
source: /test
tables:
  - file: a.csv
    columns: [a]
    tme: "{a}"
    rows:
      - when: b == 'x'
        events:
          - {door: elevator.telemtry, subject: "elevator/{c}", data: {x: {column: q}}}
      - when: a == 'x'
)", "adapter.yaml");
  ASSERT_FALSE(read.ok());
  for (const char* wanted :
       {"adapter.yaml:6:5: unknown key 'tme' in a table; did you mean 'time'?",
        "adapter.yaml:8:15: `b == 'x'`: unknown name: b",
        "adapter.yaml:10:20: there is no door 'elevator.telemtry'; did you mean",
        "there is no column 'c'; columns are: a", "the table has no column 'q'",
        "a value needs 'values'",
        "adapter.yaml:11:9: an entry of 'rows' has either 'events' or 'skip' with a reason"})
    EXPECT_NE(read.error().what.find(wanted), std::string::npos) << wanted << "\n"
                                                                 << read.error().what;
  EXPECT_FALSE(CsvAdapter::read("a: [", "x").ok());
}

}  // namespace
