#pragma once

// How a notice is made: its id is named after its cause (which sender's event, or which timer),
// recipient, kind and place among what that cause made somebody say, so that a replay makes the
// same one and no two are one. Called by the operators that tell somebody something.

#include "operators/city/bounds.h"
#include "operators/city/feedback.h"
#include "streams/context.h"
#include "streams/hash.h"

namespace city {

inline Notice make_notice(std::string_view city, const streams::Context& context,
                          std::string_view to, std::string_view kind, std::string_view warning,
                          std::string_view order, Text text, std::string_view matter = {}) {
  std::string cause{context.cause_id};
  if (cause.empty()) cause = streams::format_time(context.time);  // a timer's due time
  const std::string& entity = context.entity->key;
  const std::string about{matter.empty() ? order : matter};
  const std::string ordinal = std::to_string(context.next_ordinal());
  Notice notice{
      .id = streams::make_id("n-", {city, "notice", kind, to, entity, context.cause_source, cause,
                                    warning, about, ordinal}),
      .revision = 1,
      .to = std::string{to},
      .kind = std::string{kind},
      .entity = entity,
      .warning = std::string{warning},
      .order = std::string{order},
      .text = std::move(text),
      .matter = std::string{matter}};
  bound_texts(notice);
  return notice;
}

}  // namespace city
