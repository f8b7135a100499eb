#include "state/log_block.h"

#include <gtest/gtest.h>

#include "state/tail.h"

namespace state {
namespace {

using streams::LogRecord;
using streams::Time;
using namespace std::chrono_literals;

std::string three_records() {
  BlockWriter writer;
  writer.add(Time{1000ms}, "alpha");
  writer.add(Time{1000ms}, "");
  writer.add(Time{501000ms}, std::string(300, 'z'));
  return writer.finish(40, 12345);
}

TEST(LogBlock, GivesBackWhatWasAdded) {
  const std::string block = three_records();
  const auto header = read_block_header(block);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->count, 3);
  EXPECT_EQ(header->first_recorded, Time{1000ms});
  EXPECT_EQ(header->bytes_before, 12345u);
  std::vector<LogRecord> records;
  ASSERT_TRUE(read_block(block, 40, 0, records));
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].offset, 40);
  EXPECT_EQ(records[0].bytes, "alpha");
  EXPECT_EQ(records[1].bytes, "");
  EXPECT_EQ(records[2].offset, 42);
  EXPECT_EQ(records[2].recorded, Time{501000ms});
  EXPECT_EQ(records[2].bytes, std::string(300, 'z'));
}

TEST(LogBlock, StartsWithinABlock) {
  std::vector<LogRecord> records;
  ASSERT_TRUE(read_block(three_records(), 40, 42, records));
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].offset, 42);
  EXPECT_EQ(records[0].recorded, Time{501000ms});
}

TEST(LogBlock, AnyFlippedBitAndAnyCutIsSeen) {
  const std::string block = three_records();
  std::vector<LogRecord> records;
  for (std::size_t i = 0; i < block.size(); ++i) {
    std::string damaged = block;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    EXPECT_FALSE(read_block(damaged, 40, 0, records)) << i;
    EXPECT_FALSE(read_block(block.substr(0, i), 40, 0, records)) << i;
  }
  EXPECT_FALSE(read_block(block, 41, 0, records)) << "a block in another one's place";
  EXPECT_TRUE(records.empty());
}

TEST(LogBlock, TimesBefore1970AndFarApartSurvive) {
  BlockWriter writer;
  writer.add(Time{-5ms}, "a");
  writer.add(Time{4102444800000ms}, "b");
  std::vector<LogRecord> records;
  ASSERT_TRUE(read_block(writer.finish(0, 0), 0, 0, records));
  EXPECT_EQ(records[0].recorded, Time{-5ms});
  EXPECT_EQ(records[1].recorded, Time{4102444800000ms});
}

TEST(Tail, HidesOutputsUntilTheyAreWritten) {
  Tail tail{{.block_bytes = 1000, .block_records = 10}};
  tail.add(Time{1ms}, "door", false);
  tail.add(Time{2ms}, "output", true);
  tail.add(Time{3ms}, "door again", false);
  tail.seal();
  EXPECT_EQ(tail.read(0).records.size(), 1u);
  EXPECT_TRUE(tail.read(1).records.empty());
  EXPECT_TRUE(tail.read(2).records.empty()) << "it must not be read before offset 1";
  const auto blocks = tail.take();
  ASSERT_EQ(blocks.size(), 3u);
  tail.add(Time{4ms}, "meanwhile", false);
  tail.written(3);
  EXPECT_EQ(tail.written_end(), 3);
  EXPECT_EQ(tail.read(3).records.at(0).bytes, "meanwhile");
  EXPECT_TRUE(tail.take().empty());
  tail.seal();
  EXPECT_EQ(tail.take().at(0).base, 3);
}

TEST(Tail, CutsBlocksAtTheirLimits) {
  Tail tail{{.block_bytes = 1000, .block_records = 3}};
  for (int i = 0; i < 7; ++i) tail.add(Time{}, "x", false);
  EXPECT_TRUE(tail.has_full_block());
  EXPECT_EQ(tail.take().size(), 2u);
  tail.add(Time{}, std::string(5000, 'x'), false);  // larger than a block: one of its own size
  EXPECT_EQ(tail.take().at(0).end, 8);
  EXPECT_EQ(tail.read(7).records.at(0).bytes.size(), 5000u);
  EXPECT_EQ(tail.read(4).records.size(), 2u);
}

}  // namespace
}  // namespace state
