#include "app/token_list.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "app/files.h"
#include "operators/rules/yaml.h"

namespace app {

using connectors::Rights;
using connectors::Tokens;
using streams::Error;
using streams::Result;

namespace {

constexpr std::size_t kMostTokens = 1000;
constexpr std::size_t kMostPatterns = 64;  // in a list: an officer's step carries them all
constexpr std::size_t kLongestPattern = 256;
constexpr std::string_view kHashMark = "sha256:";

bool is_hash(std::string_view text) {
  constexpr std::size_t kDigits = 64;
  return text.size() == kDigits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::vector<std::string> patterns(rules::Yaml& yaml, const std::string& key) {
  std::vector<std::string> all = yaml.texts(key);
  if (all.size() > kMostPatterns)
    yaml.problems().add(yaml.place(), "'" + key + "' has more than " +
                                          std::to_string(kMostPatterns) + " entries");
  for (const std::string& pattern : all)
    if (pattern.empty() || pattern.size() > kLongestPattern ||
        pattern.find_first_of(" \t\r\n,") != pattern.npos ||
        pattern.find('*') < pattern.size() - 1)
      yaml.problems().add(yaml.place(), "'" + pattern + "' in '" + key +
                                            "' is no name, nor a beginning with '*' behind it");
  return all;
}

Tokens::Entry read_entry(const YAML::Node& node, rules::Problems& problems) {
  rules::Yaml yaml{node, "a token", problems};
  Tokens::Entry entry;
  Rights& rights = entry.rights;
  rights.name = yaml.required_text("name", "dispatch-a");
  entry.hash = yaml.required_text("secretHash", "sha256:<64 hex digits>, from `watchfire token new`");
  if (entry.hash.starts_with(kHashMark)) entry.hash.erase(0, kHashMark.size());
  if (!is_hash(entry.hash))
    problems.add(yaml.place(),
                 "'secretHash' is sha256: and 64 hex digits, as `watchfire token new` prints it");
  rights.routes = patterns(yaml, "routes");
  rights.types = patterns(yaml, "types");
  rights.subjects = patterns(yaml, "subjects");
  rights.by = patterns(yaml, "by");
  rights.units = patterns(yaml, "units");
  rights.district = yaml.text("district");
  rights.role = yaml.text("role");
  if (!rights.role.empty() && rights.role != "engineer")
    problems.add(yaml.place(), "'role' is engineer or nothing, not '" + rights.role + "'");
  if (yaml.has("notAfter")) {
    rights.not_after = streams::parse_time(yaml.text("notAfter"));
    if (!rights.not_after)
      problems.add(yaml.place(), "'notAfter' is a time, as in 2027-01-01T00:00:00+08:00");
  }
  return entry;
}

}  // namespace

Result<std::vector<Tokens::Entry>> read_token_list(const std::string& path) {
  const auto error = [&](std::string why) { return Error{Error::Kind::usage, std::move(why)}; };
  struct stat of {};
  if (::stat(path.c_str(), &of) == 0 && (of.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return error(path + ": others on this machine can read or change it: chmod 600 " + path);
  Result<std::string> text = read_file(path);
  if (!text) return text.error();
  rules::Problems problems{path, {}};
  std::vector<Tokens::Entry> entries;
  try {
    rules::Yaml yaml{YAML::Load(*text), "the list of tokens", problems};
    yaml.each("tokens", [&](const YAML::Node& node) {
      entries.push_back(read_entry(node, problems));
      const auto same = [&](const Tokens::Entry& one) { return one.hash == entries.back().hash; };
      if (std::count_if(entries.begin(), entries.end(), same) > 1)
        problems.add(rules::place_of(node), "two tokens have this secretHash: each has its own");
    });
    if (entries.size() > kMostTokens)
      problems.add(yaml.place(), "there are more than " + std::to_string(kMostTokens) + " tokens");
  } catch (const YAML::Exception& e) {  // yaml-cpp reports this way only
    return error(path + " can't be read: " + e.what());
  }
  if (!problems.all.empty()) return rules::refusal(problems.all);
  return entries;
}

Tokens::Newer follow_token_list(std::string path, std::function<void(const std::string&)> say) {
  using Changed = std::filesystem::file_time_type;
  return [path = std::move(path), say = std::move(say),
          seen = Changed::min()]() mutable -> std::optional<std::vector<Tokens::Entry>> {
    std::error_code failed;
    const Changed changed = std::filesystem::last_write_time(path, failed);
    if (failed || changed == seen) return std::nullopt;
    seen = changed;
    Result<std::vector<Tokens::Entry>> read = read_token_list(path);
    if (read) return std::move(*read);
    say("the tokens stay as they were: " + read.error().what);
    return std::nullopt;
  };
}

Result<connectors::Pseudonym> pseudonym_of(const RunOptions& options) {
  Result<connectors::Signer> key =
      options.complainant_key_file.empty()
          ? connectors::Signer::read_or_make(options.data + "/complainant.key")
          : connectors::Signer::read_file(options.complainant_key_file);
  if (!key) return key.error();
  return connectors::Pseudonym{std::move(*key)};
}

}  // namespace app
