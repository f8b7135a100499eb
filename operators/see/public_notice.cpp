#include "operators/see/public_notice.h"

#include "operators/city/words.h"

namespace see {
namespace {

constexpr std::size_t kPublicationsKept = 8;

bool ends_it(std::string_view action) {
  return action == "revoked" || action == "expired" || action == "deregistered";
}

}  // namespace

// One publication does not end another: a change of scope is a revocation and a new one.
void PublicNotice::process(const streams::Record<city::PermitChange>& in, Out&) {
  const city::PermitChange& change = in.value;
  if (city::kind_of(in.key()) != "device" || change.record != "notice") return;
  const streams::Time at = change.done_on().value_or(context().time);
  std::vector<city::Publication>& all = publications.edit().all;
  if (ends_it(change.action)) {
    for (city::Publication& one : all)
      if (!one.until) one.until = at;
    return;
  }
  if (all.size() == kPublicationsKept) all.erase(all.begin());
  all.push_back({at, std::nullopt});
}

void PublicNotice::process(const streams::Record<city::NoticeAsked>& in, Out&) {
  post.send(in.value.party, city::NoticeTold{.device = std::string{in.key()},
                                             .matter = in.value.matter,
                                             .publications = publications.get().all});
}

}  // namespace see
