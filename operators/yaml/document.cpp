#include "operators/yaml/document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "operators/rules/cel/utf8.h"
#include "operators/yaml/text_check.h"

namespace yaml {
namespace {

/// Thrown through the library when a bound is reached: its parser can't be stopped otherwise.
struct Enough {};

/// Takes the library's events, and complains of what is not read here.
class Builder : public YAML::EventHandler {
 public:
  Builder(const std::string& text, Problems& problems) : text_(text), problems_(problems) {
    lines_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') lines_.push_back(i + 1);
  }

  std::unique_ptr<Node> take() { return std::move(root_); }
  /// The library counts bytes in a line; people count characters. Marks come in order, so a long
  /// line is counted once.
  Place place(const YAML::Mark& mark) {
    if (mark.line < 0 || static_cast<std::size_t>(mark.line) >= lines_.size()) return {1, 1};
    const auto bytes = static_cast<std::size_t>(std::max(mark.column, 0));
    if (mark.line != counted_.line || bytes < counted_.bytes) counted_ = {mark.line, 0, 0};
    const std::size_t begin = lines_[static_cast<std::size_t>(mark.line)] + counted_.bytes;
    const std::string_view more = std::string_view{text_}.substr(begin, bytes - counted_.bytes);
    counted_ = {mark.line, bytes, counted_.characters + static_cast<int>(cel::utf8::length(more))};
    return {mark.line + 1, counted_.characters + 1};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) return;
    problems_.add(place(mark), "another document begins here; expected one in a file");
    throw Enough{};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(made(Node::Kind::nothing, mark, "?", anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Node node = made(Node::Kind::refused, mark, "?", 0);
    problems_.add(node.place, "aliases (*name) are not read here; expected the value itself");
    add(std::move(node));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = made(Node::Kind::scalar, mark, tag, anchor);
    node.plain = tag == "?";
    node.text = value;
    if (value.size() > kMaxTextBytes)
      problems_.add(node.place, "a text of " + std::to_string(value.size()) +
                                    " bytes; expected at most " + std::to_string(kMaxTextBytes));
    if (has_control_characters(value))
      problems_.add(node.place, "a control character in text; expected printable text");
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(made(Node::Kind::list, mark, tag, anchor));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(made(Node::Kind::map, mark, tag, anchor));
  }
  void OnMapEnd() override { close(); }

 private:
  /// A list or mapping that is not closed yet.
  struct Open {
    Node node;
    std::unique_ptr<Node> key = nullptr;                 // waits for its value
    std::map<std::string, int, std::less<>> lines = {};  // of keys
  };

  Node made(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    Node node;
    node.kind = kind;
    node.place = place(mark);
    node.offset = static_cast<std::size_t>(std::max(mark.pos, 0));
    node.source = &text_;
    if (++nodes_ > kMaxNodes) {
      problems_.add(node.place, "the file says too much; expected at most " +
                                    std::to_string(kMaxNodes) + " values");
      throw Enough{};
    }
    if (anchor != 0)
      problems_.add(node.place,
                    "anchors (&name) are not read here; expected the value alone, written out "
                    "wherever it is meant");
    if (!tag.empty() && tag != "?" && tag != "!")
      problems_.add(node.place, "tags (" + tag + ") are not read here; expected the value alone");
    return node;
  }

  void open(Node node) {
    if (open_.size() == static_cast<std::size_t>(kMaxDepth)) {
      problems_.add(node.place, "nested too deeply; expected at most " + std::to_string(kMaxDepth) +
                                    " levels of lists and mappings");
      throw Enough{};
    }
    open_.push_back({std::move(node)});
  }
  void close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (open_.empty()) {
      root_ = std::make_unique<Node>(std::move(node));
      return;
    }
    Open& into = open_.back();
    if (into.node.is_list()) {
      into.node.items.push_back(std::move(node));
    } else if (into.key == nullptr) {
      into.key = std::make_unique<Node>(std::move(node));
    } else {
      add_member(into, std::move(node));
    }
  }

  void add_member(Open& into, Node value) {
    const std::unique_ptr<Node> key = std::move(into.key);
    if (value.is(Node::Kind::nothing)) value.place = key->place;  // it stands nowhere itself
    if (!key->is_scalar()) return problems_.add(key->place, "a key is text; expected `key: value`");
    if (key->plain && key->text == "<<")
      return problems_.add(key->place,
                           "merge keys (<<) are not read here; expected the keys themselves");
    const auto [first, is_new] = into.lines.emplace(key->text, key->place.line);
    if (!is_new)
      return problems_.add(key->place, "'" + key->text + "' stands at line " +
                                           std::to_string(first->second) +
                                           " already; expected each key once");
    into.node.members.push_back({std::move(*key), std::move(value)});
  }

  struct Counted {
    int line = -1;
    std::size_t bytes = 0;
    int characters = 0;
  };

  const std::string& text_;
  Problems& problems_;
  std::vector<std::size_t> lines_;  // where they begin
  Counted counted_;                 // how far, of one line
  std::vector<Open> open_;
  std::unique_ptr<Node> root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

}  // namespace

Document Document::read(std::string_view text, Problems& problems) {
  Document document;
  if (text.size() > kMaxFileBytes) {
    problems.add({1, 1}, "a file of " + std::to_string(text.size()) + " bytes; expected at most " +
                             std::to_string(kMaxFileBytes));
    return document;
  }
  const std::size_t before = problems.all.size();
  document.text_ = std::make_unique<const std::string>(check_text(text, problems));
  Builder builder{*document.text_, problems};
  const std::size_t told = problems.all.size();
  try {
    std::istringstream stream{*document.text_};
    YAML::Parser parser{stream};
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Enough&) {
  } catch (const YAML::Exception& e) {  // the library reports syntax this way only
    const Place place = builder.place(e.mark);
    // A tab or a control character on that line is the reason, and has been named.
    if (std::none_of(problems.all.begin(), problems.all.begin() + static_cast<long>(told),
                     [&](const Problem& one) { return one.place.line == place.line; }))
      problems.add(place, "not YAML: " + e.msg);
    return document;
  }
  document.root_ = builder.take();
  if (document.root_ == nullptr && problems.all.size() == before)
    problems.add({1, 1}, "the file is empty; expected a mapping of keys to values");
  return document;
}

}  // namespace yaml
