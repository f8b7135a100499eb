#include "operators/see/address_parts.h"

#include <algorithm>

#include "operators/see/street_text.h"

namespace see {
namespace {

using city::StreetAddress;

constexpr std::size_t kOthers = 2;  // further places of one address
constexpr std::u32string_view kSentenceEnds = U"，。；！？,;!?";

/// What a word after a number says that the number is of.
enum class Part { sublane, lane, unit, building, lift, number, gate, stall, harmless, nothing };
struct PartWord {
  std::u32string_view word;
  Part part;
};
/// The longer word first.
constexpr PartWord kPartWords[] = {
    {U"号电梯", Part::lift},       {U"号客梯", Part::lift},       {U"号货梯", Part::lift},
    {U"号扶梯", Part::lift},       {U"号直梯", Part::lift},       {U"号梯", Part::lift},
    {U"#电梯", Part::lift},        {U"#梯", Part::lift},          {U"电梯", Part::lift},
    {U"梯", Part::lift},           {U"号楼", Part::building},     {U"号大楼", Part::building},
    {U"号教学楼", Part::building}, {U"号病房楼", Part::building}, {U"号宿舍楼", Part::building},
    {U"号办公楼", Part::building}, {U"号公寓", Part::building},   {U"号塔楼", Part::building},
    {U"号厂房", Part::building},   {U"号口", Part::building},     {U"#楼", Part::building},
    {U"号门口", Part::number},     {U"号门前", Part::number},     {U"号门面", Part::number},
    {U"号门", Part::gate},         {U"号铺", Part::stall},        {U"号商铺", Part::stall},
    {U"号摊", Part::stall},        {U"号店", Part::stall},        {U"号车", Part::stall},
    {U"号库", Part::stall},        {U"号桌", Part::stall},        {U"号房", Part::harmless},
    {U"号室", Part::harmless},     {U"号线", Part::harmless},     {U"号单元", Part::unit},
    {U"单元", Part::unit},         {U"门洞", Part::unit},         {U"支弄", Part::sublane},
    {U"幢", Part::building},       {U"栋", Part::building},       {U"座", Part::building},
    {U"区", Part::building},       {U"弄", Part::lane},           {U"号", Part::number}};

/// Rooms, floors, amounts, times: they tell no elevator apart.
bool is_amount(char32_t c) {
  constexpr std::u32string_view kAmounts = U"室房层楼F米点时分秒日月年天次人个部台线路元岁户周起遍";
  return kAmounts.find(c) != kAmounts.npos;
}

struct Found {
  Part part = Part::nothing;
  std::u32string_view rest;  // what is said after the word
};
Found part_of(const Numbered& one) {
  for (const PartWord& word : kPartWords)
    if (one.after.starts_with(word.word)) return {word.part, one.after.substr(word.word.size())};
  if (one.hash) return {Part::lift, one.after};
  if (!one.after.empty() && is_amount(one.after.front())) return {Part::harmless, {}};
  return {Part::nothing, one.after};
}

bool has_any(std::u32string_view text, std::initializer_list<std::u32string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.find(word) != text.npos; });
}
bool begins_with_any(std::u32string_view text, std::initializer_list<std::u32string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.starts_with(word); });
}
bool ends_with_any(std::u32string_view text, std::initializer_list<std::u32string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.ends_with(word); });
}

std::u32string_view sentence_begin(std::u32string_view text) {
  return text.substr(0, std::min(text.find_first_of(kSentenceEnds), text.size()));
}
std::u32string_view sentence_end(std::u32string_view text) {
  const std::size_t end = text.find_last_of(kSentenceEnds);
  return end == text.npos ? text : text.substr(end + 1);
}

/// 对面, 隔壁, 附近: it is near what is numbered, not there.
bool is_beside(std::u32string_view rest) {
  while (!rest.empty() && (rest.front() == U'(' || rest.front() == U'的' || rest.front() == U'那'))
    rest.remove_prefix(1);
  constexpr std::u32string_view kDirections = U"东南西北左右前后外", kSides = U"侧面边门首楼座头方手往约";
  if (rest.size() > 1 && kDirections.find(rest[0]) != kDirections.npos &&
      (kSides.find(rest[1]) != kSides.npos || kDirections.find(rest[1]) != kDirections.npos))
    return true;
  return begins_with_any(
      rest, {U"对面", U"对过", U"对门", U"对马路", U"斜对", U"正对", U"隔", U"旁", U"边", U"附近",
             U"近旁", U"周边", U"往", U"向", U"以", U"再", U"过去", U"之间", U"和", U"与", U"跟",
             U"及", U"到", U"至", U"或", U"还是", U"、", U"/", U"-", U"~", U"—", U"–", U"吧",
             U"上下", U"这一带", U"一带"});
}

/// What the words before a number take back: 不是, 好像, 对面.
bool is_doubted(std::u32string_view before, std::u32string_view rest) {
  const std::u32string_view said = sentence_end(before);
  return has_any(said, {U"不是", U"不在", U"并非", U"而非", U"除了", U"不知", U"不确定", U"记不清",
                        U"好像", U"大概", U"可能", U"也许", U"或许", U"大约", U"左右", U"还是"}) ||
         ends_with_any(said, {U"非", U"不", U"别去", U"对面", U"隔壁", U"旁边", U"附近", U"靠近",
                              U"临近", U"近", U"过", U"后面", U"前面", U"的旁", U"或", U"或者"}) ||
         has_any(sentence_begin(rest), {U"还是", U"或者", U"左右", U"不确定", U"记不清", U"不知"});
}

/// 有一栋楼, 两栋, 三栋楼: how many, not which.
bool is_count(const Numbered& one) {
  const bool buildings = begins_with_any(one.after, {U"栋", U"幢", U"座", U"弄", U"梯"});
  const bool houses = begins_with_any(one.after, {U"栋楼", U"幢楼", U"座楼"});
  return buildings && (ends_with_any(one.before, {U"有", U"这", U"那", U"每", U"同", U"另", U"某",
                                                  U"哪", U"共", U"全部", U"所有"}) ||
                       houses);
}

/// What may stand between a road and its number: 仙霞路的88号. 仙霞路新村88号 is another place.
bool is_plain(std::u32string_view between) {
  constexpr std::u32string_view kPlain[] = {
      U"", U"的", U"上", U"上的", U"那个", U"那", U"这个", U"#", U"No.", U"NO.", U"no.",
      U"No", U"NO", U"no", U"№", U":"};
  return std::find(std::begin(kPlain), std::end(kPlain), between) != std::end(kPlain);
}

class Parts {
 public:
  Parts(StreetAddress& address, From from) : address_(address), from_(from) {}

  void read(std::u32string_view text) {
    const std::vector<Numbered> all = numbers(text);
    for (std::size_t i = 0; i < all.size(); ++i) take(all[i], i == 0);
  }

 private:
  void take(const Numbered& one, bool first) {
    if (is_count(one)) return;
    const auto [part, rest] = part_of(one);
    if (first && from_ == From::road && !is_plain(one.before)) doubt();
    const bool of_road = from_ == From::road && address_.lane.empty() && address_.number.empty();
    switch (part) {
      case Part::lane:
        if (from_ != From::road) return;
        if (!address_.lane.empty() || !address_.number.empty()) return doubt();  // 弄 in a 弄
        put(address_.lane, one);
        name_others(one, StreetAddress::lane_place);
        break;
      case Part::sublane:
        if (from_ != From::road) return;
        if (address_.lane.empty()) {  // 88支弄: of which lane?
          address_.lane = one.number;
          doubt();
        } else {
          put(address_.sublane, one);
        }
        break;
      case Part::number:  // of the road; behind a lane: of a building
        if (of_road) {
          take_number(one, rest);
        } else if (from_ != From::talk) {
          if (from_ == From::road && address_.lane.empty()) doubt();  // 88号3号
          put(address_.building, one);
        } else {
          return;
        }
        break;
      case Part::building:
        put(address_.building, one);
        break;
      case Part::unit:
        put(address_.unit, one);
        break;
      case Part::lift:
        if (of_road && one.hash && first) return doubt();  // 仙霞路#88
        put(address_.lift, one);
        return;
      case Part::gate:
        if (of_road)
          take_number(one, rest);
        else if (from_ != From::talk)
          doubt();
        return;
      case Part::stall:
        if (of_road) take_number(one, rest);
        return;
      case Part::harmless:  // 12-1203室: the first part may be a building
        if (from_ == From::road && (one.compound || one.vague)) doubt();
        return;
      case Part::nothing:
        return take_bare(one, of_road, first);
    }
    if (is_beside(rest) || is_doubted(one.before, rest)) doubt();
  }

  /// 88号, 88-1号, 88号甲, 88号-2.
  void take_number(const Numbered& one, std::u32string_view rest) {
    put(address_.number, one);
    if (one.compound)  // where nothing stands at 88-1, it may be one of 88号 or of 88弄
      for (const auto place : {StreetAddress::number_place, StreetAddress::lane_place})
        other(place(address_.road, one.each.front()));
    name_others(one, StreetAddress::number_place);
    constexpr std::u32string_view kStems = U"甲乙丙丁戊己";
    if (one.compound || one.vague) return;
    if (!rest.empty() && kStems.find(rest.front()) != kStems.npos)
      address_.number += utf8(rest.substr(0, 1));
    std::string plain;  // of 88A, 甲88: it may be one of 88号
    for (const char c : address_.number)
      if (c >= '0' && c <= '9') plain += c;
    if (plain != address_.number && !plain.empty())
      other(StreetAddress::number_place(address_.road, plain));
  }

  /// A number with no word: 仙霞路No.88, 88号1203, 88号-2, 仙霞路88.
  void take_bare(const Numbered& one, bool of_road, bool first) {
    if (from_ != From::road) return;
    const bool numbered = ends_with_any(one.before, {U"No.", U"NO.", U"no.", U"№", U"No", U"NO"});
    if (of_road && first) {
      put(address_.number, one);
      name_others(one, StreetAddress::number_place);
      if (numbered && !one.vague) return;
      other(StreetAddress::lane_place(address_.road, one.number));
      return doubt();
    }
    const bool basement = one.number.size() == 2 && one.number.front() == 'B';
    const bool room = one.number.size() >= 3 && !one.compound && !one.vague &&
                      ends_with_any(one.before, {U"号", U"楼", U"幢", U"栋", U"座", U"单元"});
    if (!basement && !room) doubt();
  }

  void put(std::string& part, const Numbered& one) {
    if (one.vague) doubt();
    if (part.empty())
      part = one.number;
    else if (part != one.number)
      doubt();
  }
  /// Of a range or several, each may be meant.
  void name_others(const Numbered& one, std::string (*place)(const std::string&,
                                                             const std::string&)) {
    if (!one.vague) return;
    if (one.each.empty()) return;
    other(place(address_.road, one.each.front()));
    other(place(address_.road, one.each.back()));
  }
  void other(std::string place) {
    std::vector<std::string>& all = address_.others;
    if (all.size() < kOthers && std::find(all.begin(), all.end(), place) == all.end())
      all.push_back(std::move(place));
  }
  void doubt() { address_.unsure = true; }

  StreetAddress& address_;
  const From from_;
};

}  // namespace

void read_parts(StreetAddress& address, std::u32string_view text, From from) {
  Parts{address, from}.read(text);
}

}  // namespace see
