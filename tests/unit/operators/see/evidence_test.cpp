// What a rule read becomes evidence, within bounds: of one field and of all of an event's.

#include "operators/city/bounds.h"
#include "tests/support/detecting.h"

namespace {

using namespace std::chrono_literals;
using signals::Detecting;

constexpr const char* kPack = R"yaml(
pack: test
fields: {camera.alerts: {a: text, b: text, c: text, d: text, e: text, f: text}}
rules:
  - rule: seen
    on: camera.alerts
    when: "[data.a, data.b, data.c, data.d, data.e, data.f].all(x, x != '')"
)yaml";

std::string evidence_of(std::size_t bytes) {
  Detecting city;
  city.activate(kPack);
  std::string data;
  for (const char* name : {"a", "b", "c", "d", "e", "f"})
    data += (data.empty() ? "{\"" : ",\"") + std::string{name} + "\":\"" + std::string(bytes, 'x') +
            '"';
  city.send("camera.alerts", 1s, data + "}");
  city.after(1min);
  return city.conclusions().at(0).evidence.at(0).data.text;
}

TEST(Evidence, IsBoundedFieldByFieldAndInAll) {
  const std::string small = evidence_of(100);
  EXPECT_NE(small.find("\"f\":\"" + std::string(100, 'x') + '"'), std::string::npos) << small;
  const std::string large = evidence_of(2 * city::kEvidenceTextBytes);
  EXPECT_EQ(large.find(std::string(city::kEvidenceTextBytes + 1, 'x')), std::string::npos);
  EXPECT_NE(large.find("…\""), std::string::npos) << "it is told that there was more";
  EXPECT_LE(large.size(), city::kEvidenceBytes + 256);
}

}  // namespace
