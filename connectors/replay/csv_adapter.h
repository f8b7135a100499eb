#pragma once

// CsvAdapter: a city's adapter file (deploy/city/<city>/adapter.yaml) says, as data, which CSV
// files it takes and what events their rows are. Read once by `replay`; it makes a CsvTable for
// each file that it recognises by name and header. Immutable; any thread.
//
//   adapter: washington
//   source: /washington/wmata-units            # of all events; a table may have its own
//   tables:
//     - file: "events_*.csv"                   # pattern of the name; .gz is not part of it
//       columns: [time, unit_id, state]        # what the header must have; more is let be
//       time: "{time}Z"                        # or {text: "{day} {hour}", offset: "+01:00",
//                                              #     format: "%d.%m.%Y %H:%M"}; without it
//       start: 2013-06-01T00:00:00Z            # rows lie at `start` (else where the other files
//       step: 250ms                            # begin), `step` apart
//       subject: "elevator/{unit_id}"
//       rows:                                  # the first whose `when` is true takes the row
//         - when: state == 'OFF'               # (CEL over the columns, which are text); if none
//           skip: why such rows are left out   # does, it is a dead letter
//         - when: state == 'BROKEN'
//           events:                            # each may have its own `when` and `subject`
//             - door: elevator.telemetry
//               id: "{unit_id}@{time}"         # else a hash of the row's cells and the place here
//               data:
//                 mode: fault                              # a constant
//                 symptom: "{state}"                       # text with cells; empty is null
//                 faultCode: {column: state, values: {BROKEN: broken}, otherwise: other}
//                 load: {cel: "double(load) * 1000.0"}     # of any type
//
// A column that is no CEL name ("ball-bearing") has '_' for the other characters in CEL.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/replay/csv_table.h"
#include "streams/result.h"

namespace connectors {

class CsvAdapter {
 public:
  /// An error holds all that is wrong, a line each: "adapter.yaml:12:9: …". `file` names it there.
  static streams::Result<std::unique_ptr<CsvAdapter>> read(std::string_view text,
                                                           const std::string& file);

  const std::string& name() const { return name_; }
  /// Of its text: with another adapter the same file means other events.
  const std::string& hash() const { return hash_; }

  /// Null: it has no table for a file of that name (with or without .gz) and header. The adapter
  /// outlives the table.
  std::unique_ptr<CsvTable> open(std::string_view file_name,
                                 const std::vector<std::string>& header) const;

 private:
  friend class AdapterReader;
  CsvAdapter() = default;

  std::string name_;
  std::string hash_;
  std::vector<TableSpec> tables_;
};

}  // namespace connectors
