#include "operators/see/gazetteer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "operators/rules/yaml.h"
#include "operators/see/street_text.h"

namespace see {

using city::StreetAddress;

namespace {

constexpr std::u32string_view kSentenceEnds = U"，。；！？,;!?";
constexpr std::size_t kFarthest = 4;  // characters between a road and its number

/// What a word after a number says that the number is of.
enum class Part { lane, building, lift, number, nothing };
struct PartWord {
  std::u32string_view word;
  Part part;
};
/// The longer word first.
constexpr auto kPartWords = std::to_array<PartWord>({
    {U"号电梯", Part::lift},
    {U"号客梯", Part::lift},
    {U"号货梯", Part::lift},
    {U"号梯", Part::lift},
    {U"电梯", Part::lift},
    {U"梯", Part::lift},
    {U"号楼", Part::building},
    {U"号教学楼", Part::building},
    {U"号病房楼", Part::building},
    {U"号口", Part::building},
    {U"幢", Part::building},
    {U"栋", Part::building},
    {U"座", Part::building},
    {U"区", Part::building},
    {U"弄", Part::lane},
    {U"号", Part::number},
});

Part part_of(const Numbered& one) {
  for (const PartWord& word : kPartWords)
    if (one.after.starts_with(word.word)) return word.part;
  return one.hash ? Part::lift : Part::nothing;
}

void fill(std::string& part, const std::string& number) {
  if (part.empty()) part = number;
}

enum class From { road, name, talk };  // what the text follows, or is

void read_parts(StreetAddress& address, std::u32string_view text, From from) {
  for (const Numbered& one : numbers(text)) {
    switch (part_of(one)) {
      case Part::lane:
        if (from == From::road) fill(address.lane, one.number);
        break;
      case Part::number:  // of the road; behind a lane or another number: of a building
        if (from == From::road && address.lane.empty() && address.number.empty())
          address.number = one.number;
        else if (from != From::talk)
          fill(address.building, one.number);
        break;
      case Part::building:
        fill(address.building, one.number);
        break;
      case Part::lift:
        fill(address.lift, one.number);
        break;
      case Part::nothing:
        break;
    }
  }
}

bool is_near(char32_t c) {
  constexpr std::u32string_view kNear = U"近傍旁靠临到过";
  return kNear.find(c) != kNear.npos;
}

/// （近威宁路） tells where to look, not where it is.
std::u32string without_asides(std::u32string text) {
  for (const auto& [open, close] : {std::pair{U'(', U')'}, std::pair{U'（', U'）'}}) {
    for (std::size_t begin = text.find(open); begin != text.npos; begin = text.find(open, begin)) {
      const std::size_t end = text.find(close, begin);
      const std::u32string_view aside = std::u32string_view{text}.substr(begin + 1, end - begin);
      if (end == text.npos) break;
      if (!aside.empty() && is_near(aside.front()))
        text.erase(begin, end - begin + 1);
      else
        ++begin;
    }
  }
  return text;
}

std::string text_of(const YAML::Node& node, rules::Problems& problems) {
  if (node.IsScalar()) return node.as<std::string>();
  problems.add(rules::place_of(node), "text is expected here");
  return {};
}

double read_degrees(rules::Yaml& map, const std::string& key, const std::string& example) {
  const std::string text = map.required_text(key, example);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!text.empty() && (error != std::errc{} || end != text.data() + text.size()))
    map.problems().add(map.place(), "'" + text + "' is not of the form " + example);
  return value;
}

}  // namespace

streams::Result<Gazetteer> Gazetteer::parse(std::string_view yaml, const std::string& file) {
  Gazetteer made;
  rules::Problems problems{file, {}};
  try {
    rules::Yaml root{YAML::Load(std::string{yaml}), "the gazetteer", problems};
    root.each("roads", [&](const YAML::Node& node) {
      const std::string road = text_of(node, problems);
      const std::u32string name = characters(road);
      if (name.size() < 2) problems.add(rules::place_of(node), "'" + road + "' is no road's name");
      made.longest_ = std::max(made.longest_, name.size());
      made.roads_[name] = road;
    });
    root.each("categories", [&](const YAML::Node& node) {
      rules::Yaml category{node, "a category", problems};
      std::vector<std::string>& kinds = made.kinds_[category.required_text("name", "elevator")];
      category.each("kinds",
                    [&](const YAML::Node& kind) { kinds.push_back(text_of(kind, problems)); });
    });
    root.each("districts", [&](const YAML::Node& node) {
      rules::Yaml map{node, "a district", problems};
      const District district{
          map.required_text("district", "310105"), read_degrees(map, "west", "121.370"),
          read_degrees(map, "south", "31.205"), read_degrees(map, "east", "121.420"),
          read_degrees(map, "north", "31.222")};
      if (district.east <= district.west || district.north <= district.south)
        problems.add(map.place(), "a district reaches from west to east and from south to north");
      made.districts_.push_back(district);
    });
  } catch (const YAML::Exception& e) {  // yaml-cpp reports syntax this way only
    problems.add({e.mark.line + 1, e.mark.column + 1}, e.msg);
  }
  if (problems.all.empty()) return made;
  return rules::refusal(problems.all);
}

const Gazetteer::Road* Gazetteer::road_at(std::u32string_view text) const {
  for (std::size_t size = std::min(longest_, text.size()); size >= 2; --size)
    if (const auto it = roads_.find(std::u32string{text.substr(0, size)}); it != roads_.end())
      return &*it;
  return nullptr;
}

std::string Gazetteer::road(std::string_view said) const {
  const std::u32string text = characters(said);
  const Road* found = nullptr;
  for (std::size_t i = 0; i < text.size();) {
    const Road* road = road_at(std::u32string_view{text}.substr(i));
    i += road == nullptr ? 1 : road->first.size();
    if (road == nullptr || road == found) continue;
    if (found != nullptr) return {};
    found = road;
  }
  return found == nullptr ? std::string{} : found->second;
}

std::optional<StreetAddress> Gazetteer::address(std::string_view said) const {
  const std::u32string text = without_asides(characters(said));
  const std::u32string_view view{text};
  std::optional<StreetAddress> found;
  for (std::size_t i = 0; i < view.size();) {
    const Road* road = road_at(view.substr(i));
    if (road == nullptr) {
      ++i;
      continue;
    }
    const bool near = i > 0 && is_near(view[i - 1]);
    i += road->first.size();
    const std::vector<Numbered> behind = numbers(view.substr(i));
    const bool numbered = !behind.empty() && behind.front().at <= kFarthest;
    if (!numbered) continue;
    if (near || found) return std::nullopt;  // 仙霞路近威宁路88号: of which road?
    found.emplace();
    found->road = road->second;
    const std::u32string_view rest = view.substr(i);
    const std::size_t end = std::min(rest.find_first_of(kSentenceEnds), rest.size());
    read_parts(*found, rest.substr(0, end), From::road);
    read_parts(*found, rest.substr(end), From::talk);
  }
  return found;
}

void Gazetteer::add_name(StreetAddress& address, std::string_view name) const {
  read_parts(address, characters(name), From::name);
}

void Gazetteer::add_said(StreetAddress& address, std::string_view text) const {
  read_parts(address, characters(text), From::talk);
}

const std::vector<std::string>& Gazetteer::kinds(std::string_view category) const {
  static const std::vector<std::string> kUnknown;
  const auto it = kinds_.find(category);
  return it == kinds_.end() ? kUnknown : it->second;
}

std::string Gazetteer::district(double lon, double lat) const {
  std::string found;
  for (const District& one : districts_) {
    if (lon < one.west || lon > one.east || lat < one.south || lat > one.north) continue;
    if (!found.empty()) return {};
    found = one.code;
  }
  return found;
}

}  // namespace see
