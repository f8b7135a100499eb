#pragma once

// Names: what ids are called in sentences. Whatever a record says to people goes through `named`
// before it is written, so that nobody reads unit/9131… or seat/3: the duty list's names, the
// entity's own as registered, else the kind in words ("单位yuyuan"). Fields of records keep the ids.

#include <map>
#include <string>
#include <string_view>

#include "operators/city/text.h"

namespace city {

/// "unit/119" -> {"消防救援119", "the fire service"}.
using NameList = std::map<std::string, Text, std::less<>>;

/// The text with each id ("kind/id" of a kind that has a word) replaced. `entity` is the one that
/// the record is about, `name` what its registration calls it, or empty.
Text named(const Text& text, const NameList& listed, std::string_view entity = {},
           std::string_view name = {});
inline Reason named(Reason reason, const NameList& listed, std::string_view entity = {},
                    std::string_view name = {}) {
  Text text = named(Text{std::move(reason.zh), std::move(reason.en)}, listed, entity, name);
  return {std::move(reason.code), std::move(text.zh), std::move(text.en)};
}

}  // namespace city
