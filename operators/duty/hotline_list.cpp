#include "operators/duty/hotline_list.h"

#include <algorithm>

#include "operators/duty/reading.h"

namespace city {
namespace {

using yaml::Mapping;
using yaml::Node;

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

class HotlineReader {
 public:
  HotlineReader(HotlineList& list, yaml::Problems& problems) : list_(list), problems_(problems) {}

  void read(const Node& root) {
    Mapping file{root, "the hotline's list", problems_};
    file.each("labels", [this](const Node& node) { read_label(node); });
    file.each("unplaced", [this](const Node& node) { read_unplaced(node); });
    file.each("clocks", [this](const Node& node) { read_clock(node); });
    list_.hours_ = file.text("hours", kAlways);
    if (file.has("hours"))
      list_.references_.push_back({Reference::To::hours, list_.hours_, file.place_of("hours")});
    list_.redo_ = read_span(file, "redo").value_or(list_.redo_);
    list_.interim_ = read_span(file, "interim").value_or(list_.interim_);
    if (const Node* alike = file.get("alike")) read_alike(*alike);
  }

 private:
  void read_label(const Node& node) {
    Mapping map{node, "a label", problems_};
    HotlineList::Label label{map.name("label", "困人"), {}};
    (void)map.required("words", "[困人, 被困]");
    label.words = map.texts("words");
    if (map.has("words") && label.words.empty())
      problems_.add(map.place_of("words"), "a label needs words: it would be given to nothing");
    for (const auto& other : list_.labels_)
      if (other.name == label.name)
        problems_.add(map.place_of("label"), "label '" + label.name + "' is there twice");
    list_.labels_.push_back(std::move(label));
  }

  void read_unplaced(const Node& node) {
    Mapping map{node, "a rule for what is unplaced", problems_};
    UnplacedRule rule;
    if (map.has("label")) rule.label = map.name("label", "困人");
    std::vector<std::string> labels;
    for (const auto& label : list_.labels_) labels.push_back(label.name);
    if (!rule.label.empty() && !has(labels, rule.label))
      problems_.add(map.place_of("label"),
                    "'labels' has no '" + rule.label + "'" + yaml::meant(rule.label, labels));
    rule.kinds = map.texts("kinds");
    rule.rule = map.name("rule", "hotline.unplaced");
    if (map.has("title"))
      rule.title = read_two_languages(map, "title", {"诉求待定位", "Complaint to be placed"});
    (void)map.required("consequence", "order");
    rule.consequence = map.choice("consequence", Consequence::order);
    if (map.has("order")) {
      rule.item = map.name("order", "elevator.rescue");
      list_.references_.push_back({Reference::To::item, rule.item, map.place_of("order")});
    }
    list_.unplaced_.push_back(std::move(rule));
  }

  void read_clock(const Node& node) {
    Mapping map{node, "a receipt's clock", problems_};
    ReceiptClock clock;
    clock.kinds = map.texts("kinds");
    clock.channels = map.texts("channels");
    clock.contact = read_span(map, "contact");
    clock.decide = read_span(map, "decide");
    (void)map.required("reply", "5wd");
    clock.reply = read_span(map, "reply").value_or(clock.reply);
    list_.clocks_.push_back(std::move(clock));
  }

  void read_alike(const Node& node) {
    Mapping map{node, "the numbers of likeness", problems_};
    (void)map.required("within", "7d");
    (void)map.required("percent", "40");
    list_.alike_ = {map.time("within").value_or(streams::Duration{}),
                    map.number("percent", 1, 100).value_or(0)};
  }

  HotlineList& list_;
  yaml::Problems& problems_;
};

streams::Result<HotlineList> HotlineList::parse(std::string_view text, const std::string& file) {
  return read_file_of<HotlineList>(text, file,
                                   [](const Node& root, HotlineList& list, auto& problems) {
                                     HotlineReader{list, problems}.read(root);
                                   });
}

std::vector<std::string> HotlineList::labels_of(std::string_view text) const {
  std::vector<std::string> found;
  for (const Label& label : labels_)
    if (std::any_of(label.words.begin(), label.words.end(),
                    [&](const std::string& word) { return text.find(word) != text.npos; }))
      found.push_back(label.name);
  return found;
}

const UnplacedRule* HotlineList::unplaced(std::string_view kind,
                                          const std::vector<std::string>& labels) const {
  for (const UnplacedRule& rule : unplaced_)
    if ((rule.label.empty() || has(labels, rule.label)) &&
        (kind.empty() || rule.kinds.empty() || has(rule.kinds, kind)))
      return &rule;
  return nullptr;
}

const ReceiptClock& HotlineList::clock(std::string_view kind, std::string_view channel) const {
  static const ReceiptClock kOrdinary;
  for (const ReceiptClock& clock : clocks_)
    if ((clock.kinds.empty() || has(clock.kinds, kind)) &&
        (clock.channels.empty() || has(clock.channels, channel)))
      return clock;
  return kOrdinary;
}

}  // namespace city
