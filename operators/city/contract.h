#pragma once

// The contract of the five doors (events.md) as one table: what each field of `data` is, which
// words a closed list has, and how long a text may be. The decoder holds every event against it,
// whichever way it came; a rule that misspells a field is told so; the document of the city's
// topics is made from it. Fields that do not stand here are kept and ignored. Constants; any
// thread.

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "operators/city/steps.h"
#include "operators/city/topics.h"
#include "operators/city/vocabulary.h"

namespace city {

enum class FieldKind : unsigned char {
  boolean,
  number,
  id,     // a name or a code: at most kMostIdBytes, no control characters
  text,   // words of people: no control characters but line breaks and tabs
  texts,  // a list of such
  time,   // RFC 3339, with its offset
  date,   // of a record: also without the offset, or a date alone; else told of, not refused
};

inline constexpr std::size_t kMostIdBytes = 256;
inline constexpr std::size_t kMostTextBytes = 4096;
inline constexpr std::size_t kMostReportBytes = 16384;  // what a person tells

struct ContractField {
  std::string_view name;
  FieldKind kind;
  std::span<const std::string_view> among{};  // the words of a closed list; empty: any
  std::size_t most_bytes = kind == FieldKind::id ? kMostIdBytes : kMostTextBytes;
  /// Where it is true, life is in danger: the event is taken whatever else is wrong with it.
  bool life = false;
};

struct DoorContract {
  std::string_view topic, type;
  std::span<const ContractField> fields;
};

namespace contract {

/// The codes of a vocabulary, each once.
template <class Words>
constexpr auto codes_of(const Words& words) {
  std::array<std::string_view, std::tuple_size_v<Words>> codes;
  std::transform(words.begin(), words.end(), codes.begin(), [](const auto& w) { return w.code; });
  return codes;
}
inline constexpr auto kStepNames = [] {
  constexpr auto first = [](std::size_t at) {
    for (std::size_t i = 0; i < at; ++i)
      if (kSteps[i].step == kSteps[at].step) return false;
    return true;
  };
  constexpr std::size_t count = [first] {
    std::size_t found = 0;
    for (std::size_t i = 0; i < kSteps.size(); ++i) found += first(i) ? 1 : 0;
    return found;
  }();
  std::array<std::string_view, count> names;
  std::size_t next = 0;
  for (std::size_t i = 0; i < kSteps.size(); ++i)
    if (first(i)) names[next++] = kSteps[i].step;
  return names;
}();
inline constexpr auto kFindingNames = codes_of(kFindings);
inline constexpr auto kActionNames = codes_of(kActions);

inline constexpr std::string_view kModes[] = {"normal", "inspection", "fault", "fire"};
inline constexpr std::string_view kElevatorDoors[] = {"open", "opening", "closing", "closed"};
inline constexpr std::string_view kStages[] = {"opening", "promotion", "interaction", "ending"};
inline constexpr std::string_view kComplaintKinds[] = {"consult", "help",    "complaint",
                                                       "report",  "service", "clue"};
inline constexpr std::string_view kRecords[] = {
    "registration", "licence",    "maintenance", "inspection",       "rectification", "filing",
    "tenancy",      "anomaly",    "credit",      "commitment",       "list",          "listing",
    "notice",       "sign",       "price",       "legal_review",     "codes",         "indicator",
    "finding",      "mission",    "look",        "technical_review", "service",       "payment",
    "identity",     "officer",    "roster",      "unit",             "department",    "visit"};
inline constexpr std::string_view kRecordActions[] = {
    "registered", "deregistered", "changed",  "updated",   "corrected", "issued",    "granted",
    "renewed",    "extended",     "expired",  "suspended", "restored",  "resumed",   "revoked",
    "cancelled",  "withdrawn",    "filed",    "accepted",  "approved",  "refused",   "ordered",
    "started",    "stopped",      "inspected", "completed", "passed",    "failed",    "moved_in",
    "moved_out",  "made",         "kept",     "broken",    "listed",    "reminded",  "removed",
    "added",      "published",    "signed",   "recorded",  "found",     "confirmed", "paid",
    "opened",     "closed"};

using enum FieldKind;

inline constexpr ContractField kTelemetry[] = {
    {"floor", number},
    {"speedMps", number},
    {"direction", id},
    {"door", id, kElevatorDoors},
    {"doorZone", boolean},
    {"loadKg", number},
    {"occupied", boolean},
    {"mode", id, kModes},
    {"faultCode", id},
    {.name = "alarmButton", .kind = boolean, .life = true},
    {"alarmEnd", boolean},
};
inline constexpr ContractField kCamera[] = {
    {"device", id},    {"label", id},      {"confidence", number}, {"imageUrl", text},
    {"lon", number},   {"lat", number},    {"district", id},       {"mission", id},
    {"platform", id},  {"stage", id, kStages}, {"text", text},     {"value", number},
    {"unit", id},      {"plate", id},      {"validUntil", date},   {"clean", boolean},
    {"live", text},
};
inline constexpr ContractField kPermit[] = {
    {"record", id, kRecords}, {"action", id, kRecordActions}, {"on", date},
    {"validUntil", date},     {"by", id},                     {"no", id},
    {"name", text},           {"address", text},              {"useUnit", id},
    {"maintenanceUnit", id},  {"phone", id},                  {"rescueCode", id},
    {"installedIn", id},      {"exposure", id},               {"district", id},
    {"lon", number},          {"lat", number},
};
inline constexpr ContractField kComplaint[] = {
    {"channel", id},     {"kind", id, kComplaintKinds},
    {"category", id},    {"text", text, {}, kMostReportBytes},
    {"address", text},   {"about", id},
    {"originalNo", id},  {"complainant", id},
    {"district", id},    {"photos", texts},
    {"contact", id},
};
inline constexpr ContractField kFeedback[] = {
    {"step", id, kStepNames}, {"by", id},
    {"warning", id},          {"order", id},
    {"complaint", id},        {"matter", id},
    {"item", id},             {"note", text},
    {"reason", text},         {"evidence", text},
    {"finding", id, kFindingNames}, {"action", id, kActionNames},
    {"cause", text},          {"to", id},
    {"who", id},              {"result", text},
    {"entity", id},           {"text", text},
    {"eta", time},            {"until", time},
    {"replyBy", time},        {"people", number},
    {"injured", number},      {"photos", texts},
    {"lon", number},          {"lat", number},
    {"accuracyM", number},
};

}  // namespace contract

inline constexpr std::array<DoorContract, kDoors.size()> kContract{{
    {kDoors[0].topic, kDoors[0].type, contract::kPermit},
    {kDoors[1].topic, kDoors[1].type, contract::kTelemetry},
    {kDoors[2].topic, kDoors[2].type, contract::kCamera},
    {kDoors[3].topic, kDoors[3].type, contract::kComplaint},
    {kDoors[4].topic, kDoors[4].type, contract::kFeedback},
}};

/// Null for what is no door.
inline const DoorContract* contract_of(std::string_view topic) {
  const auto found = std::find_if(kContract.begin(), kContract.end(),
                                  [&](const DoorContract& door) { return door.topic == topic; });
  return found == kContract.end() ? nullptr : &*found;
}

}  // namespace city
