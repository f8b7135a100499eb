#include "app/activation.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/city_files.h"
#include "app/city_references.h"
#include "operators/rules/pack_reader.h"

namespace app {

using streams::Result;
using streams::Version;

namespace {

constexpr std::string_view kRules = "rules/";

std::vector<rules::Pack> packs_of(const std::vector<Version>& versions) {
  std::vector<rules::Pack> packs;
  for (const Version& version : versions) {
    std::vector<rules::Problem> known;  // it was active with them
    if (version.name.starts_with(kRules))
      packs.push_back(rules::read_pack(version.content, version.name, known));
  }
  return packs;
}

/// By name: what is new, gone, decides otherwise; the rest keeps what it remembers.
template <class T>
std::string changes(const rules::Pack& pack, const std::vector<T>& before,
                    const std::vector<T>& after, const char* noun) {
  const auto named = [](const std::vector<T>& all, const std::string& name) {
    return std::find_if(all.begin(), all.end(), [&](const T& one) { return one.name == name; });
  };
  std::string text;
  int kept = 0;
  for (const T& now : after) {
    const auto was = named(before, now.name);
    const bool same =
        was != before.end() && rules::semantics(pack, *was) == rules::semantics(pack, now);
    kept += same ? 1 : 0;
    if (was == before.end())
      text += fmt::format("  {} {}: new\n", noun, now.name);
    else if (!same)
      text += fmt::format("  {} {}: decides otherwise and begins anew\n", noun, now.name);
  }
  for (const T& was : before)
    if (named(after, was.name) == after.end())
      text += fmt::format("  {} {}: gone; its open episodes are not extended\n", noun, was.name);
  if (kept > 0) text += fmt::format("  {} {}s keep what they remember\n", kept, noun);
  return text;
}

}  // namespace

Result<Activation> prepare_pack(const std::vector<Version>& active, const std::string& text,
                                const std::string& file) {
  const std::vector<rules::Pack> before = packs_of(active);
  std::vector<rules::Pack> after;
  const Result<Version> version = pack_version(text, file, before, &after);
  if (!version) return version.error();
  const auto file_of = [](std::string_view name) { return std::string{name}; };
  if (const Result<void> known = check_references(active, after, file_of); !known)
    return known.error();
  const rules::Pack& pack = after.back();
  const auto was = std::find_if(before.begin(), before.end(),
                                [&](const rules::Pack& one) { return one.name == pack.name; });
  if (was != before.end() && was->hash == pack.hash)
    return Activation{{}, fmt::format("{} is active already: nothing changes\n", pack.version())};
  const rules::Pack none;
  const rules::Pack& old = was == before.end() ? none : *was;
  return Activation{
      *version, fmt::format("{} is active from the next record on, in every partition ({})\n",
                            pack.version(), old.name.empty() ? "new" : "before: " + old.version()) +
                    changes(pack, old.facts, pack.facts, "fact") +
                    changes(pack, old.rules, pack.rules, "rule")};
}

Result<std::string> activate_pack(Engine& engine, const std::string& text,
                                  const std::string& file) {
  const Result<std::vector<Version>> active = engine.versions();
  if (!active) return active.error();
  Result<Activation> activation = prepare_pack(*active, text, file);
  if (!activation) return activation.error();
  if (activation->version)
    if (Result<void> done = engine.activate({*activation->version}); !done) return done.error();
  return activation->what;
}

}  // namespace app
