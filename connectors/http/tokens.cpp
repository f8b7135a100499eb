#include "connectors/http/tokens.h"

#include <algorithm>

#include "connectors/http/secret_file.h"
#include "connectors/http/signer.h"
#include "connectors/http/target.h"

namespace connectors {

namespace {

constexpr std::size_t kShortest = 16;
constexpr std::string_view kScheme = "bearer ";  // in any case (RFC 9110, 11.1)
constexpr std::chrono::seconds kLookAgain{1};

Response unknown(const std::string& sentence) {
  Response no = error_response(401, sentence);
  no.headers.emplace_back("WWW-Authenticate", "Bearer");
  return no;
}

}  // namespace

streams::Result<Tokens> Tokens::read_file(const std::string& path) {
  streams::Result<std::string> text = read_secret(path, "token", kShortest);
  if (!text) return text.error();
  if (!std::all_of(text->begin(), text->end(), [](char c) { return c > ' ' && c < 127; }))
    return streams::Error{
        streams::Error::Kind::usage,
        "token file " + path + ": a token is one line of visible ASCII characters"};
  return Tokens{{Entry{sha256_hex(*text), *Rights::all()}}};
}

void Tokens::add_to(ByHash& all, const std::vector<Entry>& entries) {
  for (const Entry& entry : entries)
    all[entry.hash] = std::make_shared<const Rights>(entry.rights);
}

void Tokens::follow(Newer newer, Clock clock) {
  newer_ = std::move(newer);
  clock_ = std::move(clock);
}

// Found by the hash of what was shown: how long that takes says nothing about any secret.
const std::shared_ptr<const Rights>* Tokens::find(const std::string& hash) const {
  for (const ByHash* all : {&fixed_, &listed_})
    if (const auto it = all->find(hash); it != all->end()) return &it->second;
  return nullptr;
}

std::optional<Response> Tokens::refuse(std::string_view authorization, std::string_view path,
                                       std::shared_ptr<const Rights>& rights) {
  const auto now = std::chrono::steady_clock::now();
  if (newer_ && now - looked_ >= kLookAgain) {
    looked_ = now;
    if (const auto entries = newer_()) {
      listed_.clear();
      add_to(listed_, *entries);
    }
  }
  rights = Rights::none();
  if (lower_case(authorization.substr(0, kScheme.size())) != kScheme)
    return unknown("this needs the header 'Authorization: Bearer <token>'");
  const auto* found = find(sha256_hex(authorization.substr(kScheme.size())));
  if (found == nullptr)
    return unknown("this token is not known: the header is 'Authorization: Bearer <token>'");
  if ((*found)->not_after && clock_ && clock_() >= *(*found)->not_after)
    return unknown("token '" + (*found)->name + "' has ended: ask for another");
  if (const std::string why = (*found)->refuse_path(path); !why.empty())
    return error_response(403, why);
  rights = *found;
  return std::nullopt;
}

}  // namespace connectors
