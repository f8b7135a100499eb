#include "operators/rules/sentence.h"

namespace rules {
namespace {

/// Reads a sentence from the front.
class Splitter {
 public:
  Splitter(const Clause& sentence, const std::string& file, std::vector<Problem>& problems)
      : sentence_(sentence), text_(sentence.text), file_(file), problems_(problems) {}

  std::vector<SentencePart> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool twice = at_ + 1 < text_.size() && text_[at_ + 1] == c;
      if ((c == '{' || c == '}') && twice) {
        literal_ += c;
        step(2);
      } else if (c == '{') {
        value();
      } else if (c == '}') {
        complain("'}' has no '{' before it; a brace as such is written }}");
        step(1);
      } else {
        literal_ += c;
        step(1);
      }
    }
    flush();
    return std::move(parts_);
  }

 private:
  void value() {
    const std::size_t end = closing();
    if (end == text_.npos) {
      complain("'{' has no '}' behind it; a brace as such is written {{");
      return step(text_.size() - at_);
    }
    flush();
    const Place begin = here();
    step(1);
    SentencePart part{text_.substr(at_, end - at_), true, here(), at_};
    if (part.text.find_first_not_of(" \n") == part.text.npos)
      problems_.push_back({file_, begin, "an expression is expected between { and }"});
    else
      parts_.push_back(std::move(part));
    step(end + 1 - at_);
  }

  /// Of the brace at `at_`, past the maps and quoted text of its expression.
  std::size_t closing() const {
    int depth = 0;
    char quote = 0;
    for (std::size_t i = at_; i < text_.size(); ++i) {
      const char c = text_[i];
      if (quote != 0) {
        if (c == '\\') ++i;
        if (c == quote) quote = 0;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '{') {
        ++depth;
      } else if (c == '}' && --depth == 0) {
        return i;
      }
    }
    return text_.npos;
  }

  void step(std::size_t bytes) { at_ += bytes; }
  /// Of the character at `at_`, in the file.
  Place here() const { return sentence_.origin.at(text_, at_); }
  void flush() {
    if (!literal_.empty()) parts_.push_back({std::move(literal_), false, here(), at_});
    literal_.clear();
  }
  void complain(std::string what) { problems_.push_back({file_, here(), std::move(what)}); }

  const Clause& sentence_;
  const std::string& text_;
  const std::string& file_;
  std::vector<Problem>& problems_;
  std::size_t at_ = 0;
  std::string literal_;
  std::vector<SentencePart> parts_;
};

}  // namespace

std::vector<SentencePart> split(const Clause& sentence, const std::string& file,
                                std::vector<Problem>& problems) {
  if (sentence.text.size() > kSentenceBytes) {
    problems.push_back({file, sentence.place,
                        "a sentence has at most " + std::to_string(kSentenceBytes) + " bytes"});
    return {};
  }
  std::vector<SentencePart> parts = Splitter{sentence, file, problems}.run();
  std::size_t values = 0;
  for (const SentencePart& part : parts)
    if (part.is_value && ++values == kSentenceValues + 1)
      problems.push_back({file, part.place, "a sentence has at most " +
                                                std::to_string(kSentenceValues) + " values"});
  return parts;
}

bool has(const Rule& rule, Circumstance::What what) {
  switch (what) {
    case Circumstance::What::held:
      return rule.kind == RuleKind::hold;
    case Circumstance::What::count:
      return rule.kind == RuleKind::count;
    case Circumstance::What::within:
      return rule.within != streams::Duration{};
    case Circumstance::What::due:
      return rule.kind == RuleKind::missing && !rule.silence;
    case Circumstance::What::since:
      return true;
  }
  return false;
}

}  // namespace rules
