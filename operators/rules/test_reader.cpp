#include "operators/rules/test_reader.h"

#include <algorithm>

#include "operators/city/topics.h"
#include "operators/yaml/json.h"
#include "operators/yaml/mapping.h"

namespace rules {
namespace {

using yaml::Mapping;
using yaml::Node;
using yaml::Problems;

constexpr std::string_view kPermitted = "permitted";  // what a trial calls a permitted match

/// "+60s": counted from the test's start.
streams::Duration moment(Mapping& map) {
  const auto read = [](const std::string& text) {
    const auto at = streams::parse_duration(text.starts_with('+') ? text.substr(1) : text);
    return at && *at <= yaml::kLongestDuration ? at : std::nullopt;
  };
  return map.value("at", read, "a time from the test's start, such as +60s")
      .value_or(streams::Duration{});
}

/// What JSON makes of a value, as a field's type.
std::optional<city::FieldType> type_of(const std::string& json) {
  switch (json.front()) {
    case '{':
      return city::FieldType::object;
    case '[':
      return city::FieldType::list;
    case '"':
      return city::FieldType::text;
    case 't':
    case 'f':
      return city::FieldType::boolean;
    case 'n':
      return std::nullopt;
    default:
      return city::FieldType::number;
  }
}

class TestReader {
 public:
  TestReader(const Rule& rule, const Pack& pack, Problems& problems)
      : rule_(rule), pack_(pack), problems_(problems) {}

  PackTest read(const Node& node) {
    Mapping map{node, "a test", problems_};
    PackTest test;
    test.rule = rule_.name;
    test.place = map.place();
    (void)map.required("given", "[{at: +0s, data: {occupied: true}}]");
    (void)map.required("expect", "[{at: +60s}]");
    map.each("given", [&](const Node& given) { test.given.push_back(read_given(given)); });
    map.each("expect", [&](const Node& expect) { test.expect.push_back(read_expected(expect)); });
    return test;
  }

 private:
  PackTest::Given read_given(const Node& node) {
    Mapping event{node, "an event", problems_};
    PackTest::Given given;
    given.at = moment(event);
    given.topic = event.text("on", rule_.when.topic);
    if (event.has("on")) check_topic(given.topic, event.place_of("on"), problems_);
    given.subject = event.text("subject", "elevator/1");
    if (!yaml::is_entity(given.subject))
      problems_.add(event.place_of("subject"),
                    "expected an entity such as elevator/1, not '" + given.subject + "'");
    given.data = "{}";
    const Node* data = event.required("data", "{occupied: true}");
    if (data == nullptr) return given;
    if (data->is_map()) {
      check_fields(*data, given.topic);
      given.data = yaml::to_json(*data, problems_);
    } else {
      problems_.add(data->place, "'data' of an event must be a mapping of fields to values, not " +
                                     data->shown());
    }
    return given;
  }

  void check_fields(const Node& data, const std::string& topic) {
    std::vector<city::Field> fields = city::fields_of(topic);
    if (const auto more = pack_.fields.find(topic); more != pack_.fields.end())
      fields.insert(fields.end(), more->second.begin(), more->second.end());
    for (const yaml::Member& member : data.members) {
      const auto field = std::find_if(fields.begin(), fields.end(), [&](const city::Field& one) {
        return one.name == member.key.text;
      });
      if (field == fields.end() || field->type == city::FieldType::any) continue;
      Problems elsewhere{""};
      const auto type = type_of(yaml::to_json(member.value, elsewhere));
      const bool fits = type == field->type ||
                        (type == city::FieldType::text && field->type == city::FieldType::date);
      if (type && !fits && elsewhere.all.empty())
        problems_.add(member.value.place, "'" + field->name + "' of " + topic + " is of type " +
                                              std::string{streams::name_of(field->type)} +
                                              ", not " + std::string{streams::name_of(*type)} +
                                              ": " + member.value.shown());
      const auto& among = field->among;
      if (type == city::FieldType::text && !among.empty() &&
          std::find(among.begin(), among.end(), member.value.text) == among.end())
        problems_.add(member.value.place, "'" + field->name + "' of " + topic + " is never " +
                                              member.value.shown() + ": no door takes it");
    }
  }

  PackTest::Expected read_expected(const Node& node) {
    Mapping map{node, "an expectation", problems_};
    PackTest::Expected expected;
    expected.at = moment(map);
    expected.rule = map.text("rule", rule_.name);
    std::string words{kPermitted};
    for (const std::string_view word : names_of(city::Conclusion::What{}))
      words.append(", ").append(word);
    const auto known = [](const std::string& word) {
      const bool is_known = word == kPermitted || streams::named<city::Conclusion::What>(word);
      return is_known ? std::optional{word} : std::nullopt;
    };
    expected.what = map.value("what", known, "one of " + words).value_or("fired");
    expected.because = map.text("because");
    return expected;
  }

  const Rule& rule_;
  const Pack& pack_;
  Problems& problems_;
};

}  // namespace

PackTest read_test(const Node& node, const Rule& rule, const Pack& pack, Problems& problems) {
  return TestReader{rule, pack, problems}.read(node);
}

void check_topic(const std::string& topic, Place place, Problems& problems) {
  const std::vector<std::string> known = city::door_topics();
  if (std::find(known.begin(), known.end(), topic) == known.end())
    problems.add(place, "no such topic '" + topic + "'" + yaml::meant(topic, known));
}

}  // namespace rules
