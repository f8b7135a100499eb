#include "streams/graph.h"

#include <utility>

#include "streams/event_text.h"
#include "streams/hash.h"

namespace streams {
namespace {

constexpr int kMaxHops = 8;  // a letter that caused letters that caused letters …

}  // namespace

void Graph::add_operator(const std::string& name, OperatorBase& op) {
  operators_[name] = &op;
  OperatorBase::Wiring& wiring = op.wiring();
  wiring.context = &context;
  wiring.letter_box = this;
  wiring.extract = [this](std::vector<FieldList> fields) {
    fields_ = std::move(fields);
    fields_changed_ = true;
  };
  op.const_context_ = &context;
  wiring.binding = Binding{&context, static_cast<int>(layout_.cells.size()),
                           static_cast<int>(layout_.timers.size())};
  operator_records_.push_back({name, &wiring.records});
  const auto claim = [this](std::string full) {
    const std::uint32_t tag = name_tag(full);
    for (const Cell& cell : layout_.cells) CHECK(cell.tag != tag);
    for (const TimerName& timer : layout_.timers) CHECK(timer.tag != tag);
    return tag;
  };
  for (Cell cell : wiring.cells) {
    cell.name = name + "." + cell.name;
    cell.tag = claim(cell.name);
    layout_.cells.push_back(std::move(cell));
  }
  for (std::size_t i = 0; i < wiring.timers.size(); ++i) {
    const std::string full = name + "." + wiring.timers[i];
    layout_.timers.push_back({full, claim(full)});
    handlers_.push_back(wiring.handlers[i]);
  }
  for (std::size_t i = 0; i < wiring.counts.size(); ++i)
    counters_.push_back({name + "_" + wiring.count_names[i], &wiring.counts[i]});
  for (const auto& [what, values] : wiring.counts_by)
    counters_by_.push_back({name + "_" + what, &values});
}

std::optional<Reject> Graph::deliver(const Event& event) {
  const bool letter = event.type == kLetterType;  // its id begins with its name, see post()
  const Routes& routes = letter ? letter_routes_ : routes_;
  const std::string_view name = letter ? event.id.substr(0, event.id.find(':')) : event.type;
  const auto it = routes.find(name);
  if (it == routes.end())
    return Reject{"no operator reads '" + std::string{name} + "': see `describe` for what is read"};
  if (std::optional<Reject> reject = refuse(name, event)) return reject;
  for (const Deliver& deliver : it->second) deliver(event);
  return std::nullopt;
}

std::optional<Reject> Graph::refuse(std::string_view name, const Event& event) const {
  if (const auto checks = checks_.find(name); checks != checks_.end())
    for (const Check& check : checks->second)
      if (std::optional<Reject> reject = check(event)) return reject;
  return std::nullopt;
}

void Graph::activate(const Version& version) {
  context.entity = nullptr;
  for (const Outlet<Version>* versions : versions_) versions->push(version, context);
}

const std::vector<FieldList>* Graph::new_fields() {
  return std::exchange(fields_changed_, false) ? &fields_ : nullptr;
}

void Graph::emit(const std::string* topic, std::string_view id, std::string_view type,
                 std::string_view subject, const std::function<void(std::string&)>& data) {
  Output& output = outputs.emplace_back(Output{topic, std::string{subject}, {}});
  output.bytes =
      begin_event({id, source_, type, subject, context.time, context.cause_id, context.exercise});
  data(output.bytes);
  output.bytes += '}';
}

// A letter's id is its name, a colon, and the hash of who sent it because of what: the same cause
// makes the same letter again. Its hops travel as a number after the hash.
void Graph::post(std::string_view name, std::string_view to, std::string data) {
  CHECK(context.hops < kMaxHops);
  std::string cause{context.cause_id};
  if (cause.empty()) cause = format_time(context.time);
  std::string id =
      make_id(std::string{name} + ":", {source_, context.entity->key, context.cause_source, cause,
                                        to, std::to_string(context.letters_sent++)});
  id += "." + std::to_string(context.hops + 1);
  emit(&kCityEvents, id, kLetterType, to, [&data](std::string& out) { out += data; });
  letters.push_back(std::move(outputs.back()));
  outputs.pop_back();
}

void Graph::forward(std::string_view type, std::string_view to, std::string data,
                    const Origin& of) {
  const Origin origin = of.id.empty() ? Origin{context.cause_id, context.cause_source} : of;
  std::string bytes =
      begin_event({origin.id, origin.source, type, to, context.time, {}, context.exercise});
  bytes += data + "}";
  letters.push_back({&kCityEvents, std::string{to}, std::move(bytes)});
}

void Graph::publish(const Version& version) {
  letters.push_back({&kCityEvents, {}, version_event(version, context.time)});
}

}  // namespace streams
