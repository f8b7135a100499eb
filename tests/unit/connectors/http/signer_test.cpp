#include "connectors/http/signer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/contract/temp_directory.h"

namespace connectors {
namespace {

void write(const std::string& path, const std::string& text) {
  std::ofstream{path} << text;
  ::chmod(path.c_str(), 0600);
}

TEST(Signer, SignsAsTheStandardSays) {
  // Computed with another program; a key longer than a block is hashed first (RFC 2104).
  const TempDirectory directory;
  const std::string path = directory.path() + "/secret";
  write(path, std::string(131, 'k') + "\n");
  const auto signer = Signer::read_file(path);
  ASSERT_TRUE(signer.ok()) << signer.error().what;
  const std::string signature = signer->sign("what");
  EXPECT_EQ(base64url(signature), "N2GofNCoBwNtt0zajWxGhup13frmIEsZe3hHCi5U5SI");
  EXPECT_TRUE(signer->has_signed("what", signature));
  EXPECT_FALSE(signer->has_signed("What", signature));
  EXPECT_FALSE(signer->has_signed("what", signature.substr(1)));
  EXPECT_FALSE(signer->has_signed("what", ""));
  std::string bent = signature;
  bent[31] = static_cast<char>(bent[31] ^ 1);
  EXPECT_FALSE(signer->has_signed("what", bent));
}

TEST(Signer, MakesASecretOnceForItsUserAlone) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/secret";
  const auto first = Signer::read_or_make(path);
  const auto second = Signer::read_or_make(path);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_TRUE(second->has_signed("what", first->sign("what")));
  struct stat made {};
  ASSERT_EQ(::stat(path.c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 0777u, 0600u);
  const auto another = Signer::read_or_make(directory.path() + "/another");
  EXPECT_FALSE(another->has_signed("what", first->sign("what")));
}

TEST(Signer, AWeakOrMissingSecretIsRefusedAndNotTold) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/secret";
  EXPECT_FALSE(Signer::read_file(path).ok());
  write(path, "correct horse battery staple\n");
  const auto weak = Signer::read_file(path);
  ASSERT_FALSE(weak.ok());
  EXPECT_EQ(weak.error().what, "secret file " + path + ": a secret has at least 32 characters");
  EXPECT_FALSE(Signer::read_or_make("/nowhere/secret").ok());
}

TEST(Signer, Base64UrlHasOneFormOnly) {
  for (const std::string bytes : {"", "a", "ab", "abc", "abcd", "\xff\xfe\xfb\xef", "烽火"}) {
    const std::string text = base64url(bytes);
    EXPECT_EQ(text.find_first_of("+/="), text.npos) << text;
    EXPECT_EQ(from_base64url(text), bytes) << text;
  }
  EXPECT_EQ(base64url("\xff\xfe\xfb\xef"), "__777w");
  for (const char* wrong : {"a", "YQ==", "YR", "Y Q", "YWJj.", "\xe7\x83\xbd"})
    EXPECT_EQ(from_base64url(wrong), std::nullopt) << wrong;
}

TEST(Signer, Sha256IsTheStandards) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace connectors
