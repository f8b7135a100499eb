#include "connectors/http/token.h"

#include <algorithm>
#include <fstream>

namespace connectors {

namespace {
constexpr std::size_t kShortest = 16;
constexpr std::size_t kLongest = 4096;
constexpr std::string_view kScheme = "Bearer ";
}  // namespace

streams::Result<Token> Token::read_file(const std::string& path) {
  const auto error = [&](const char* why) {
    return streams::Error{streams::Error::Kind::usage, "token file " + path + ": " + why};
  };
  std::ifstream in{path, std::ios::binary};
  if (!in) return error("it can't be read");
  std::string text(kLongest + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kLongest) return error("it is longer than 4096 bytes");
  constexpr std::string_view kBlank = " \t\r\n";
  text.erase(0, std::min(text.find_first_not_of(kBlank), text.size()));
  text.erase(text.find_last_not_of(kBlank) + 1);
  if (text.size() < kShortest) return error("a token has at least 16 characters");
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; }))
    return error("a token is one line of visible ASCII characters");
  return Token{std::move(text)};
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
