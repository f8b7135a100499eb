#include "operators/rules/cel/pattern.h"

#include <re2/re2.h>

namespace cel {
namespace {

constexpr std::int64_t kMaxCompiledBytes = 1 << 20;

RE2::Options options() {
  RE2::Options quiet;
  quiet.set_log_errors(false);
  quiet.set_max_mem(kMaxCompiledBytes);
  return quiet;
}

}  // namespace

struct Pattern::Compiled {
  RE2 re;
};

Pattern::Pattern(std::string_view text)
    : compiled_(new Compiled{RE2(re2::StringPiece(text.data(), text.size()), options())}) {}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

std::optional<std::string> Pattern::problem() const {
  if (compiled_->re.ok()) return std::nullopt;
  return compiled_->re.error();
}

bool Pattern::in(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled_->re);
}

}  // namespace cel
