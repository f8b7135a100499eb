#include "connectors/replay/csv_adapter.h"

#include <fnmatch.h>

#include <algorithm>

#include "operators/yaml/document.h"
#include "operators/yaml/json.h"
#include "operators/yaml/mapping.h"
#include "streams/hash.h"

namespace connectors {

using yaml::Mapping;
using yaml::Node;
using yaml::Problems;

class AdapterReader {
 public:
  AdapterReader(CsvAdapter& adapter, Problems& problems) : adapter_(adapter), problems_(problems) {}

  void read(const Node& root) {
    Mapping file{root, "the adapter", problems_};
    adapter_.name_ = file.name("adapter", "washington");
    (void)file.text("about");
    source_ = file.required_text("source", "/washington/wmata-units");
    (void)file.required("tables", "[{file: events_*.csv, …}]");
    file.each("tables", [this](const Node& node) { read_table(node); });
  }

 private:
  void read_table(const Node& node) {
    Mapping map{node, "a table", problems_};
    TableSpec& table = adapter_.tables_.emplace_back();
    table.file = map.required_text("file", "events_*.csv");
    table.source = map.text("source", source_);
    (void)map.required("columns", "[time, unit]");
    table.columns = map.texts("columns");
    columns_ = &table.columns;
    declare(map.place_of("columns"));
    read_time(map, table.time);
    subject_ = map.get("subject");
    (void)map.required("rows", "[{events: [{door: elevator.telemetry, …}]}]");
    map.each("rows", [&](const Node& row) { read_row(row, table); });
  }

  void declare(yaml::Place place) {
    names_ = cel::Declarations{};
    for (std::size_t i = 0; i < columns_->size(); ++i) {
      std::string name = (*columns_)[i];
      for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
      if (names_.find(name))
        problems_.add(place, "two columns are called '" + name + "' in expressions");
      names_.declare(name, static_cast<std::uint32_t>(i), cel::Kind::text);
    }
  }

  void read_time(Mapping& table, TimeSpec& time) {
    const Node* node = table.get("time");
    if (node != nullptr && node->is_map()) {
      Mapping map{*node, "a time", problems_};
      if (const Node* form = map.required("text", "{day} {hour}")) time.text = text(*form);
      time.format = map.text("format");
      time.offset = map.text("offset", "Z");
    } else if (node != nullptr) {
      time.text = text(*node);
    }
    const auto moment = [](const std::string& text) { return streams::parse_time(text); };
    time.start = table.value("start", moment, "a time such as 2013-06-01T00:00:00Z");
    time.step = table.duration("step").value_or(streams::Duration{});
  }

  TextTemplate text(const Node& node) {
    std::string problem;
    const std::string form = yaml::read_text(node, problems_).value_or("");
    TextTemplate made{form, *columns_, problem};
    if (!problem.empty()) problems_.add(node.place, problem);
    return made;
  }

  std::optional<cel::Program> program(const Node& node) {
    const std::optional<std::string> source = yaml::read_text(node, problems_);
    if (!source) return std::nullopt;
    const std::vector<cel::Problem> found = cel::check(*source, names_);
    const yaml::Origin origin = node.origin();
    for (const cel::Problem& problem : found)
      problems_.add(origin.at(*source, problem.offset), "`" + *source + "`: " + problem.what);
    if (!found.empty()) return std::nullopt;
    streams::Result<cel::Program> compiled = cel::compile(*source, names_);
    if (compiled) return std::move(*compiled);
    problems_.add(node.place, compiled.error().what);
    return std::nullopt;
  }
  std::optional<cel::Program> when(Mapping& map) {
    const Node* node = map.get("when");
    return node == nullptr ? std::nullopt : program(*node);
  }

  void read_row(const Node& node, TableSpec& table) {
    Mapping map{node, "an entry of 'rows'", problems_};
    RowSpec& row = table.rows.emplace_back();
    row.when = when(map);
    row.skip = map.text("skip");
    map.each("events", [&](const Node& event) { read_event(event, row); });
    if (map.has("skip") == map.has("events"))
      problems_.add(map.place(), "an entry of 'rows' has either 'events' or 'skip' with a reason");
  }

  void read_event(const Node& node, RowSpec& row) {
    Mapping map{node, "an event", problems_};
    EventSpec event;
    event.when = when(map);
    const std::string topic = map.required_text("door", "elevator.telemetry");
    for (const city::Door& door : city::kDoors)
      if (door.topic == topic) event.door = &door;
    if (event.door == nullptr && !topic.empty())
      problems_.add(map.place_of("door"),
                    "there is no door '" + topic + "'" + yaml::meant(topic, city::door_topics()));
    const Node* subject = map.has("subject") ? map.get("subject") : subject_;
    if (subject != nullptr)
      event.subject = text(*subject);
    else
      problems_.add(map.place(), "an event, or its table, needs 'subject'");
    if (const Node* id = map.get("id")) event.id = text(*id);
    (void)map.required("data", "{mode: fault}");
    if (const Node* data = map.get("data"); data != nullptr) {
      Mapping members{*data, "'data' of an event", problems_};
      for (const yaml::Member& member : data->members) {
        (void)members.get(member.key.text);
        read_value(member.key.text, member.value, event);
      }
    }
    row.events.push_back(std::move(event));
  }

  void read_value(const std::string& name, const Node& node, EventSpec& event) {
    ValueSpec& value = event.data.emplace_back();
    value.name = name;
    if (!node.is_map()) {
      if (node.is_scalar() && node.text.find('{') != std::string::npos) {
        value.kind = ValueSpec::Kind::text;
        value.text = text(node);
      } else {
        value.constant = constant(node);
      }
      return;
    }
    Mapping map{node, "a value", problems_};
    if (const Node* expression = map.get("cel")) {
      for (const char* other : {"column", "values", "otherwise"})
        map.refuse(other, "does not stand beside `cel`");
      value.kind = ValueSpec::Kind::expression;
      value.expression = program(*expression);
      return;
    }
    value.kind = ValueSpec::Kind::lookup;
    const std::string column =
        map.required_text("column", columns_->empty() ? "state" : columns_->front());
    const auto found = std::find(columns_->begin(), columns_->end(), column);
    if (found == columns_->end() && !column.empty())
      problems_.add(map.place_of("column"),
                    "the table has no column '" + column + "'" + yaml::meant(column, *columns_));
    value.column = static_cast<std::size_t>(found - columns_->begin());
    (void)map.required("values", "{BROKEN: broken}");
    if (const Node* values = map.get("values")) {
      Mapping words{*values, "'values' of a value", problems_};
      for (const yaml::Member& entry : values->members) {
        (void)words.get(entry.key.text);
        value.values[entry.key.text] = constant(entry.value);
      }
    }
    if (const Node* otherwise = map.get("otherwise")) value.otherwise = constant(*otherwise);
  }

  std::string constant(const Node& node) { return yaml::to_json(node, problems_); }

  CsvAdapter& adapter_;
  Problems& problems_;
  std::string source_;
  const Node* subject_ = nullptr;  // of the table
  const std::vector<std::string>* columns_ = nullptr;
  cel::Declarations names_;
};

streams::Result<std::unique_ptr<CsvAdapter>> CsvAdapter::read(std::string_view text,
                                                              const std::string& file) {
  std::unique_ptr<CsvAdapter> adapter{new CsvAdapter};
  adapter->hash_ = streams::make_id("", {text}).substr(0, 8);
  Problems problems{file};
  const yaml::Document document = yaml::Document::read(text, problems);
  if (document.root() != nullptr) AdapterReader{*adapter, problems}.read(*document.root());
  if (problems.all.empty()) return adapter;
  return yaml::refusal(std::move(problems.all));
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
