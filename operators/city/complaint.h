#pragma once

// Complaint: what a person reports (`city.complaint.filed.v1`). Its text decides rules at the
// entity that it is about; it enters no state and no output.

#include <optional>

#include "operators/city/street_address.h"
#include "operators/city/words.h"

namespace city {

struct Complaint {
  std::string channel, kind, category, text, address, about, original_no, complainant, district;
  // The city's own, on its way from the receipt to what it is about. Doors leave out what senders
  // say under these names; a hotline's own `receipt` is one of the fields that nobody knows:
  std::string receipt;  // whose complaint it is; empty: it has just come through the door
  StreetAddress where;
  std::optional<streams::Time> came;  // in; it may be told what it is about much later
  static constexpr auto fields() {
    using C = Complaint;
    return std::tuple{field("channel", &C::channel),
                      field("kind", &C::kind),
                      field("category", &C::category),
                      field("text", &C::text),
                      field("address", &C::address),
                      field("about", &C::about),
                      field("originalNo", &C::original_no),
                      field("complainant", &C::complainant),
                      field("district", &C::district),
                      field("watchfire.receipt", &C::receipt),
                      field("watchfire.where", &C::where),
                      field("watchfire.came", &C::came)};
  }
};

/// Whether what a receipt names is an entity that can be told.
inline bool is_told(std::string_view about) {
  const std::string_view kind = kind_of(about);
  return !kind.empty() && kind.size() + 1 < about.size() && kind != "complaint" && kind != "code" &&
         kind != "place" && kind != "cell";
}

/// What a complaint is about, or why that is not certain. To its receipt.
struct Placed {
  static constexpr std::string_view kLetter = "placed";
  std::string entity;                   // empty: not certain
  std::vector<std::string> candidates;  // then: what it may be
  StreetAddress where;                  // as far as it was said
  Reason why;
  static constexpr auto fields() {
    using P = Placed;
    return std::tuple{field("entity", &P::entity), field("candidates", &P::candidates),
                      field("where", &P::where), field("why", &P::why)};
  }
};

/// A person's decision what somebody meant by an address: the place remembers it.
struct Lesson {
  static constexpr std::string_view kLetter = "lesson";
  std::string within, category, entity, by;
  static constexpr auto fields() {
    using L = Lesson;
    return std::tuple{field("within", &L::within), field("category", &L::category),
                      field("entity", &L::entity), field("by", &L::by)};
  }
};

}  // namespace city
