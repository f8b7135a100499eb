#include "connectors/simulate/callers.h"

#include <algorithm>

#include "connectors/simulate/lift.h"

namespace simulate {
namespace {

constexpr int kHours[24] = {8,  5,  4,  3,  3,  6,  20, 45, 70, 80, 80, 75,
                            65, 60, 65, 70, 70, 65, 60, 60, 50, 40, 25, 14};
constexpr int kTopicShares[kTopicCount] = {30, 28, 20, 22};
constexpr int kClaimTrue = 65;     // percent of complaints and reports that are as told
constexpr int kOtherChannel = 12;  // percent that also go through another channel
constexpr int kAgain = 9;          // percent who ring again before anybody has answered
constexpr int kAfterReply = 15;    // percent of replies that are not the end of it
constexpr int kAtMost = 3;         // calls of one person in one matter

constexpr std::string_view kOpenings[] = {"", "", "还没有人来过，再次反映：",
                                          "你们答复说处理好了，可是并没有："};

/// "长宁区仙霞路88号" with another number: one door on.
std::string with_wrong_number(const std::string& address) {
  const std::size_t at = address.find_first_of("0123456789");
  if (at == address.npos) return address;
  const std::size_t end = address.find_first_not_of("0123456789", at);
  const int number = std::stoi(address.substr(at, end - at));
  return address.substr(0, at) + std::to_string(number + 2) + address.substr(end);
}

std::string without_number(const std::string& address) {
  return address.substr(0, address.find_first_of("0123456789"));
}

}  // namespace

Callers::Callers(std::uint64_t seed, int calls_a_day, const std::vector<Elevator>& elevators,
                 Trade& trade, Time start, Time end)
    : seed_(seed), elevators_(elevators), trade_(trade), dice_(seed, Random::of("callers")) {
  for (const Phrase& phrase : phrases())
    by_topic_[static_cast<std::size_t>(phrase.topic)].insert(
        by_topic_[static_cast<std::size_t>(phrase.topic)].end(),
        static_cast<std::size_t>(phrase.share), &phrase);
  plan(calls_a_day, start, end);
}

void Callers::plan(int calls_a_day, Time start, Time end) {
  std::int64_t whole = 0;
  for (const int hour : kHours) whole += hour;
  std::int64_t owed = whole / 2;
  for (Time from = start; from < end; from += 1h) {
    owed += std::int64_t{calls_a_day} * kHours[hour_of(from)];
    for (; owed >= whole; owed -= whole) {
      Ring ring;
      ring.at =
          std::max(from + dice_.between(0s, std::min<Duration>(1h, end - from)), start + 2min);
      draw(ring);
      push(std::move(ring));
    }
  }
}

void Callers::draw(Ring& ring) {
  auto topic = static_cast<Topic>(dice_.weighted(kTopicShares));
  if ((topic == Topic::elevator && elevators_.empty()) ||
      (topic == Topic::kitchen && trade_.kitchens() == 0) ||
      (topic == Topic::shop && trade_.shops() == 0))
    topic = Topic::nobody;
  ring.phrase = dice_.pick(by_topic_[static_cast<std::size_t>(topic)]);
  if (topic == Topic::elevator) ring.whom = dice_.below(elevators_.size());
  if (topic == Topic::kitchen) ring.whom = dice_.below(trade_.kitchens());
  if (topic == Topic::shop) ring.whom = trade_.kitchens() + dice_.below(trade_.shops());
  ring.channel = channel_of(*ring.phrase);
  ring.caller = 2'000'000 + dice_.below(1'000'000);
}

std::size_t Callers::channel_of(const Phrase& phrase) {
  std::vector<int> shares;
  for (std::size_t i = 0; i < std::size(kChannels); ++i)
    shares.push_back((phrase.channels >> i & 1) == 0 ? 0 : i == 0 ? 4 : 3);
  return dice_.weighted(shares);
}

void Callers::push(Ring ring) {
  ring.sequence = sequence_++;
  rings_.push(std::move(ring));
}

std::optional<Time> Callers::next() const {
  if (rings_.empty()) return std::nullopt;
  return rings_.top().at;
}

void Callers::happen(Mail& mail) {
  const Ring ring = rings_.top();
  rings_.pop();
  const Phrase& phrase = *ring.phrase;
  const bool shop = phrase.topic == Topic::shop;
  if (ring.why == Why::first && phrase.claims() && (shop || phrase.topic == Topic::kitchen) &&
      dice_.percent(kClaimTrue))
    trade_.begin(ring.whom, shop ? Matter::street : Matter::food,
                 ring.at + (shop ? dice_.between(40min, 3h) : dice_.between(8h, 40h)));
  ++of_topic_[static_cast<std::size_t>(phrase.topic)];
  ++by_why_[static_cast<std::size_t>(ring.why)];
  const std::string text =
      std::string{kOpenings[static_cast<std::size_t>(ring.why)]} + std::string{phrase.text};
  const std::string number = send(ring, phrase.kind, phrase.category, text, mail, names(ring));
  rung_.emplace("complaint/" + number, ring);
  follow_up(ring, number);
}

// Who is not sure to be heard tells it to somebody else as well, or once more.
void Callers::follow_up(const Ring& ring, const std::string& number) {
  if (ring.why == Why::after_reply || ring.before + 1 >= kAtMost) return;
  const std::uint64_t luck = dice_.below(100);
  if (luck >= kOtherChannel + kAgain) return;
  Ring next = ring;
  ++next.before;
  if (luck < kOtherChannel) {
    next.why = Why::other_channel;
    next.original = ring.original.empty() ? number : ring.original;
    next.channel =
        (ring.channel + 1 + dice_.below(std::size(kChannels) - 1)) % std::size(kChannels);
    next.at = ring.at + dice_.between(5min, 90min);
  } else {
    next.why = Why::again;
    next.at = ring.at + dice_.between(30min, 4h);
  }
  push(std::move(next));
}

void Callers::replied(std::string_view receipt, Time at) {
  const auto found = rung_.find(receipt);
  if (found == rung_.end() || found->second.phrase->kind == "consult" ||
      found->second.before + 1 >= kAtMost || !dice_.percent(kAfterReply))
    return;
  Ring next = found->second;
  ++next.before;
  next.why = Why::after_reply;
  if (next.original.empty()) next.original = receipt.substr(receipt.find('/') + 1);
  next.at = at + dice_.between(20min, 3h);
  push(std::move(next));
}

void Callers::trapped(std::size_t elevator, Time at, Mail& mail) {
  ++trapped_;
  ++of_topic_[static_cast<std::size_t>(Topic::elevator)];
  const std::string_view text = dice_.pick(trapped_phrases());
  Ring ring;
  ring.at = at;
  ring.whom = elevator;
  ring.caller = 1'000'000 + elevator;
  send(ring, "help", "elevator", text, mail, names_elevator(elevators_[elevator], true));
}

// ---- what it is called --------------------------------------------------------------------------

Callers::Named Callers::names(const Ring& ring) {
  switch (ring.phrase->topic) {
    case Topic::elevator:
      return names_elevator(elevators_[ring.whom], false);
    case Topic::kitchen:
    case Topic::shop:
      return names_premises(trade_.premises()[ring.whom]);
    case Topic::nobody:
      break;
  }
  return names_nothing();
}

/// From the plate in the cabin, or in their own words.
Callers::Named Callers::names_elevator(const Elevator& elevator, bool urgent) {
  const std::uint64_t way = dice_.below(urgent ? 17 : 21);
  if (way < 5) return {elevator.subject, elevator.address, ""};
  if (way < 10) return {elevator.rescue_code, elevator.address, ""};
  // "仙霞路花园3号楼#2": what stands between the house's name and "#" is the building.
  const std::size_t hash = elevator.name.rfind('#');
  const std::size_t digits = elevator.name.find_first_of("0123456789");
  const std::string building = elevator.name.substr(digits, hash - digits);
  const std::string lift = elevator.name.substr(hash + 1) + "号梯";
  if (way < 14) return {"", elevator.address + building + lift, ""};
  if (way < 15) return {"", elevator.address, "，" + building + lift};
  if (way < 17) return {"", elevator.address, ""};  // the house alone: which of its elevators?
  if (way < 18) return {"", elevator.name.substr(0, digits), ""};  // its name alone
  if (way < 20) return {"", with_wrong_number(elevator.address) + building + lift, ""};
  return {"", "", "，就在我们小区"};
}

Callers::Named Callers::names_premises(const Premises& one) {
  const std::uint64_t way = dice_.below(20);
  if (way < 2) return {one.subject, one.address, ""};
  if (way < 6) return {one.licence, one.address + one.name, ""};  // the code on its door
  if (way < 12) return {"", one.address + one.name, ""};
  if (way < 14) return {"", "", "，地点在" + one.address};
  if (way < 17) return {"", one.nickname, ""};
  if (way < 19) return {"", with_wrong_number(one.address), ""};
  return {"", without_number(one.address) + one.name, ""};
}

Callers::Named Callers::names_nothing() {
  const std::uint64_t way = dice_.below(3);
  if (way == 0 || elevators_.empty()) return {};
  const Elevator& near = dice_.pick(elevators_);
  if (way == 1) return {"", without_number(near.address) + "附近", ""};
  return {"", with_wrong_number(near.address) + "对面", ""};
}

std::string Callers::entity_of(const Ring& ring) const {
  if (ring.phrase == nullptr || ring.phrase->topic == Topic::elevator)
    return elevators_[ring.whom].subject;
  if (ring.phrase->topic == Topic::nobody) return {};
  return trade_.premises()[ring.whom].subject;
}

std::string Callers::district_of(const Ring& ring) const {
  if (ring.phrase == nullptr || ring.phrase->topic == Topic::elevator)
    return elevators_[ring.whom].district;
  if (ring.phrase->topic != Topic::nobody) return trade_.premises()[ring.whom].district;
  return elevators_.empty() ? std::string{} : elevators_[ring.caller % elevators_.size()].district;
}

/// The receipt's number.
std::string Callers::send(const Ring& ring, std::string_view kind, std::string_view category,
                          std::string_view text, Mail& mail, const Named& named) {
  const std::string channel{kChannels[ring.channel]};
  ++by_channel_[ring.channel];
  std::string id = channel + "-";
  append_whole(id, static_cast<std::int64_t>(seed_));
  id += '-';
  append_whole(id, ++ids_);
  const std::string subject = "complaint/" + id;  // the receipt
  Meant meant{entity_of(ring), std::nullopt};
  if (meant.entity.starts_with("elevator/")) meant.elevator = ring.whom;
  meant_.emplace(subject, std::move(meant));
  Sheet sheet{Door::complaint, "/sh/hotline-" + channel, id, subject, ring.at};
  sheet.text("channel", channel)
      .text("kind", kind)
      .text("category", category)
      .text("text", std::string{text} + named.remark)
      .text("address", named.address)
      .text_or_null("about", named.about)
      .text_or_null("originalNo", ring.original)
      .text("complainant", "h:" + std::to_string(ring.caller))
      .text("district", district_of(ring))
      .raw("photos", "[]");
  mail.send(Door::complaint, subject, sheet.finish(), ring.at + dice_.between(900, 9000) * 1ms);
  return id;
}

const Callers::Meant* Callers::meant_by(std::string_view receipt) const {
  const auto found = meant_.find(receipt);
  return found == meant_.end() ? nullptr : &found->second;
}

std::vector<Trade::Count> Callers::counts() const {
  static constexpr std::string_view kOfTopic[kTopicCount] = {
      "call about an elevator", "call about a kitchen", "call about a shop", "call, nobody's"};
  static constexpr std::string_view kOfWhy[] = {"", "call through another channel",
                                                "call by the same person", "call after the reply"};
  static constexpr std::string_view kOfChannel[] = {
      "call to 12345", "call to 12315", "call to 12348", "call to 12319", "call to 12328"};
  std::vector<Trade::Count> counts{{"call: trapped", trapped_}};
  for (std::size_t i = 0; i < kTopicCount; ++i) counts.push_back({kOfTopic[i], of_topic_[i]});
  for (std::size_t i = 0; i < std::size(kOfChannel); ++i)
    counts.push_back({kOfChannel[i], by_channel_[i]});
  for (std::size_t i = 1; i < std::size(kOfWhy); ++i) counts.push_back({kOfWhy[i], by_why_[i]});
  return counts;
}

}  // namespace simulate
