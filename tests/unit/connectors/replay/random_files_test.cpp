// Random bytes as files, gzip files and adapters: nothing may crash, nothing may be lost uncounted.

#include <random>

#include "tests/unit/connectors/replay/files.h"

namespace {

using namespace connectors;

class RandomFiles : public Files {
 protected:
  std::string bytes(std::size_t size, std::string_view alphabet) {
    std::string text(size, ' ');
    for (char& c : text)
      c = alphabet.empty() ? static_cast<char>(random_()) : alphabet[random_() % alphabet.size()];
    return text;
  }
  std::mt19937_64 random_{42};
};

constexpr std::string_view kAdapter = R"yaml(
adapter: random
source: /random
tables:
  - file: "*.csv"
    columns: [a, b]
    time: "{a}"
    subject: "elevator/{b}"
    rows:
      - when: a.size() > 40
        skip: long
      - events:
          - door: elevator.telemetry
            data: {x: "{a}{b}", y: {cel: "b == '' ? 1.0 : double(b)"}}
)yaml";

TEST_F(RandomFiles, NeverCrash) {
  const auto adapter = CsvAdapter::read(kAdapter, "adapter.yaml");
  ASSERT_TRUE(adapter.ok()) << adapter.error().what;
  for (int round = 0; round < 200; ++round) {
    const std::size_t size = random_() % 3000;
    const std::string noise =
        bytes(size, round % 3 == 0 ? "" : round % 3 == 1 ? "\",\n\r ab1" : "{}[]\":,\n1ae\\");
    std::string zipped = read(gzip("z.gz", noise));
    if (!zipped.empty()) zipped[random_() % zipped.size()] ^= 0x10;
    const std::string row = "\n2026-11-22T08:00:00Z,7\n";
    for (const std::string& path : {write("n.csv", "a,b\n" + noise + row),
                                    write("n.ndjson", noise + "\n" + telemetry("1", "08:00:00")),
                                    write("n.csv.gz", zipped), write("n.ndjson.gz", zipped)}) {
      auto source = FileSource::open({path}, adapter->get(), decoder_);
      if (!source) continue;  // no header of the adapter's
      for (const FileRecord& record : drain(*source)) {
        if (const auto* dead = std::get_if<DeadRecord>(&record)) {
          EXPECT_FALSE(dead->reason.empty());
        }
      }
    }
  }
}

TEST_F(RandomFiles, BentAdaptersAreRefusedOrWork) {
  for (int round = 0; round < 1000; ++round) {
    std::string text{kAdapter};
    for (int i = 0; i < 3; ++i) text[random_() % text.size()] = bytes(1, "{}[]:\"' -ax\n")[0];
    const auto adapter = CsvAdapter::read(text, "adapter.yaml");
    if (!adapter) {
      EXPECT_FALSE(adapter.error().what.empty());
    } else if (const auto table = (*adapter)->open("a.csv", {"a", "b"})) {
      (void)table->convert({{"2026-11-22T08:00:00Z", "7"}, {}, 1, {}});
    }
  }
}

}  // namespace
