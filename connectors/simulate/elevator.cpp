#include "connectors/simulate/elevator.h"

#include "connectors/simulate/codes.h"
#include "connectors/simulate/random.h"
#include "streams/check.h"

namespace simulate {
namespace {

constexpr int kExposureShares[] = {62, 15, 9, 4, 5, 5};
constexpr int kMaintenanceUnits = 28;  // about one for 35 elevators, each over the whole city
constexpr int kWithCamera = 70;        // percent

struct Kind {
  std::string_view names[4];
  std::string_view place;  // of the elevator within it
  int lowest, highest;     // floors
};
constexpr Kind kKinds[] = {
    {{"新苑", "花园", "小区", "公寓"}, "号楼", 6, 34},
    {{"大厦", "中心", "广场办公楼", "科技园"}, "座", 8, 48},
    {{"购物中心", "百货", "广场", "生活广场"}, "区", 4, 9},
    {{"小学", "中学", "职业学校", "幼儿园"}, "号教学楼", 3, 6},
    {{"人民医院", "中心医院", "社区卫生中心", "妇婴保健院"}, "号病房楼", 4, 24},
    {{"路站", "公园站", "体育场站", "大学站"}, "号口", 2, 4},
};

}  // namespace

std::vector<Elevator> make_elevators(std::uint64_t seed, int count,
                                     const std::vector<District>& districts) {
  CHECK(!districts.empty());
  Random dice{seed, Random::of("elevators")};
  std::vector<int> shares;
  for (const District& district : districts) shares.push_back(district.share);
  std::vector<Elevator> elevators;
  elevators.reserve(static_cast<std::size_t>(count));
  std::uint64_t building = 0;
  std::size_t in_building = 0, building_size = 0;
  for (int i = 0; i < count; ++i) {
    Elevator elevator;
    if (in_building == building_size) {
      ++building;
      in_building = 0;
      building_size = 1 + dice.below(6);
    }
    if (in_building++ == 0) {
      const District& district = districts[dice.weighted(shares)];
      elevator.district = district.adcode;
      elevator.exposure = static_cast<Exposure>(dice.weighted(kExposureShares));
      const Kind& kind = kKinds[static_cast<std::size_t>(elevator.exposure)];
      const std::string& road = dice.pick(district.roads);
      elevator.address = district.name + road + std::to_string(dice.between(1, 2400)) + "号";
      elevator.name = road + std::string{dice.pick(kind.names)};
      elevator.use_unit = credit_code(district.adcode, "U", building);
      elevator.maintenance_unit = credit_code("310000", "M", 1 + dice.below(kMaintenanceUnits));
      elevator.phone = "021-" + std::to_string(dice.between(50'000'000, 69'999'999));
      elevator.floors = static_cast<int>(dice.between(kind.lowest, kind.highest));
      elevator.lon = static_cast<int>(dice.between(district.west, district.east));
      elevator.lat = static_cast<int>(dice.between(district.south, district.north));
      elevator.building = "building/" + district.adcode + "B" + padded(building, 7);
      elevator.installed = std::to_string(dice.between(1998, 2025));
    } else {  // the next one in the same building
      elevator = elevators.back();
      const std::size_t cut = elevator.name.rfind('#');
      elevator.name.resize(cut);
    }
    const Kind& kind = kKinds[static_cast<std::size_t>(elevator.exposure)];
    const std::string number = std::to_string(in_building);
    if (in_building == 1)
      elevator.name += std::to_string(1 + building % 20) + std::string{kind.place};
    elevator.name += "#" + number;
    const auto index = static_cast<std::uint64_t>(i);
    elevator.subject = "elevator/" + elevator.district + padded(10'000 + index, 8);
    // 7919 is prime to 900,000: no code comes twice.
    elevator.rescue_code = std::to_string(100'000 + (index * 7919 + seed % 900'000) % 900'000);
    elevator.camera = dice.percent(kWithCamera) ? "cam-" + padded(index, 5) : "";
    elevators.push_back(std::move(elevator));
  }
  return elevators;
}

}  // namespace simulate
