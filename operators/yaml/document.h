#pragma once

// Document: the text of one YAML file as a tree, and all that is wrong with it as YAML. Every file
// that a person writes for this project is read through here, so that none means in one place what
// it does not mean in another. The only place that knows the YAML library. Any thread.
//
// What is read is a plain part of YAML 1.2: one document of mappings, lists and text. Refused, with
// line and column: repeated keys, further documents, anchors, aliases, merge keys and tags (whoever
// looks at a line sees all that it says, and no small file becomes a huge tree), directives, tabs,
// byte order marks, control characters, what is no UTF-8, and what exceeds the bounds below.

#include <memory>
#include <string>
#include <string_view>

#include "operators/yaml/node.h"

namespace yaml {

/// A file is also a record (a version) of the city: with escapes it has to fit in one.
inline constexpr std::size_t kMaxFileBytes = 384 << 10;
inline constexpr int kMaxDepth = 24;  // of lists and mappings in one another
inline constexpr std::size_t kMaxNodes = 100'000;
inline constexpr std::size_t kMaxTextBytes = 16 << 10;  // of one scalar

class Document {
 public:
  /// All that can be read; problems say what can't.
  static Document read(std::string_view text, Problems& problems);

  /// Null: there is nothing to read, which has been said.
  const Node* root() const { return root_.get(); }

 private:
  std::unique_ptr<const std::string> text_;
  std::unique_ptr<const Node> root_;
};

}  // namespace yaml
