#include "connectors/simulate/premises.h"

#include <algorithm>
#include <span>

#include "connectors/simulate/codes.h"
#include "connectors/simulate/random.h"
#include "streams/check.h"

namespace simulate {
namespace {

constexpr std::string_view kStreetDistrict = "310120";  // 奉贤: 29,000 shared cameras

struct Line {  // of business
  std::string_view name;
  int opens, closes;
  int share;
};
constexpr Line kKitchens[] = {
    {"面馆", 10, 21, 20},     {"小吃店", 10, 21, 16}, {"家常菜馆", 10, 21, 16},
    {"火锅店", 10, 21, 10},   {"酒楼", 10, 21, 8},    {"快餐店", 10, 21, 10},
    {"职工食堂", 10, 21, 4},  {"点心店", 6, 14, 6},   {"烧烤店", 17, 4, 6},
    {"夜宵大排档", 18, 5, 4},
};
constexpr Line kShops[] = {
    {"水果店", 8, 22, 22}, {"五金店", 8, 20, 12}, {"花店", 8, 20, 10},  {"服装店", 9, 21, 14},
    {"便利店", 6, 24, 12}, {"小吃铺", 6, 22, 14}, {"文具店", 7, 20, 8}, {"自行车修理铺", 8, 19, 8},
};
constexpr std::string_view kBrands[] = {"老盛",   "阿婆",   "德盛", "新长发", "好邻居", "阿毛",
                                        "鑫旺",   "沪味",   "陈记", "小宁波", "王家",   "金谷",
                                        "万寿斋", "福满园", "阿大", "佳佳"};
constexpr std::string_view kNear[] = {"路口", "菜场对面", "地铁站旁边", "学校后门", "小区门口"};

// A street is a row of shops; rows are as far apart as a camera's eye reaches, so that no shop of
// the next street is taken for one of this.
constexpr int kOfStreet = 20;
constexpr int kStreetLength = 500, kStreetApart = 40;  // 1e-5 degrees
constexpr int kNearest = 17, kFarthest = 23;           // from door to door

const Line& drawn(Random& dice, std::span<const Line> lines) {
  std::vector<int> shares;
  for (const Line& line : lines) shares.push_back(line.share);
  return lines[dice.weighted(shares)];
}

/// What both have, once the place is known.
void fill(Premises& made, const std::string& road, const District& district, const Line& line,
          Random& dice) {
  const std::string brand{dice.pick(kBrands)};
  made.district = district.adcode;
  made.name = road + brand + std::string{line.name};
  made.nickname = road + std::string{dice.pick(kNear)} + "那家" + std::string{line.name};
  made.opens = line.opens;
  made.closes = line.closes;
  made.phone = "021-" + std::to_string(dice.between(50'000'000, 69'999'999));
}

std::string address_of(const District& district, const std::string& road, std::uint64_t number) {
  return district.name + road + std::to_string(number) + "号";
}

int per_1000(int elevators, int count) {
  return (elevators * count + 500) / 1000;
}

}  // namespace

CitySize CitySize::of(int elevators) {
  return {.kitchens = per_1000(elevators, 300),
          .shops = per_1000(elevators, 80),
          .street_cameras = per_1000(elevators, 290),
          .calls_a_day = per_1000(elevators, 72)};
}

int CitySize::shops_under(int street_cameras) {
  return (street_cameras * 8 + 28) / 29;
}

std::vector<Premises> make_kitchens(std::uint64_t seed, int count,
                                    const std::vector<District>& districts) {
  CHECK(!districts.empty());
  Random dice{seed, Random::of("kitchens")};
  std::vector<int> shares;
  for (const District& district : districts) shares.push_back(district.share);
  std::vector<Premises> kitchens;
  for (int i = 0; i < count; ++i) {
    const District& district = districts[dice.weighted(shares)];
    const std::string& road = dice.pick(district.roads);
    const auto number = static_cast<std::uint64_t>(20'000 + i);
    Premises made;
    fill(made, road, district, drawn(dice, kKitchens), dice);
    made.subject = "kitchen/" + district.adcode + padded(number, 8);
    made.address = address_of(district, road, static_cast<std::uint64_t>(dice.between(1, 2400)));
    made.use_unit = credit_code(district.adcode, "K", number);
    made.licence = "JY2" + district.adcode + padded(number, 7);
    made.lon = static_cast<int>(dice.between(district.west, district.east));
    made.lat = static_cast<int>(dice.between(district.south, district.north));
    for (std::int64_t n = dice.between(1, 2); n > 0; --n)
      made.cameras.push_back("kcam-" + padded(number, 5) + "-" + std::to_string(n));
    kitchens.push_back(std::move(made));
  }
  return kitchens;
}

std::vector<Premises> make_shops(std::uint64_t seed, int count, int street_cameras,
                                 const std::vector<District>& districts) {
  CHECK(!districts.empty());
  const auto found = std::find_if(districts.begin(), districts.end(), [](const District& one) {
    return one.adcode == kStreetDistrict;
  });
  const District& district = found == districts.end() ? districts.front() : *found;
  const int columns = std::max(1, (district.east - district.west) / kStreetLength);
  const int rows = std::max(1, (district.north - district.south) / kStreetApart);
  Random dice{seed, Random::of("shops")};
  std::vector<Premises> shops;
  int lon = 0, lat = 0;
  for (int i = 0; i < count; ++i) {
    const int street = i / kOfStreet;
    if (i % kOfStreet == 0) {
      // Streets all over the district, however few there are.
      const int slot = static_cast<int>(std::int64_t{street} * 151 % (columns * rows));
      lon = district.west + slot % columns * kStreetLength;
      lat = district.south + slot / columns * kStreetApart;
    }
    const auto roads = static_cast<int>(district.roads.size());
    const std::string& road = district.roads[static_cast<std::size_t>(street % roads)];
    const auto number = static_cast<std::uint64_t>(30'000 + i);
    Premises made;
    fill(made, road, district, drawn(dice, kShops), dice);
    made.subject = "shop/" + district.adcode + padded(number, 8);
    // Even numbers, and on along each road from street to street.
    const int house = 2 * (street / roads * kOfStreet + i % kOfStreet + 1);
    made.address = address_of(district, road, static_cast<std::uint64_t>(house));
    made.use_unit = credit_code(district.adcode, "S", number);
    made.licence = "FX" + district.adcode + padded(number, 7);
    made.lon = lon;
    made.lat = lat;
    if (i % kOfStreet + 1 < kOfStreet && i + 1 < count)
      made.next_door = static_cast<int>(dice.between(kNearest, kFarthest));
    lon += made.next_door;
    shops.push_back(std::move(made));
  }
  for (int i = 0; i < street_cameras && !shops.empty(); ++i)
    shops[static_cast<std::size_t>(i) % shops.size()].cameras.push_back(
        "scam-" + padded(static_cast<std::uint64_t>(i), 5));
  return shops;
}

}  // namespace simulate
