// tokens.yaml: what it can't mean is a problem with its place, and its lists have bounds.

#include "app/token_list.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace {

std::string token(int number, const std::string& more) {
  std::string digits = std::to_string(number);
  digits.insert(0, 64 - digits.size(), '0');
  return "  - {name: a, secretHash: 'sha256:" + digits + "'" + more + "}\n";
}

/// Empty where it is good.
std::string problem(const std::string& tokens) {
  const std::string path = testing::TempDir() + "/token_list_test.yaml";
  std::ofstream{path} << "tokens:\n" << tokens;
  std::filesystem::permissions(path, std::filesystem::perms{0600});
  const auto read = app::read_token_list(path);
  return read ? "" : read.error().what;
}

std::string list(std::size_t entries) {
  std::string all;
  for (std::size_t i = 0; i < entries; ++i)
    all += (i == 0 ? "u/" : ", u/") + std::to_string(i);
  return ", units: [" + all + "]";
}

TEST(TokenList, HasBoundsAndSaysWhereTheyArePassed) {
  std::string all;
  for (int i = 0; i < 1000; ++i) all += token(i, "");
  EXPECT_EQ(problem(all), "");
  EXPECT_NE(problem(all + token(1000, "")).find("more than 1000 tokens"), std::string::npos);

  EXPECT_EQ(problem(token(1, list(64))), "");
  EXPECT_NE(problem(token(1, list(65))).find(":2:"), std::string::npos) << "line and column";
  EXPECT_NE(problem(token(1, list(65))).find("'units' has more than 64 entries"),
            std::string::npos);

  EXPECT_EQ(problem(token(1, ", types: [" + std::string(256, 't') + "]")), "");
  EXPECT_NE(problem(token(1, ", types: [" + std::string(257, 't') + "]")), "");
}

TEST(TokenList, AnEndHasItsOffset) {
  EXPECT_EQ(problem(token(1, ", notAfter: 2027-01-01T00:00:00+08:00")), "");
  for (const char* local : {"2027-01-01T00:00:00", "2027-01-01"})
    EXPECT_NE(problem(token(1, std::string{", notAfter: "} + local)).find(
                  "2027-01-01T00:00:00+08:00"),
              std::string::npos)
        << "it would end at another hour: " << local;
}

}  // namespace
