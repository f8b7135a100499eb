#include "app/log_identity.h"

#include <fmt/format.h>

#include <filesystem>
#include <random>

#include "app/files.h"

namespace app {

using streams::Error;
using streams::Result;

Result<std::string> log_identity(const std::string& data) {
  const std::string path = data + "/log.id";
  if (!std::filesystem::exists(path)) {
    std::random_device random;
    const std::uint64_t number = std::uint64_t{random()} << 32 | random();
    if (Result<void> made = write_file(path, fmt::format("{:016x}\n", number)); !made)
      return made.error();
  }
  Result<std::string> text = read_file(path);
  if (!text) return text.error();
  text->erase(text->find_last_not_of(" \r\n") + 1);
  if (text->size() == 16) return text;
  return Error{Error::Kind::usage,
               path + " does not hold 16 digits, so cursors could not be told from those of "
                      "another log: restore it, or remove it (then all cursors end)"};
}

}  // namespace app
