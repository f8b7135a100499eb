#pragma once

// CEL by lines of JSON: what `watchfire rules eval` reads and answers, one expression a line with
// its variables, in the form of the conformance cases. Called by the command line and by tests;
// any thread.
//
// A typed value is {"type":…,"value":…}. Types: null, bool, int, uint, double (as text), string,
// bytes (as hexadecimal text), list (of typed values), map (list of [key, value]), duration and
// timestamp ({"seconds":…,"nanos":…}, a negative duration has both negative), type (its name).

#include <string>
#include <string_view>

namespace connectors {

/// For {"expr":…,"vars":{name: typed value}}, other fields ignored: a typed value, or
/// {"error":"line 1, column 3: …"}; always one line of JSON without its end.
std::string answer(std::string_view line);

}  // namespace connectors
