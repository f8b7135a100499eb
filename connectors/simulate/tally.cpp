#include "connectors/simulate/tally.h"

namespace simulate {
namespace {

constexpr std::array<std::string_view, kMatterCount> kMatters{"trapped",
                                                              "fault",
                                                              "e-bike",
                                                              "maintenance",
                                                              "inspection",
                                                              "rectification",
                                                              "hygiene",
                                                              "rodent",
                                                              "food complaint",
                                                              "street",
                                                              "hygiene, by the merchant",
                                                              "outage"};

std::string name_of(const Play& play) {
  return std::string{kCalls[static_cast<std::size_t>(play.call)]} + ": " + std::string{play.name};
}

std::string name_of(const Finding& finding) {
  return std::string{kMatters[static_cast<std::size_t>(finding.matter)]} +
         (finding.real ? ", true: " : ", not so: ") + std::string{finding.finding} + " + " +
         std::string{finding.action};
}

void add_line(std::string& out, std::int64_t count, std::string_view what) {
  std::string number = std::to_string(count);
  if (number.size() < 8) number.insert(0, 8 - number.size(), ' ');
  out += number + "  ";
  out += what;
  out += '\n';
}

}  // namespace

void Tally::count(std::string_view group, std::string_view what) {
  std::string name{group};
  name += ": ";
  name += what;
  ++counts_[std::move(name)];
}

std::int64_t Tally::counted(std::string_view group, std::string_view what) const {
  const auto found = counts_.find(std::string{group} + ": " + std::string{what});
  return found == counts_.end() ? 0 : found->second;
}

std::vector<std::string> Tally::missing() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < plays_.size(); ++i)
    if (plays_[i] == 0) names.push_back(name_of(table_.plays[i]));
  for (std::size_t i = 0; i < findings_.size(); ++i)
    if (findings_[i] == 0) names.push_back(name_of(table_.findings[i]));
  return names;
}

std::string Tally::report() const {
  std::string out;
  for (std::size_t i = 0; i < plays_.size(); ++i)
    add_line(out, plays_[i], name_of(table_.plays[i]));
  for (std::size_t i = 0; i < findings_.size(); ++i)
    add_line(out, findings_[i], name_of(table_.findings[i]));
  for (const auto& [name, count] : counts_) add_line(out, count, name);
  add_line(out, illegal, "illegal steps sent");
  add_line(out, illegal_rejected, "of them answered by rejected");
  add_line(out, others_rejected, "other steps rejected (crossed with an order's end)");
  const std::vector<std::string> never = missing();
  out += never.empty() ? "every row of the table occurred\n" : "never occurred:\n";
  for (const std::string& name : never) out += "  " + name + "\n";
  return out;
}

}  // namespace simulate
