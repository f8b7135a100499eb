// The events of "elevator watch v1": one CloudEvent a line in event-time order, 1 ms of event time
// apart. The same arguments give the same bytes: every draw comes from one generator, and the order
// of the draws is part of the work's definition.
// `generate --out FILE [--events N] [--elevators N] [--seed N] [--skew S] [--permit-each]`

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::int64_t kStart = 1'795'334'400'000;  // 2026-11-22T08:00:00Z
constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kDay = 86'400 * kSecond;

class Dice {  // splitmix64
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }
  unsigned below(unsigned bound) { return static_cast<unsigned>(((bits() >> 32) * bound) >> 32); }
  double unit() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  template <std::size_t N>
  const char* of(const std::array<const char*, N>& names) {
    return names[below(N)];
  }

 private:
  std::uint64_t state_;
};

/// Elevators are not equally busy: rank r has weight r^-skew, and ranks are dealt at random.
class Fleet {
 public:
  Fleet(unsigned count, double skew, Dice& dice) : upto_(count), elevator_(count) {
    for (unsigned i = 0; i < count; ++i) {
      sum_ += std::pow(static_cast<double>(i + 1), -skew);
      upto_[i] = sum_;
      elevator_[i] = i + 1;
    }
    for (unsigned i = count - 1; i > 0; --i) std::swap(elevator_[i], elevator_[dice.below(i + 1)]);
  }

  unsigned size() const { return static_cast<unsigned>(elevator_.size()); }
  unsigned pick(Dice& dice) const {
    const auto found = std::lower_bound(upto_.begin(), upto_.end(), dice.unit() * sum_);
    const auto rank = static_cast<std::size_t>(found - upto_.begin());
    return elevator_[std::min(rank, elevator_.size() - 1)];
  }

 private:
  double sum_ = 0;
  std::vector<double> upto_;
  std::vector<unsigned> elevator_;
};

std::string seconds_text(std::int64_t ms) {
  const std::time_t seconds = ms / kSecond;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts)};
}

std::string time_text(std::int64_t ms) {
  char text[8];
  std::snprintf(text, sizeof text, ".%03dZ", static_cast<int>(ms % kSecond));
  return seconds_text(ms) + text;
}

/// 26 characters: 10 of time, 8 random, 8 of sequence.
std::string ulid(std::int64_t ms, std::uint64_t sequence, std::uint64_t random) {
  std::string text(26, '0');
  const auto write = [&text](std::size_t begin, std::size_t end, std::uint64_t value) {
    for (std::size_t i = end; i-- > begin; value >>= 5)
      text[i] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[value & 31];
  };
  write(0, 10, static_cast<std::uint64_t>(ms));
  write(10, 18, random);
  write(18, 26, sequence);
  return text;
}

constexpr std::array kPhrases{
    "电梯突然停在两层之间", "门反复开关无法关闭",       "有老人被困在里面", "请尽快派人处理",
    "已经等了半个多小时",   "物业电话一直没人接",       "小区三号楼",       "昨天晚上也发生过",
    "运行时有异响和抖动",   "楼道里停放电动自行车充电", "垃圾桶没有盖好",   "厨房里看到老鼠",
    "从业人员没有戴口罩",   "检验合格证已经过期",       "希望有关部门核查", "谢谢",
    "按钮按下去没有反应",   "居民出行非常不方便"};
constexpr std::array kCategories{"elevator_fault", "elevator_noise", "e_bike_charging",
                                 "food_hygiene", "waste"};
constexpr std::array kChannels{"12345", "12315", "12315", "12348", "12319", "12328"};
constexpr std::array kLabels{"e_bike", "no_mask", "no_hat", "open_bin", "rodent"};
constexpr std::array kDoors{"open", "closed", "opening", "closing"};
constexpr unsigned kCameras = 20'000;

class Writer {
 public:
  Writer(std::FILE* file, unsigned elevators, double skew, std::uint64_t seed)
      : file_(file), dice_(seed), fleet_(elevators, skew, dice_), stuck_until_(elevators + 1) {}

  void event(unsigned number) {
    at(number);
    const bool due = !due_.empty() && due_.top().first <= now_;
    const double kind = due ? 0.0 : dice_.unit();
    if (kind < 0.90) return telemetry(due);
    if (kind < 0.95) return camera();
    if (kind < 0.98) return complaint();
    const unsigned elevator = fleet_.pick(dice_);
    permit(elevator, false);
  }

  /// A maintenance permit of one elevator after another, so that each has something to remember.
  void permit_of(unsigned number) {
    at(number);
    permit(number + 1, true);
  }

 private:
  void at(unsigned number) {
    now_ = kStart + number;
    time_ = time_text(now_);
    id_ = ulid(now_, number, dice_.bits());
  }

  /// A reading of some elevator; one in a thousand begins an episode somewhere: ten readings, one
  /// each 10 s, of an elevator that stands between floors with somebody in it.
  unsigned next_elevator(bool due) {
    if (due) {
      const unsigned elevator = due_.top().second;
      due_.pop();
      return elevator;
    }
    const unsigned elevator = fleet_.pick(dice_);
    if (dice_.unit() >= 0.001) return elevator;
    const unsigned other = dice_.below(fleet_.size()) + 1;
    if (stuck_until_[other] >= now_) return elevator;
    stuck_until_[other] = now_ + 90 * kSecond;
    for (int i = 1; i <= 9; ++i) due_.push({now_ + i * 10 * kSecond, other});
    return other;
  }

  void telemetry(bool due) {
    const unsigned elevator = next_elevator(due);
    const bool stuck = due || stuck_until_[elevator] >= now_;
    const unsigned luck = dice_.below(1000);
    const char* fault = "null";
    if (luck < 10) fault = "\"door_reopen\"";
    if (luck == 10) fault = dice_.below(2) != 0 ? "\"overspeed\"" : "\"brake\"";
    const bool moves = !stuck && dice_.below(10) < 6;
    const bool occupied = stuck || dice_.below(10) < 5;
    const double speed = moves ? 1.0 + dice_.below(151) / 100.0 : 0.0;
    const unsigned load = occupied ? 45 + dice_.below(700) : 0;
    const char* direction = "none";
    if (moves) direction = dice_.below(2) != 0 ? "up" : "down";
    const char* door = moves || stuck ? "closed" : dice_.of(kDoors);
    const char* mode = "fault";
    if (luck != 10) mode = dice_.below(200) == 0 ? "inspection" : "normal";
    const unsigned floor = 1 + dice_.below(33);
    begin("elevator-iot", "elevator.telemetry", "elevator/%06u", elevator);
    std::fprintf(file_,
                 R"("floor":%u,"speed":%.2f,"direction":"%s","door":"%s","doorZone":%s,)"
                 R"("loadKg":%u,"occupied":%s,"mode":"%s","faultCode":%s}})"
                 "\n",
                 floor, speed, direction, door, moves || stuck ? "false" : "true", load,
                 occupied ? "true" : "false", mode, fault);
  }

  void camera() {
    const unsigned number = 1 + dice_.below(kCameras);
    const char* label = dice_.of(kLabels);
    const double confidence = 0.50 + dice_.below(50) / 100.0;
    begin("camera-ai", "camera.alert", "camera/%05u", number);
    std::fprintf(file_,
                 R"("camera":"cam-%05u","label":"%s","confidence":%.2f,)"
                 R"("imageUrl":"https://img.example.invalid/2026/11/22/cam-%05u/%s.jpg"}})"
                 "\n",
                 number, label, confidence, number, id_.c_str());
  }

  void complaint() {
    const unsigned elevator = fleet_.pick(dice_);
    const char* channel = dice_.of(kChannels);
    const char* category = dice_.of(kCategories);
    const std::uint64_t who = dice_.bits();
    const unsigned district = 1 + dice_.below(20);
    const std::string text = words(20 + dice_.below(41));
    begin("hotline", "complaint.filed", "elevator/%06u", elevator);
    std::fprintf(file_,
                 R"("channel":"%s","category":"%s","text":"%s","complainant":"%016)" PRIx64
                 R"(","district":"3101%02u"}})"
                 "\n",
                 channel, category, text.c_str(), who, district);
  }

  /// Whole phrases, the last one cut. Every character has 3 bytes.
  std::string words(std::size_t characters) {
    std::string text;
    while (text.size() < 3 * characters) text += dice_.of(kPhrases);
    text.resize(3 * characters);
    return text;
  }

  /// Three maintenance permits in ten end within minutes, so that something falls due.
  void permit(unsigned elevator, bool maintenance) {
    const unsigned luck = dice_.below(100);
    const unsigned sort = dice_.below(10);
    const bool brief = dice_.below(10) < 3;
    const std::int64_t until =
        now_ + (brief ? std::int64_t{60 + dice_.below(600)} * kSecond : 15 * kDay);
    const char* action = luck < 80 ? "renewed" : luck < 95 ? "expired" : "revoked";
    begin("permits", "permit.changed", "elevator/%06u", elevator);
    std::fprintf(file_,
                 R"("permit":"%s","action":"%s","validUntil":"%sZ"}})"
                 "\n",
                 maintenance || sort < 6 ? "maintenance"
                 : sort < 8              ? "inspection"
                                         : "registration",
                 action, seconds_text(until).c_str());
  }

  void begin(const char* source, const char* type, const char* form, unsigned subject) {
    char name[32];
    std::snprintf(name, sizeof name, form, subject);
    std::fprintf(file_,
                 R"({"specversion":"1.0","id":"%s","source":"/sh/%s","type":"city.%s.v1",)"
                 R"("subject":"%s","time":"%s","datacontenttype":"application/json","data":{)",
                 id_.c_str(), source, type, name, time_.c_str());
  }

  using Due = std::pair<std::int64_t, unsigned>;  // ms, elevator

  std::FILE* file_;
  Dice dice_;
  Fleet fleet_;
  std::vector<std::int64_t> stuck_until_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::int64_t now_ = 0;
  std::string time_, id_;
};

}  // namespace

int main(int argc, char** argv) {
  unsigned events = 2'000'000, elevators = 100'000;
  std::uint64_t seed = 20261122;
  double skew = 0.9;
  bool permit_each = false;
  std::string path;
  CLI::App cli{"The events of elevator watch v1"};
  cli.add_option("--out", path, "file to write")->required();
  cli.add_option("--events", events, "how many");
  cli.add_option("--elevators", elevators, "how many")->check(CLI::PositiveNumber);
  cli.add_option("--seed", seed, "same seed, same bytes");
  cli.add_option("--skew", skew, "Zipf's exponent of how busy they are");
  cli.add_flag("--permit-each", permit_each, "first a maintenance permit of each elevator");
  CLI11_PARSE(cli, argc, argv);
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    std::fprintf(stderr, "generate: can't write %s\n", path.c_str());
    return 1;
  }
  Writer writer{file, elevators, skew, seed};
  for (unsigned i = 0; i < events; ++i)
    permit_each && i < elevators ? writer.permit_of(i) : writer.event(i);
  const long bytes = std::ftell(file);
  if (std::ferror(file) != 0 || std::fclose(file) != 0) {
    std::fprintf(stderr, "generate: %s could not be written whole\n", path.c_str());
    return 1;
  }
  std::printf("%u events, %ld bytes\n", events, bytes);
}
