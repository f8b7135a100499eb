// A city's data is refused as a whole where any file of it is wrong, with file and line.

#include "app/city_files.h"

#include <gtest/gtest.h>

#include "app/files.h"
#include "tests/contract/temp_directory.h"

namespace {

std::string refused(const std::string& file, const std::string& text) {
  TempDirectory directory;
  EXPECT_TRUE(app::write_file(directory.path() + "/" + file, text).ok());
  const auto city = app::read_city(directory.path());
  return city ? "taken" : city.error().what;
}

TEST(CityFiles, ShanghaiIsWhole) {
  const auto city = app::read_city(app::default_city_directory());
  ASSERT_TRUE(city.ok()) << city.error().what;
  std::string names;
  for (const streams::Version& version : city->versions) names += version.name + " ";
  EXPECT_EQ(names,
            "duty calendar gazetteer hotline law parents "
            "rules/elevator rules/kitchen rules/street ");
}

TEST(CityFiles, AMistakeIsNamedWithFileAndLine) {
  const std::string comma = "items:\n  a:\n    title: {zh: 街面, en: Street, on site}\n";
  EXPECT_NE(refused("duty.yaml", comma).find("duty.yaml:3:"), std::string::npos)
      << refused("duty.yaml", comma);
  EXPECT_NE(refused("gazetteer.yaml", "roads: [路]\n").find("gazetteer.yaml:1:9: "),
            std::string::npos);
  const std::string label = "unplaced: [{label: 困人, rule: a.b, consequence: life}]\n";
  EXPECT_NE(refused("hotline.yaml", label).find("困人"), std::string::npos);
  EXPECT_NE(refused("law.yaml", "behaviours:\n  - {behaviour: a}\n").find("law.yaml:2:5: "),
            std::string::npos);
  EXPECT_NE(refused("parents.yaml", "entities:\n  - {parents: [a]}\n").find("parents.yaml:2:5: "),
            std::string::npos);
  const std::string parents =
      refused("parents.yaml", "entities: [{parents: [a], children: [b]}]\n");
  EXPECT_NE(parents.find("parents.yaml:1:38: no rule pack has the rule 'b'"), std::string::npos)
      << parents;
  EXPECT_NE(refused("adapter.yaml", "adapter: a\nsource: /a\n").find("adapter.yaml:1:1: "),
            std::string::npos);
}

}  // namespace
