// token new: a secret for a program, and what tokens.yaml has to say of it.

#include <fmt/format.h>

#include "app/commands.h"
#include "connectors/http/signer.h"
#include "streams/json.h"

namespace app {

namespace {

/// A JSON text is a YAML one.
std::string quoted(const std::string& text) {
  std::string out;
  streams::append_json_text(out, text);
  return out;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + quoted(name);
  return "[" + out + "]";
}

}  // namespace

int token_new(const TokenOptions& options) {
  const auto secret = connectors::random_secret();
  if (!secret)
    return report({streams::Error::Kind::fatal, "the system gives no random bytes"});
  fmt::print("# the secret, shown this once: Authorization: Bearer {}\n", *secret);
  fmt::print("# below `tokens:` in tokens.yaml (chmod 600):\n");
  fmt::print("  - name: {}\n    secretHash: sha256:{}\n", quoted(options.name),
             connectors::sha256_hex(*secret));
  const std::pair<const char*, const std::vector<std::string>*> lists[] = {
      {"routes", &options.routes}, {"types", &options.types}, {"subjects", &options.subjects},
      {"by", &options.by},         {"units", &options.units}};
  for (const auto& [name, list] : lists) fmt::print("    {}: {}\n", name, listed(*list));
  const std::pair<const char*, const std::string*> texts[] = {
      {"district", &options.district}, {"role", &options.role}, {"notAfter", &options.not_after}};
  for (const auto& [name, text] : texts)
    if (!text->empty()) fmt::print("    {}: {}\n", name, quoted(*text));
  return 0;
}

}  // namespace app
