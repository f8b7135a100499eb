#include "operators/see/resolve.h"

#include <algorithm>

#include "operators/city/bounds.h"
#include "operators/city/words.h"
#include "streams/hash.h"

namespace see {

using city::because;
using city::Complaint;
using city::is_told;
using city::kind_of;
using city::Placed;
using city::StreetAddress;
using city::words;
using streams::Record;

namespace {

constexpr std::size_t kCandidatesTold = 8;
constexpr std::size_t kLessonsKept = 64;  // of a place
constexpr std::string_view kReceipt = "complaint", kCode = "code", kPlace = "place";

/// Whether all that was said of what stands at a place is so; what is known there under another
/// number (of a range) is but a candidate.
bool fits(const StreetAddress& said, const StreetAddress& registered) {
  return said.place() == registered.place() && said.sublane == registered.sublane &&
         (said.building.empty() || said.building == registered.building) &&
         (said.unit.empty() || registered.unit.empty() || said.unit == registered.unit) &&
         (said.lift.empty() || said.lift == registered.lift);
}

std::string lesson_name(std::string_view category, std::string_view within) {
  return std::string{category} + " " + std::string{within};
}

}  // namespace

// ---- what stands where --------------------------------------------------------------------------

void Resolve::process(const Record<city::PermitChange>& in, Out&) {
  const city::PermitChange& change = in.value;
  if (change.record != "registration") return;
  Whereabouts now;
  if (change.action != "deregistered") {
    now.address = change.address;
    now.name = change.name;
    for (const std::string* code : {&change.rescue_code, &change.no})
      if (!code->empty()) now.codes.push_back(*code);
  }
  announce(std::move(now));
}

/// Tells its place and its codes where it is now, and those that it has left.
void Resolve::announce(Whereabouts now) {
  now.gazetteer = gazetteer_.version;
  if (auto where = gazetteer_->address(now.address)) {
    now.where = std::move(*where);
    gazetteer_->add_name(now.where, now.name);
    now.told = now.where.others;
    now.told.push_back(now.where.place());
  }
  for (const std::string& code : now.codes) now.told.push_back(std::string{kCode} + "/" + code);
  std::erase(now.told, "");
  const std::string entity{key()};
  for (const std::string& to : whereabouts.get().told)
    if (std::find(now.told.begin(), now.told.end(), to) == now.told.end())
      post.send(to, Registered{entity, {}, true});
  for (const std::string& to : now.told) post.send(to, Registered{entity, now.where, false});
  if (now.address.empty() && now.told.empty()) {
    whereabouts.clear();
    reread.cancel();
    return;
  }
  // Registers come by the thousand at one moment; their looks are spread over the hour.
  const streams::Duration spread{static_cast<std::int64_t>(streams::hash64(key()) % 3600) *
                                 std::chrono::seconds{1}};
  if (!now.address.empty())
    reread.set(std::max(context().time, context().recorded) + kLookAgain + spread);
  whereabouts.put(std::move(now));
}

void Resolve::on_reread(Out&) {
  const Whereabouts& last = whereabouts.get();
  if (last.gazetteer != gazetteer_.version)
    announce({.where = {},
              .told = {},
              .address = last.address,
              .name = last.name,
              .codes = last.codes,
              .gazetteer = {}});
  else
    reread.set(context().time + kLookAgain);
}

void Resolve::process(const Record<Registered>& in, Out&) {
  const Registered& said = in.value;
  if (said.gone)
    known.erase(said.entity);
  else
    known.edit(said.entity) = said;
}

void Resolve::process(const Record<city::Lesson>& in, Out&) {
  const std::string name = lesson_name(in.value.category, in.value.within);
  if (lessons.find(name) == nullptr && lessons.all().size() >= kLessonsKept) {
    ++lessons_dropped;
    return;
  }
  lessons.edit(name) = in.value;
}

void Resolve::process(const Record<streams::Version>& in, Out&) {
  if (in.value.name != kGazetteerVersion) return;
  if (!gazetteer_.take(in.value)) ++bad_versions;
}

// ---- a complaint's way --------------------------------------------------------------------------

void Resolve::process(const Record<Complaint>& in, Out&) {
  const std::string_view kind = kind_of(in.key());
  if (kind == kReceipt && in.value.receipt.empty())
    from_receipt(in.value);
  else if (kind == kCode)
    at_code(in.value);
  else if (kind == kPlace)
    at_place(in.value);
}

void Resolve::from_receipt(Complaint complaint) {
  complaint.receipt = std::string{key()};
  if (!complaint.came) complaint.came = context().time;
  const std::optional<StreetAddress> written = gazetteer_->address(complaint.address);
  const std::optional<StreetAddress> said = gazetteer_->address(complaint.text);
  if (written) complaint.where = *written;
  if (said && (!written || written->place().empty())) complaint.where = *said;
  if (written && (!said || said->place() == written->place() || said->place().empty()))
    gazetteer_->add_said(complaint.where, complaint.text);
  // The form names one house and the words another.
  if (written && said && !written->place().empty() && !said->place().empty() &&
      said->place() != written->place()) {
    complaint.where.unsure = true;
    complaint.where.others = {said->place()};
  }
  if (complaint.where.road.empty()) complaint.where.road = gazetteer_->road(complaint.address);
  if (complaint.where.road.empty()) complaint.where.road = gazetteer_->road(complaint.text);
  if (is_told(complaint.about))
    return found(complaint, complaint.about,
                 because("place.named", {"诉求指明了对象", "the complaint names it"}));
  if (!complaint.about.empty() && kind_of(complaint.about) == complaint.about)
    return forward(complaint, std::string{kCode} + "/" + complaint.about);
  to_place(complaint, "诉求中没有可识别的道路门牌", "no road and number of this city is named");
}

void Resolve::at_code(const Complaint& complaint) {
  const std::vector<const Registered*> candidates = candidates_of(complaint);
  if (candidates.size() == 1)
    return found(complaint, candidates.front()->entity,
                 because("place.code", words("编码{}登记在该对象名下",
                                             "code {} is registered to it", {complaint.about})));
  to_place(complaint, "编码未登记，也没有可识别的道路门牌",
           "the code is not registered, and no road and number of this city is named");
}

void Resolve::to_place(const Complaint& complaint, std::string_view otherwise_zh,
                       std::string_view otherwise_en) {
  const std::string place = complaint.where.place();
  if (!place.empty()) {
    forward(complaint, place);
    if (complaint.where.unsure) ask_others(complaint);
    return;
  }
  not_certain(complaint, {},
              because("place.unknown", {std::string{otherwise_zh}, std::string{otherwise_en}}));
}

/// Whoever stands at another place that may be meant is a candidate.
void Resolve::ask_others(const Complaint& complaint) {
  for (const std::string& other : complaint.where.others) {
    Complaint asked = complaint;
    asked.where.unsure = true;
    forward(asked, other);
  }
}

void Resolve::at_place(const Complaint& complaint) {
  const StreetAddress& where = complaint.where;
  const city::Lesson* lesson =
      where.unsure ? nullptr : lessons.find(lesson_name(complaint.category, where.within()));
  if (lesson != nullptr)
    return found(
        complaint, lesson->entity,
        because("place.lesson", words("{}曾认定“{}”指该对象", "{} once decided that '{}' means it",
                                      {lesson->by, where.spoken()})));
  const std::vector<const Registered*> candidates = candidates_of(complaint);
  std::vector<std::string> fitting, all;
  for (const Registered* candidate : candidates) {
    all.push_back(candidate->entity);
    if (fits(where, candidate->where)) fitting.push_back(candidate->entity);
  }
  if (fitting.size() == 1 && !where.unsure)
    return found(complaint, fitting.front(),
                 because("place.address", words("“{}”处只有该对象相符", "nothing else fits '{}'",
                                                {where.spoken()})));
  if (where.unsure)
    return not_certain(complaint, all,
                       because("place.unsure", words("来件所述地点（{}）不能确定到一处，请人工认定",
                                                     "what was said of the place ({}) may be "
                                                     "several: a person decides",
                                                     {where.spoken()})));
  if (!fitting.empty()) all = fitting;
  if (all.empty() && !where.others.empty()) return ask_others(complaint);
  const auto several = static_cast<int>(all.size());
  all.resize(std::min(all.size(), city::kCandidatesKept));
  not_certain(
      complaint, all,
      all.empty()
          ? because("place.nothing",
                    words("“{}”处没有登记此类对象", "nothing of this kind is registered at '{}'",
                          {where.spoken()}))
          : because("place.several", words("“{}”处有{}个可能的对象", "at '{}' it may be one of {}",
                                           {where.spoken(), several})));
}

std::vector<const Registered*> Resolve::candidates_of(const Complaint& complaint) const {
  const std::vector<std::string>& kinds = gazetteer_->kinds(complaint.category);
  std::vector<const Registered*> all;
  for (const auto& [entity, one] : known.all())
    if (kinds.empty() || std::find(kinds.begin(), kinds.end(), kind_of(entity)) != kinds.end())
      all.push_back(&one);
  return all;
}

void Resolve::found(Complaint complaint, const std::string& entity, city::Reason why) {
  post.send(complaint.receipt, Placed{entity, {}, complaint.where, std::move(why)});
  complaint.about = entity;
  forward(complaint, entity);
}

void Resolve::not_certain(const Complaint& complaint, std::vector<std::string> candidates,
                          city::Reason why) {
  if (candidates.size() > kCandidatesTold) candidates.resize(kCandidatesTold);
  post.send(complaint.receipt, Placed{{}, std::move(candidates), complaint.where, std::move(why)});
}

void Resolve::forward(const Complaint& complaint, const std::string& to) {
  std::string data;
  streams::append_json(data, complaint);
  post.forward("city.complaint.filed.v1", to, std::move(data));
}

}  // namespace see
