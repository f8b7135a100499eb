#include "app/token_list.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "app/files.h"
#include "operators/yaml/document.h"
#include "operators/yaml/mapping.h"
#include "streams/instant.h"

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

std::vector<std::string> patterns(yaml::Mapping& map, std::string_view key) {
  std::vector<std::string> all = map.texts(key);
  if (all.size() > kMostPatterns)
    map.problems().add(map.place_of(key), "'" + std::string{key} + "' has more than " +
                                              std::to_string(kMostPatterns) + " entries");
  for (const std::string& pattern : all)
    if (pattern.size() > kLongestPattern || pattern.find_first_of(" \t\r\n,") != pattern.npos ||
        pattern.find('*') < pattern.size() - 1)
      map.problems().add(map.place_of(key), "'" + pattern + "' in '" + std::string{key} +
                                                "' is no name, nor a beginning with '*' behind it");
  return all;
}

Tokens::Entry read_entry(const yaml::Node& node, yaml::Problems& problems) {
  yaml::Mapping map{node, "a token", problems};
  Tokens::Entry entry;
  Rights& rights = entry.rights;
  rights.name = map.required_text("name", "dispatch-a");
  entry.hash =
      map.required_text("secretHash", "sha256:<64 hex digits>, from `watchfire token new`");
  if (entry.hash.starts_with(kHashMark)) entry.hash.erase(0, kHashMark.size());
  if (!entry.hash.empty() && !is_hash(entry.hash))
    problems.add(map.place_of("secretHash"),
                 "'secretHash' is sha256: and 64 hex digits, as `watchfire token new` prints it");
  rights.routes = patterns(map, "routes");
  rights.types = patterns(map, "types");
  rights.subjects = patterns(map, "subjects");
  rights.by = patterns(map, "by");
  rights.units = patterns(map, "units");
  rights.district = map.text("district");
  rights.role = map.text("role");
  if (!rights.role.empty() && rights.role != "engineer")
    problems.add(map.place_of("role"),
                 "'role' is engineer or nothing, not '" + rights.role + "'");
  rights.not_after = map.value(
      "notAfter", [](const std::string& text) { return streams::parse_instant(text); },
      "a time with its offset, such as 2027-01-01T00:00:00+08:00");
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
  yaml::Problems problems{path};
  std::vector<Tokens::Entry> entries;
  const yaml::Document document = yaml::Document::read(*text, problems);
  if (document.root() != nullptr) {
    yaml::Mapping map{*document.root(), "the list of tokens", problems};
    map.each("tokens", [&](const yaml::Node& node) {
      entries.push_back(read_entry(node, problems));
      const auto same = [&](const Tokens::Entry& one) { return one.hash == entries.back().hash; };
      if (std::count_if(entries.begin(), entries.end(), same) > 1)
        problems.add(node.place, "two tokens have this secretHash: each has its own");
    });
    if (entries.size() > kMostTokens)
      problems.add(map.place_of("tokens"),
                   "there are more than " + std::to_string(kMostTokens) + " tokens");
  }
  if (!problems.all.empty()) return yaml::refusal(std::move(problems.all));
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
