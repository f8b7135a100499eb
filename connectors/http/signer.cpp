#include "connectors/http/signer.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "connectors/http/secret_file.h"
#include "streams/check.h"

namespace connectors {

using streams::Error;
using streams::Result;

namespace {

constexpr std::size_t kShortest = 32;
constexpr std::size_t kMadeBytes = 32;

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// Writes a secret beside and links it in place: whoever is first, all read the same whole file.
Result<void> make(const std::string& path) {
  const std::optional<std::string> secret = random_secret();
  if (!secret) return Error{Error::Kind::fatal, "the system gives no random bytes"};
  const std::string text = *secret + "\n";
  const std::string beside = path + "." + std::to_string(::getpid());
  const auto failed = [&](const char* what) {
    const std::string why = std::strerror(errno);
    ::unlink(beside.c_str());
    return Error{Error::Kind::fatal, std::string{"can't "} + what + " " + path + ": " + why};
  };
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return failed("make");
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool kept = ::fsync(file) == 0;
  if (::close(file) != 0 || !written || !kept) return failed("write");
  if (::link(beside.c_str(), path.c_str()) != 0 && errno != EEXIST) return failed("make");
  ::unlink(beside.c_str());
  return {};
}

}  // namespace

Result<Signer> Signer::read_file(const std::string& path) {
  Result<std::string> text = read_secret(path, "secret", kShortest);
  if (!text) return text.error();
  return Signer{std::move(*text)};
}

Result<Signer> Signer::read_or_make(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0)
    if (Result<void> made = make(path); !made) return made.error();
  return read_file(path);
}

Signer Signer::random() {
  std::optional<std::string> secret = random_secret();
  CHECK(secret.has_value());
  return Signer{std::move(*secret)};
}

std::string Signer::sign(std::string_view text) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned int size = 0;
  CHECK(HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), octets(text),
             text.size(), out.data(), &size) != nullptr);
  return {reinterpret_cast<const char*>(out.data()), size};
}

bool Signer::has_signed(std::string_view text, std::string_view signature) const {
  const std::string right = sign(text);
  return signature.size() == right.size() &&
         CRYPTO_memcmp(signature.data(), right.data(), right.size()) == 0;
}

std::string base64url(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  out.erase(std::min(out.find('='), out.size()));
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string padded{text};
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  const std::size_t padding = (4 - padded.size() % 4) % 4;
  padded.append(padding, '=');
  std::string out(padded.size() / 4 * 3 + 1, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets(padded),
                                   static_cast<int>(padded.size()));
  if (size < static_cast<int>(padding)) return std::nullopt;
  out.resize(static_cast<std::size_t>(size) - padding);
  if (base64url(out) != text) return std::nullopt;  // there is one way to write it
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned int size = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, EVP_sha256(), nullptr) == 1);
  return hex({reinterpret_cast<const char*>(out.data()), size});
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    out += kDigits[static_cast<unsigned char>(byte) >> 4];
    out += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return out;
}

std::optional<std::string> random_secret() {
  std::array<unsigned char, kMadeBytes> random;
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return std::nullopt;
  return hex({reinterpret_cast<const char*>(random.data()), random.size()});
}

}  // namespace connectors
