#pragma once

// Tally: which rows of the crews' table have been used, and how the system answered what was not
// legal. A simulated day proves something only about the rows that occurred. Kept by Crews, printed
// by the simulate subcommand. One thread.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "connectors/simulate/crews_table.h"

namespace simulate {

class Tally {
 public:
  explicit Tally(const CrewTable& table)
      : table_(table), plays_(table.plays.size()), findings_(table.findings.size()) {}

  void played(std::size_t play) { ++plays_[play]; }
  void found(std::size_t finding) { ++findings_[finding]; }
  /// Anything else worth counting: feedback by step, notices by kind.
  void count(std::string_view group, std::string_view what);

  std::int64_t plays(std::size_t play) const { return plays_[play]; }
  std::int64_t findings(std::size_t finding) const { return findings_[finding]; }
  std::int64_t counted(std::string_view group, std::string_view what) const;
  /// Rows that never occurred, by name.
  std::vector<std::string> missing() const;

  // Steps that must be answered by `rejected`: sent, and answered so; and answers to legal ones.
  std::int64_t illegal = 0, illegal_rejected = 0, others_rejected = 0;

  /// Everything, a line each.
  std::string report() const;

 private:
  CrewTable table_;
  std::vector<std::int64_t> plays_, findings_;
  std::map<std::string, std::int64_t, std::less<>> counts_;
};

}  // namespace simulate
