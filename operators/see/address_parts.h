#pragma once

// address_parts: what the numbers in an address count: lane, number, building, unit, lift. Where
// the words leave a doubt (several numbers, a neighbour, a negation, a number that counts nothing
// known) the address is unsure, and says which other places may be meant. Used by Gazetteer; any
// thread.

#include <string_view>

#include "operators/city/street_address.h"

namespace see {

/// What a text follows, or is: the name of a road, an entity's name, or whatever a caller says, in
/// which 号 may be anything.
enum class From { road, name, talk };

/// Adds what `text` says to what is known: a part that says otherwise than before is a doubt.
void read_parts(city::StreetAddress& address, std::u32string_view text, From from);

}  // namespace see
