#include "connectors/simulate/district.h"

#include <charconv>
#include <optional>

namespace simulate {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> whole(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// "121.465" as 12146500.
std::optional<int> degrees(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, '.');
  if (parts.size() > 2 || (parts.size() == 2 && parts[1].size() > 5)) return std::nullopt;
  std::string digits{parts[0]};
  const std::string_view fraction = parts.size() == 2 ? parts[1] : std::string_view{};
  digits += fraction;
  digits.append(5 - fraction.size(), '0');
  return whole(digits);
}

std::optional<District> parse_line(std::string_view line) {
  const std::vector<std::string_view> fields = split(line, ',');
  if (fields.size() != 8 || fields[0].empty() || fields[1].empty() || fields[7].empty())
    return std::nullopt;
  const auto share = whole(fields[2]);
  const auto west = degrees(fields[3]), south = degrees(fields[4]);
  const auto east = degrees(fields[5]), north = degrees(fields[6]);
  if (!share || !west || !south || !east || !north || *west > *east || *south > *north)
    return std::nullopt;
  District district{
      std::string{fields[0]}, std::string{fields[1]}, *share, *west, *south, *east, *north, {}};
  for (const std::string_view road : split(fields[7], ';')) district.roads.emplace_back(road);
  return district;
}

}  // namespace

streams::Result<std::vector<District>> parse_districts(std::string_view csv) {
  std::vector<District> districts;
  int number = 0, shares = 0;
  for (std::string_view line : split(csv, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    std::optional<District> district = parse_line(line);
    if (!district)
      return streams::Error{streams::Error::Kind::usage,
                            "districts: line " + std::to_string(number) +
                                " is not adcode,name,share,west,south,east,north,road;road"};
    shares += district->share;
    districts.push_back(std::move(*district));
  }
  if (shares == 0)
    return streams::Error{streams::Error::Kind::usage, "districts: none has a share of elevators"};
  return districts;
}

}  // namespace simulate
