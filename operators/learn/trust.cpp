#include "operators/learn/trust.h"

#include <algorithm>
#include <set>

#include "operators/city/vocabulary.h"
#include "operators/city/words.h"
#include "streams/hash.h"

namespace city {
namespace {

/// Of the last `of` votes, those against or for; nothing while there are fewer.
std::optional<int> count_last(const std::vector<Vote>& votes, int of, bool against) {
  const auto wanted = static_cast<std::size_t>(of);
  if (votes.size() < wanted) return std::nullopt;
  return static_cast<int>(
      std::count_if(votes.end() - of, votes.end(),
                    [against](const Vote& vote) { return vote.against == against; }));
}

/// How many devices (or entities) gave the votes against.
int blamed(const std::vector<Vote>& votes) {
  std::set<std::string_view> sources;
  for (const Vote& vote : votes)
    if (vote.against) sources.insert(vote.seen_by);
  return static_cast<int>(sources.size());
}

}  // namespace

void Trust::process(const streams::Record<TrustLetter>& in, streams::Emit<TrustRecord>& out) {
  const TrustLetter& letter = in.value;
  const Finding* finding = finding_of(letter.finding);
  if (finding == nullptr) return;
  TrustState& mine = state.edit();
  const auto same = [&](const Vote& vote) { return vote.order == letter.order; };
  if (std::any_of(mine.votes.begin(), mine.votes.end(), same)) return;  // one order speaks once
  TrustRecord& record = mine.record;
  if (record.revision == 0) {
    record.entity = std::string{in.key()};
    record.id = streams::make_id("t-", {city_, "trust", record.entity});
    record.since = in.time();
    record.why = {"尚无误报记录", "nothing against it yet"};
  }
  if (finding->speaks == Speaks::not_at_all) {
    ++record.neutral;
  } else {
    const bool against = finding->speaks == Speaks::against;
    ++(against ? record.against : record.on_its_behalf);
    mine.votes.push_back({letter.order, against, letter.seen_by});
    const auto kept = static_cast<std::size_t>(std::max(limits_.lost_of, limits_.regained_of));
    if (mine.votes.size() > kept) mine.votes.erase(mine.votes.begin());
  }
  const auto lost = count_last(mine.votes, limits_.lost_of, true);
  const auto regained = count_last(mine.votes, limits_.regained_of, false);
  const bool one_devices =
      kind_of(in.key()) == "rule" && blamed(mine.votes) < limits_.rule_lost_by;
  if (record.trusted && lost && *lost >= limits_.lost_at && !one_devices)
    set_level(mine, false, words("最近{}次核查中{}次为误报或未发现，转人工甄别",
                                 "of the last {} verdicts {} were false alarms or not found: "
                                 "a person screens", {limits_.lost_of, *lost}));
  else if (!record.trusted && regained && *regained >= limits_.regained_at)
    set_level(mine, true, words("最近{}次核查中{}次属实，恢复自动确认",
                                "of the last {} verdicts {} were as reported: trusted again",
                                {limits_.regained_of, *regained}));
  ++record.revision;
  out(record);
}

void Trust::set_level(TrustState& mine, bool trusted, Text why) {
  mine.record.trusted = trusted;
  mine.record.since = context().time;
  mine.record.why = std::move(why);
  const std::string content{trusted ? kTrusted : kDistrusted};
  letters().publish({std::string{kTrustVersion} + mine.record.entity,
                     streams::make_id("", {content}).substr(0, 8), content});
}

}  // namespace city
