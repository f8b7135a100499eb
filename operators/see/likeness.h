#pragma once

// likeness: how much of its words one text shares with another, without keeping either: a sketch of
// the pairs of characters that it uses (MinHash). Each of its bytes says which pair came first in
// one of kSketch shuffles, but only its last byte, so that no text can be read out of it. Any
// thread; the same for the same text, everywhere.

#include <string>
#include <string_view>

namespace see {

inline constexpr int kSketch = 64;

/// Two hex digits for each shuffle; empty for a text of less than kFewest pairs.
std::string sketch_of(std::string_view text);
inline constexpr int kFewest = 3;

/// Of the pairs that either text uses, how many percent both use: give or take six. 0 where a
/// sketch is empty.
int percent_alike(std::string_view sketch, std::string_view other);

}  // namespace see
