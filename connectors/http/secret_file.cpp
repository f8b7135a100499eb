#include "connectors/http/secret_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

namespace connectors {

namespace {
constexpr std::size_t kLongest = 4096;
constexpr std::string_view kBlank = " \t\r\n";
}  // namespace

streams::Result<std::string> read_secret(const std::string& path, std::string_view what,
                                         std::size_t shortest) {
  const auto error = [&](const std::string& why) {
    return streams::Error{streams::Error::Kind::usage,
                          std::string{what} + " file " + path + ": " + why};
  };
  std::ifstream in{path, std::ios::binary};
  if (!in) return error("it can't be read");
  struct stat of {};
  if (::stat(path.c_str(), &of) != 0) return error("it can't be looked at");
  if ((of.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return error("others on this machine can read or change it: chmod 600 " + path);
  std::string text(kLongest + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kLongest) return error("it is longer than 4096 bytes");
  text.erase(0, std::min(text.find_first_not_of(kBlank), text.size()));
  text.erase(text.find_last_not_of(kBlank) + 1);
  if (text.size() < shortest)
    return error("a " + std::string{what} + " has at least " + std::to_string(shortest) +
                 " characters");
  return text;
}

}  // namespace connectors
