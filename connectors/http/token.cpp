#include "connectors/http/token.h"

#include <algorithm>

#include "connectors/http/secret_file.h"

namespace connectors {

namespace {
constexpr std::size_t kShortest = 16;
constexpr std::string_view kScheme = "Bearer ";
}  // namespace

streams::Result<Token> Token::read_file(const std::string& path) {
  streams::Result<std::string> text = read_secret(path, "token", kShortest);
  if (!text) return text.error();
  if (!std::all_of(text->begin(), text->end(), [](char c) { return c > ' ' && c < 127; }))
    return streams::Error{
        streams::Error::Kind::usage,
        "token file " + path + ": a token is one line of visible ASCII characters"};
  return Token{std::move(*text)};
}

bool Token::allows(std::string_view authorization) const {
  const bool scheme = authorization.starts_with(kScheme);
  const std::string_view given = authorization.substr(scheme ? kScheme.size() : 0);
  unsigned difference = scheme && given.size() == secret_.size() ? 0 : 1;
  for (std::size_t i = 0; i < secret_.size(); ++i) {
    const char other = given.empty() ? '\0' : given[i % given.size()];
    difference |= static_cast<unsigned>(static_cast<unsigned char>(secret_[i]) ^
                                        static_cast<unsigned char>(other));
  }
  return difference == 0;
}

}  // namespace connectors
