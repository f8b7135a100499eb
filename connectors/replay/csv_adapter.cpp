#include "connectors/replay/csv_adapter.h"

#include <fnmatch.h>

#include <algorithm>

#include "operators/rules/yaml.h"
#include "streams/hash.h"

namespace connectors {

using rules::place_of;
using rules::Problems;
using rules::Yaml;

class AdapterReader {
 public:
  AdapterReader(CsvAdapter& adapter, Problems& problems) : adapter_(adapter), problems_(problems) {}

  void read(const YAML::Node& root) {
    Yaml file{root, "the adapter", problems_};
    adapter_.name_ = file.required_text("adapter", "washington");
    (void)file.text("about");
    source_ = file.required_text("source", "/washington/wmata-units");
    file.each("tables", [this](const YAML::Node& node) { read_table(node); });
    if (adapter_.tables_.empty()) problems_.add(file.place(), "the adapter needs 'tables'");
  }

 private:
  void read_table(const YAML::Node& node) {
    Yaml map{node, "a table", problems_};
    TableSpec& table = adapter_.tables_.emplace_back();
    table.file = map.required_text("file", "events_*.csv");
    table.source = map.text("source", source_);
    map.each("columns", [&](const YAML::Node& column) { table.columns.push_back(scalar(column)); });
    if (table.columns.empty()) problems_.add(map.place(), "a table needs 'columns'");
    columns_ = &table.columns;
    declare();
    read_time(map, table.time);
    subject_.reset(map.get("subject"));  // assignment would change the table before
    map.each("rows", [&](const YAML::Node& row) { read_row(row, table); });
    if (table.rows.empty()) problems_.add(map.place(), "a table needs 'rows'");
  }

  std::string scalar(const YAML::Node& node) {
    if (node.IsScalar()) return node.Scalar();
    problems_.add(place_of(node), "text is expected here");
    return {};
  }

  void declare() {
    names_ = cel::Declarations{};
    for (std::size_t i = 0; i < columns_->size(); ++i) {
      std::string name = (*columns_)[i];
      for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
      names_.declare(name, static_cast<std::uint32_t>(i), cel::Kind::text);
    }
  }

  void read_time(Yaml& table, TimeSpec& time) {
    const YAML::Node node = table.get("time");
    if (node.IsMap()) {
      Yaml map{node, "a time", problems_};
      (void)map.required_text("text", "{day} {hour}");
      time.text = text(map.get("text"));
      time.format = map.text("format");
      time.offset = map.text("offset", "Z");
    } else if (node.IsDefined()) {
      time.text = text(node);
    }
    const std::string start = table.text("start");
    if (!start.empty()) time.start = streams::parse_time(start);
    if (!start.empty() && !time.start)
      problems_.add(place_of(table.get("start")), "'" + start + "' is no RFC 3339 time");
    time.step = table.duration("step").value_or(streams::Duration{});
  }

  TextTemplate text(const YAML::Node& node) {
    std::string problem;
    TextTemplate made{scalar(node), *columns_, problem};
    if (!problem.empty()) problems_.add(place_of(node), problem);
    return made;
  }

  std::optional<cel::Program> program(const YAML::Node& node) {
    const std::string source = scalar(node);
    const std::vector<cel::Problem> found = cel::check(source, names_);
    for (const cel::Problem& problem : found)
      problems_.add(place_of(node), "`" + source + "`: " + problem.sentence());
    if (!found.empty()) return std::nullopt;
    streams::Result<cel::Program> compiled = cel::compile(source, names_);
    if (compiled) return std::move(*compiled);
    problems_.add(place_of(node), compiled.error().what);
    return std::nullopt;
  }
  std::optional<cel::Program> when(Yaml& map) {
    const YAML::Node node = map.get("when");
    return node.IsDefined() ? program(node) : std::nullopt;
  }

  void read_row(const YAML::Node& node, TableSpec& table) {
    Yaml map{node, "an entry of 'rows'", problems_};
    RowSpec& row = table.rows.emplace_back();
    row.when = when(map);
    row.skip = map.text("skip");
    map.each("events", [&](const YAML::Node& event) { read_event(event, row); });
    if (row.skip.empty() == row.events.empty())
      problems_.add(map.place(), "an entry of 'rows' has either 'events' or 'skip' with a reason");
  }

  void read_event(const YAML::Node& node, RowSpec& row) {
    Yaml map{node, "an event", problems_};
    EventSpec event;
    event.when = when(map);
    const std::string topic = map.required_text("door", "elevator.telemetry");
    for (const city::Door& door : city::kDoors)
      if (door.topic == topic) event.door = &door;
    if (event.door == nullptr)
      problems_.add(place_of(map.get("door")), "there is no door '" + topic + "'");
    const YAML::Node subject = map.has("subject") ? map.get("subject") : subject_;
    if (subject.IsDefined())
      event.subject = text(subject);
    else
      problems_.add(map.place(), "an event, or its table, needs 'subject'");
    if (map.has("id")) event.id = text(map.get("id"));
    const YAML::Node data = map.get("data");
    if (!data.IsMap()) return problems_.add(map.place(), "an event needs 'data'");
    for (const auto& member : data) read_value(member.first.Scalar(), member.second, event);
    row.events.push_back(std::move(event));
  }

  void read_value(const std::string& name, const YAML::Node& node, EventSpec& event) {
    ValueSpec& value = event.data.emplace_back();
    value.name = name;
    if (!node.IsMap()) {
      if (node.IsScalar() && node.Scalar().find('{') != std::string::npos) {
        value.kind = ValueSpec::Kind::text;
        value.text = text(node);
      } else {
        value.constant = rules::to_json(node);
      }
      return;
    }
    Yaml map{node, "a value", problems_};
    const YAML::Node expression = map.get("cel");
    const std::string column = map.text("column");
    const YAML::Node values = map.get("values");
    const YAML::Node otherwise = map.get("otherwise");
    if (expression.IsDefined()) {
      value.kind = ValueSpec::Kind::expression;
      value.expression = program(expression);
      return;
    }
    value.kind = ValueSpec::Kind::lookup;
    const auto found = std::find(columns_->begin(), columns_->end(), column);
    if (found == columns_->end() || !values.IsMap())
      return problems_.add(map.place(),
                           "a value is a constant, a text, {cel: …} or {column: …, "
                           "values: {…}} with one of the table's columns");
    value.column = static_cast<std::size_t>(found - columns_->begin());
    for (const auto& entry : values)
      value.values[entry.first.Scalar()] = rules::to_json(entry.second);
    if (otherwise.IsDefined()) value.otherwise = rules::to_json(otherwise);
  }

  CsvAdapter& adapter_;
  Problems& problems_;
  std::string source_;
  YAML::Node subject_;
  const std::vector<std::string>* columns_ = nullptr;
  cel::Declarations names_;
};

streams::Result<std::unique_ptr<CsvAdapter>> CsvAdapter::read(std::string_view yaml,
                                                              const std::string& file) {
  std::unique_ptr<CsvAdapter> adapter{new CsvAdapter};
  adapter->hash_ = streams::make_id("", {yaml}).substr(0, 8);
  Problems problems{file, {}};
  try {
    AdapterReader{*adapter, problems}.read(YAML::Load(std::string{yaml}));
  } catch (const YAML::Exception& e) {  // yaml-cpp reports syntax this way only
    problems.add({e.mark.line + 1, e.mark.column + 1}, "not YAML: " + e.msg);
  }
  if (problems.all.empty()) return adapter;
  return rules::refusal(problems.all);
}

std::unique_ptr<CsvTable> CsvAdapter::open(std::string_view file_name,
                                           const std::vector<std::string>& header) const {
  std::string name{file_name.substr(file_name.rfind('/') + 1)};
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  const auto in_header = [&](const std::string& column) {
    return std::find(header.begin(), header.end(), column) != header.end();
  };
  for (const TableSpec& table : tables_)
    if (fnmatch(table.file.c_str(), name.c_str(), 0) == 0 &&
        std::all_of(table.columns.begin(), table.columns.end(), in_header))
      return std::make_unique<CsvTable>(table, header);
  return nullptr;
}

}  // namespace connectors
