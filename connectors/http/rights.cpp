#include "connectors/http/rights.h"

#include "connectors/json/rebuilt.h"
#include "operators/city/standing.h"
#include "operators/city/words.h"
#include "streams/json.h"

namespace connectors {

namespace {

std::string lacks(const Rights& rights, std::string_view list, std::string_view what) {
  return "token '" + rights.name + "' lacks this right: its '" + std::string{list} +
         "' has nothing for '" + std::string{what} + "'";
}

}  // namespace

const std::shared_ptr<const Rights>& Rights::all() {
  static const std::shared_ptr<const Rights> kAll = [] {
    Rights rights;
    rights.everything = true;
    return std::make_shared<const Rights>(std::move(rights));
  }();
  return kAll;
}

const std::shared_ptr<const Rights>& Rights::none() {
  static const std::shared_ptr<const Rights> kNone = std::make_shared<const Rights>();
  return kNone;
}

std::string Rights::refuse_path(std::string_view path) const {
  if (everything || city::matches_any(routes, path)) return {};
  return lacks(*this, "routes", path);
}

std::string Rights::refuse_event(const streams::Event& event,
                                 std::string_view event_district) const {
  if (everything) return {};
  if (!city::matches_any(types, event.type)) return lacks(*this, "types", event.type);
  if (!city::matches_any(subjects, event.subject)) return lacks(*this, "subjects", event.subject);
  if (!district.empty() && !event_district.empty() && event_district != district)
    return lacks(*this, "district", event_district);
  return {};
}

std::string Rights::refuse_sender(std::string_view sender) const {
  if (everything) return {};
  const std::string_view kind = city::kind_of(sender);
  if (!city::matches_any(by, kind)) return lacks(*this, "by", kind);
  if (kind == "unit" && !city::matches_any(units, sender)) return lacks(*this, "units", sender);
  return {};
}

std::string Rights::vouch(std::string_view sender, std::string_view named,
                          std::string& vouched) const {
  vouched.clear();
  if (city::kind_of(sender) != "officer") return {};
  std::string problem;
  city::each_name(named, [&](std::string_view unit) {
    if (unit == city::kNoUnit || !problem.empty()) return;
    if (unit.find('*') != unit.npos || unit.find('/') == unit.npos)
      problem = "'vouchedunits' names units, as in unit/fast-lift, with blanks between";
    else if (!everything && !city::matches_any(units, unit))
      problem = lacks(*this, "units", unit);
    vouched += (vouched.empty() ? "" : " ") + std::string{unit};
  });
  if (vouched.empty() && named.empty())
    for (const std::string& unit : units) vouched += (vouched.empty() ? "" : " ") + unit;
  if (vouched.empty()) vouched = city::kNoUnit;
  return problem;
}

void set_vouched(std::string& event, std::string_view vouched) {
  std::string attribute = R"(,"vouchedunits":)";
  streams::append_json_text(attribute, vouched);
  event = without_member(event, "vouchedunits");
  event.insert(event.rfind('}'), attribute);
}

void set_clock_ahead(std::string& event, streams::Duration ahead) {
  event = without_member(event, "clockahead");
  event.insert(event.rfind('}'), R"(,"clockahead":)" + std::to_string(ahead.count()));
}

}  // namespace connectors
