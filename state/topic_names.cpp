#include "state/topic_names.h"

#include "state/log_key.h"

namespace state {

using streams::Error;
using streams::Result;

namespace {

const std::string kPrefix = "topic/";

}  // namespace

Result<void> TopicNames::load(Database& database) {
  const std::unique_ptr<rocksdb::Iterator> it{database.rocks().NewIterator({}, database.meta())};
  for (it->Seek(kPrefix); it->Valid() && it->key().starts_with(kPrefix); it->Next()) {
    streams::ByteReader reader{it->value().ToStringView()};
    Topic topic;
    topic.id = static_cast<std::uint32_t>(reader.varint());
    topic.latest_only = reader.varint() != 0;
    if (!reader.good())
      return Error{Error::Kind::fatal, "the list of topics in " + database.directory() +
                                           "/state is damaged; restore the directory from a copy"};
    topics_[it->key().ToString().substr(kPrefix.size())] = topic;
  }
  if (!it->status().ok()) return database.error(it->status(), "read the list of topics");
  return {};
}

const TopicNames::Topic* TopicNames::find(const std::string& name) const {
  const auto it = topics_.find(name);
  return it == topics_.end() ? nullptr : &it->second;
}

const TopicNames::Topic& TopicNames::find_or_add(const std::string& name, bool latest_only) {
  const auto [it, added] =
      topics_.try_emplace(name, Topic{static_cast<std::uint32_t>(topics_.size() + 1), latest_only});
  if (added) {
    std::string value;
    streams::ByteWriter writer{value};
    writer.varint(it->second.id);
    writer.varint(latest_only ? 1 : 0);
    new_.emplace_back(kPrefix + name, std::move(value));
  }
  return it->second;
}

std::vector<std::pair<std::string, std::string>> TopicNames::take_new() {
  return std::exchange(new_, {});
}

}  // namespace state
