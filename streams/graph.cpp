#include "streams/graph.h"

#include <algorithm>
#include <utility>

#include "streams/event_text.h"
#include "streams/hash.h"

namespace streams {
namespace {

/// How many letters lie between an event from outside and what is said now.
int hops_behind(std::string_view via) {
  return via.empty() ? 0 : 1 + static_cast<int>(std::count(via.begin(), via.end(), '\n'));
}

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

void Graph::tell(const AsideNews& news) {
  for (const Outlet<AsideNews>* asides : asides_) asides->push(news, context);
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

void Graph::bury(const DeadLetter& letter, std::string_view subject) {
  ++buried_;
  emit(&kDeadLetters, letter.id + ".1", kDeadLetterType, subject,
       [&letter](std::string& out) { append_json(out, letter); });
}

// ---- letters ------------------------------------------------------------------------------------

/// The entities that a letter from here has come through, the one in hand last.
std::string Graph::path() const {
  std::string path{context.via};
  if (!path.empty()) path += '\n';
  return path += context.entity->key;
}

// A letter's id is its name, a colon, and the hash of who sent it because of what: the same cause
// makes the same letter again. What it came through travels with it, and bounds how far it goes.
void Graph::post(std::string_view name, std::string_view to, std::string data) {
  std::string cause{context.cause_id};
  if (cause.empty()) cause = format_time(context.time);
  const std::string id =
      make_id(std::string{name} + ":", {source_, context.entity->key, context.cause_source, cause,
                                        to, std::to_string(context.letters_sent++)});
  std::string bytes = begin_event({id, source_, kLetterType, to, context.time, context.cause_id,
                                   context.exercise, path()});
  send(to, id, std::move(bytes += data + "}"));
}

void Graph::forward(std::string_view type, std::string_view to, std::string data,
                    const Origin& of) {
  const Origin origin = of.id.empty() ? Origin{context.cause_id, context.cause_source} : of;
  std::string bytes =
      begin_event({origin.id, origin.source, type, to, context.time, {}, context.exercise, path()});
  send(to, origin.id, std::move(bytes += data + "}"));
}

/// Whoever writes it goes on all the same: a letter that nobody can get is a dead one.
void Graph::send(std::string_view to, std::string_view id, std::string bytes) {
  const bool in_a_circle = hops_behind(context.via) >= kMostHops;
  if (!in_a_circle && is_entity_name(to)) {
    letters.push_back({&kCityEvents, std::string{to}, std::move(bytes)});
    return;
  }
  std::string way = path();
  for (std::size_t at = 0; (at = way.find('\n', at)) != std::string::npos;)
    way.replace(at, 1, " > ");
  DeadLetter letter;
  letter.topic = kCityEvents;
  letter.partition = partition_;
  letter.reason = in_a_circle
                      ? "a letter may cause a letter " + std::to_string(kMostHops) +
                            " times and this is once more; it came through: " + way + " > " +
                            std::string{to}
                      : "no entity has this name, which is to be <kind>/<id> of at most " +
                            std::to_string(kLongestName) +
                            " bytes without control characters; it came through: " + way;
  letter.bytes = readable_text(bytes);
  letter.id = make_id("d-", {source_, context.entity->key, to, id,
                             std::to_string(context.next_ordinal())});
  bury(letter, context.entity->key);
}

void Graph::publish(const Version& version) {
  letters.push_back({&kCityEvents, {}, version_event(version, context.time)});
}

}  // namespace streams
