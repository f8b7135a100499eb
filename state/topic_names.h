#pragma once

// TopicNames: topics and the small numbers that keys name them by, in the `meta` family. A topic
// gets its number with its first record, in the same write. EmbeddedLog owns it and calls it under
// its lock.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "state/database.h"

namespace state {

class TopicNames {
 public:
  struct Topic {
    std::uint32_t id = 0;
    bool latest_only = false;
  };

  streams::Result<void> load(Database& database);
  /// Nothing: no record was ever added.
  const Topic* find(const std::string& name) const;
  const Topic& find_or_add(const std::string& name, bool latest_only);
  const std::map<std::string, Topic>& all() const { return topics_; }

  /// Rows of `meta` for topics added since the last call.
  std::vector<std::pair<std::string, std::string>> take_new();

 private:
  std::map<std::string, Topic> topics_;
  std::vector<std::pair<std::string, std::string>> new_;
};

}  // namespace state
