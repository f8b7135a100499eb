#include "operators/city/names.h"

#include <algorithm>

namespace city {
namespace {

struct KindWord {
  std::string_view kind, zh, en;
};
constexpr KindWord kKinds[] = {
    {"seat", "席位", "seat"},          {"unit", "单位", "unit"},
    {"officer", "执法人员", "officer"}, {"checker", "核查人员", "checker"},
    {"leader", "领导", "leader"},      {"party", "当事人", "party"},
    {"enterprise", "企业", "enterprise"}, {"department", "部门", "department"},
    {"elevator", "电梯", "elevator"},  {"kitchen", "后厨", "kitchen"},
    {"shop", "商铺", "shop"},          {"building", "楼宇", "building"},
    {"room", "直播间", "live room"},   {"plant", "工厂", "plant"},
    {"site", "工地", "site"},          {"vehicle", "车辆", "vehicle"},
    {"device", "设备", "device"},      {"product", "产品", "product"},
    {"cell", "街面网格", "street cell"}, {"complaint", "诉求件", "complaint"},
    {"place", "地点", "place"},        {"rule", "规则", "rule"},
};

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_of_id(char c) {
  return is_letter(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == ':';
}

/// Calls `replace(id, kind word, out)` for each id in the text.
class Replacer {
 public:
  Replacer(const NameList& listed, std::string_view entity, std::string_view name)
      : listed_(listed), entity_(entity), name_(name) {}

  std::string operator()(std::string_view text, std::string Text::*language,
                         std::string_view KindWord::*word, std::string_view gap) const {
    std::string out;
    std::size_t copied = 0;
    std::size_t slash = text.find('/');
    for (; slash != text.npos; slash = text.find('/', slash + 1)) {
      std::size_t begin = slash, end = slash + 1;
      while (begin > copied && is_letter(text[begin - 1])) --begin;
      while (end < text.size() && is_of_id(text[end])) ++end;
      while (end > slash + 1 && (text[end - 1] == '.' || text[end - 1] == ':')) --end;
      if (begin == slash || end == slash + 1 || (begin > 0 && is_of_id(text[begin - 1]))) continue;
      const std::string_view id = text.substr(begin, end - begin);
      const std::string_view kind = text.substr(begin, slash - begin);
      const auto* known = std::find_if(std::begin(kKinds), std::end(kKinds),
                                       [&](const KindWord& one) { return one.kind == kind; });
      if (known == std::end(kKinds)) continue;
      out += text.substr(copied, begin - copied);
      if (const auto it = listed_.find(id); it != listed_.end())
        out += it->second.*language;
      else if (id == entity_ && !name_.empty())
        out += name_;
      else
        out += by_kind(*known, text.substr(slash + 1, end - slash - 1), word, gap);
      copied = end;
      slash = end - 1;
    }
    return out += text.substr(copied);
  }

 private:
  /// "单位yuyuan"; of seats the number comes first: "3 席".
  static std::string by_kind(const KindWord& known, std::string_view code,
                             std::string_view KindWord::*word, std::string_view gap) {
    if (known.kind == "seat" && word == &KindWord::zh) return std::string{code} + " 席";
    return std::string{known.*word} + std::string{gap} + std::string{code};
  }

  const NameList& listed_;
  std::string_view entity_, name_;
};

}  // namespace

Text named(const Text& text, const NameList& listed, std::string_view entity,
           std::string_view name) {
  const Replacer replaced{listed, entity, name};
  return {replaced(text.zh, &Text::zh, &KindWord::zh, ""),
          replaced(text.en, &Text::en, &KindWord::en, " ")};
}

}  // namespace city
