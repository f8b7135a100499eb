#pragma once

// Phrases: what people say to the hotlines, written by hand: about what, through which of the five,
// as what kind of call. Read by Callers.

#include <span>
#include <string_view>

namespace simulate {

/// What a call is about: something that the city knows, or nobody's.
enum class Topic { elevator, kitchen, shop, nobody };
inline constexpr std::size_t kTopicCount = 4;

inline constexpr std::string_view kChannels[] = {"12345", "12315", "12348", "12319", "12328"};
/// Bits of `channels`, in that order: the mayor's line; consumers and food; the law; the streets;
/// transport.
inline constexpr unsigned k12345 = 1, k12315 = 2, k12348 = 4, k12319 = 8, k12328 = 16;

struct Phrase {
  Topic topic;
  unsigned channels;
  std::string_view kind, category;
  int share;  // within its topic
  std::string_view text;
  bool claims() const { return kind == "complaint" || kind == "report"; }
};
std::span<const Phrase> phrases();

/// Of people who are locked in.
std::span<const std::string_view> trapped_phrases();

}  // namespace simulate
