#include "operators/see/gazetteer.h"

#include <algorithm>

#include "operators/duty/reading.h"
#include "operators/see/address_parts.h"
#include "operators/see/street_text.h"

namespace see {

using city::StreetAddress;
using yaml::Mapping;
using yaml::Node;

namespace {

constexpr std::u32string_view kSentenceEnds = U"，。；！？,;!?";
constexpr std::size_t kFarthest = 4;  // characters between a road and its number

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

}  // namespace

class GazetteerReader {
 public:
  GazetteerReader(Gazetteer& made, yaml::Problems& problems) : made_(made), problems_(problems) {}

  void read(const Node& root) {
    Mapping file{root, "the gazetteer", problems_};
    file.each("roads", [this](const Node& node) { read_road(node); });
    file.each("categories", [this](const Node& node) {
      Mapping map{node, "a category", problems_};
      const std::string name = map.name("name", "elevator");
      if (made_.kinds_.contains(name))
        problems_.add(map.place_of("name"), "category '" + name + "' is there twice");
      (void)map.required("kinds", "[elevator]");
      made_.kinds_[name] = map.texts("kinds");
    });
    file.each("districts", [this](const Node& node) { read_district(node); });
  }

 private:
  void read_road(const Node& node) {
    const std::optional<std::string> road = yaml::read_text(node, problems_);
    if (!road) return;
    const std::u32string name = characters(*road);
    if (name.size() < 2) problems_.add(node.place, "'" + *road + "' is no road's name");
    made_.longest_ = std::max(made_.longest_, name.size());
    if (!made_.roads_.emplace(name, *road).second)
      problems_.add(node.place, "'" + *road + "' is there twice");
  }

  void read_district(const Node& node) {
    Mapping map{node, "a district", problems_};
    const std::size_t before = problems_.all.size();
    Gazetteer::District district;
    district.code = map.name("district", "\"310105\"");
    const auto degrees = [&](std::string_view key, std::string_view example, double most) {
      (void)map.required(key, example);
      return map.decimal(key, -most, most).value_or(0);
    };
    district.west = degrees("west", "121.370", 180);
    district.south = degrees("south", "31.205", 90);
    district.east = degrees("east", "121.420", 180);
    district.north = degrees("north", "31.222", 90);
    if (problems_.all.size() == before &&
        (district.east <= district.west || district.north <= district.south))
      problems_.add(map.place(), "a district reaches from west to east and from south to north");
    made_.districts_.push_back(district);
  }

  Gazetteer& made_;
  yaml::Problems& problems_;
};

streams::Result<Gazetteer> Gazetteer::parse(std::string_view text, const std::string& file) {
  return city::read_file_of<Gazetteer>(text, file,
                                       [](const Node& root, Gazetteer& made, auto& problems) {
                                         GazetteerReader{made, problems}.read(root);
                                       });
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
