#include "streams/task.h"

#include <algorithm>
#include <array>
#include <utility>

namespace streams {
namespace {

constexpr std::array kOwnSpaces{row_space::kHead, row_space::kVersions, row_space::kAside};

}  // namespace

Task::Task(const Topology& topology, Store& store, std::unique_ptr<Decoder> decoder,
           const TaskOptions& options)
    : options_(options),
      store_(store),
      decoder_(std::move(decoder)),
      graph_(topology.instantiate(options.city, options.partition)),
      table_(graph_->layout(), store, options.partition, options.memory_bytes) {
  graph_->context.table = &table_;
  graph_->decoder = decoder_.get();
  refresh_fields();
}

// The task's own rows: its clock, and the active versions, which change seldom and are long.
std::string Task::own_key(char space) const {
  return EntityTable::space_prefix(space, options_.partition);
}

std::string Task::own_row(char space, const Head& head) const {
  std::string bytes;
  ByteWriter writer{bytes};
  writer.fixed(kRowVersion);
  if (space == row_space::kHead)
    write_row(writer, StoredClock{head.clock});
  else if (space == row_space::kVersions)
    write_row(writer, StoredVersions{head.versions});
  else
    write_row(writer, StoredAside{head.aside});
  return bytes;
}

Result<void> Task::take_in(char space, std::string_view row) {
  ByteReader reader{row};
  const auto version = reader.fixed<std::uint8_t>();
  bool read = version == kRowVersion;
  if (space == row_space::kHead) {
    StoredClock stored;
    read = read && read_row(reader, stored);
    head_.clock = stored.clock;
  } else if (space == row_space::kVersions) {
    StoredVersions stored;
    read = read && read_row(reader, stored);
    head_.versions = std::move(stored.versions);
  } else {
    StoredAside stored;
    read = read && read_row(reader, stored);
    head_.aside = std::move(stored.aside);
  }
  if (read) return {};
  const std::string state = "the state of partition " + std::to_string(options_.partition);
  if (version > 0 && version < kRowVersion)
    return Error{Error::Kind::fatal,
                 state + " was written by an older version of this program, whose rows this one "
                         "does not read: go on with that version, or replay its records into "
                         "another directory"};
  return Error{Error::Kind::fatal,
               state + " was written by a newer version of this program (or is damaged): start "
                       "that version, or restore the directory from a copy"};
}

Result<void> Task::load() {
  for (const char space : kOwnSpaces) {
    Result<std::optional<std::string>> stored = store_.get(own_key(space));
    if (!stored) return stored.error();
    if (!*stored) continue;
    if (Result<void> taken = take_in(space, **stored); !taken) return taken;
  }
  return table_.restore();
}

Result<void> Task::take_in(const ChangeBlock& block) {
  RowReader reader{*block};
  for (ChangedRow row; reader.next(row);) {
    if (std::find(kOwnSpaces.begin(), kOwnSpaces.end(), row.space) == kOwnSpaces.end()) continue;
    if (Result<void> taken = take_in(row.space, row.value); !taken) return taken;
  }
  committed_ = head_;
  return table_.replay(block);
}

void Task::ready() {
  committed_ = head_;
  graph_->context.clock = head_.clock;
  table_.keep_aside(names_aside());
  for (const Version& version : head_.versions) graph_->activate(version);
  refresh_fields();
}

void Task::refresh_fields() {
  if (const std::vector<FieldList>* fields = graph_->new_fields()) decoder_->extract(*fields);
}

void Task::process(const std::string& topic, const LogRecord& record) {
  event_ = {};
  if (!broken_.empty())
    if (const Broken* broken = broke_before({.topic = topic, .offset = record.offset}))
      return pass_by(*broken, topic, record);
  bool is_tick = false;
  try {
    is_tick = !take(topic, record);
  } catch (const std::bad_alloc&) {
    throw;  // the machine's, not the record's
  } catch (const std::exception& e) {
    const bool of_all = event_.type == kVersionType;
    breaks({.topic = topic, .offset = record.offset,
            .entity = of_all ? std::string{} : std::string{event_.subject}},
           e.what());
  }
  if (is_tick) tick(event_.time);
}

/// False: it is a tick.
bool Task::take(const std::string& topic, const LogRecord& record) {
  if (std::optional<Reject> reject = decoder_->decode(record.bytes, event_)) {
    bury(topic, record, *reject);
    return true;
  }
  event_.recorded = record.recorded;  // the door's word, not the event's own
  if (event_.type == kTickType) return false;
  if (event_.type == kVersionType) {
    activate(event_, topic, record);
  } else if (event_.type == kRestoreType && topic == kCityEvents) {
    restore(event_, topic, record);
  } else {
    if (event_.time > event_.recorded + kDisorderBound) {
      event_.time = event_.recorded + kDisorderBound;
      ++counts_.clamped;
    }
    deliver(event_, topic, record);
  }
  return true;
}

void Task::deliver(const Event& event, const std::string& topic, const LogRecord& record) {
  Entity* entity = table_.find(event.subject);
  if (entity == nullptr) return;  // the store failed: failed() says so
  if (entity->row_bytes == 0 && !is_entity_name(event.subject))
    return bury(topic, record,
                {"attribute 'subject' is no entity's name: <kind>/<id> of at most " +
                 std::to_string(kLongestName) + " bytes without control characters"});
  if (entity->aside) return keep_away(event, topic, record);
  if (entity->wake < event.recorded) fire_earlier(*entity, event.recorded);
  if (failed()) return;
  begin_context(entity, event.time, event.recorded);
  Context& context = graph_->context;
  context.cause_id = event.id;
  context.cause_source = event.source;
  context.vouched = event.vouched;
  context.exercise = event.exercise;
  const bool letter = event.type == kLetterType;
  if (topic == kCityEvents) context.via = event.via;  // a door's is its sender's own word
  ++(letter ? counts_.letters : counts_.events);
  if (std::optional<Reject> reject = graph_->deliver(event)) bury(topic, record, *reject);
}

void Task::begin_context(Entity* entity, Time at, Time recorded) {
  Context& context = graph_->context;
  context.entity = entity;
  context.time = at;
  context.recorded = recorded;
  context.cause_id = {};
  context.cause_source = {};
  context.exercise = false;
  context.vouched = {};
  context.via = {};
  context.letters_sent = 0;
  context.things_said = 0;
}

void Task::activate(const Event& event, const std::string& topic, const LogRecord& record) {
  Version version;
  std::string where;
  if (!read_json(decoder_->read(event.data), version, where))
    return bury(topic, record, {"a version record needs name, hash and content"});
  if (std::optional<Reject> reject = graph_->refuse(kVersionType, event))
    return bury(topic, record, *reject);
  graph_->context.time = event.time;
  adopt(version);
}

/// One without content takes what is active under its name away.
void Task::adopt(const Version& version) {
  const bool active = std::any_of(
      head_.versions.begin(), head_.versions.end(),
      [&](const Version& one) { return one.name == version.name && one.hash == version.hash; });
  if (active) return;
  std::erase_if(head_.versions, [&](const Version& old) { return old.name == version.name; });
  if (!version.content.empty()) head_.versions.push_back(version);
  versions_changed_ = true;
  graph_->activate(version);
  refresh_fields();
}

void Task::bury(const std::string& topic, const LogRecord& record, const Reject& reject) {
  const std::string offset = std::to_string(record.offset);
  const DeadLetter letter{.id = make_id("d-", {topic, std::to_string(options_.partition), offset}),
                          .topic = topic,
                          .partition = options_.partition,
                          .offset = record.offset,
                          .reason = reject.reason,
                          .position = reject.position,
                          .bytes = readable_text(record.bytes)};
  begin_context(nullptr, record.recorded, record.recorded);
  graph_->bury(letter, topic + "/" + offset);
}

// ---- time ---------------------------------------------------------------------------------------

void Task::tick(Time now) {
  const Time before = head_.clock;
  head_.clock = std::max(head_.clock, now);
  graph_->context.clock = head_.clock;
  while (!failed()) {
    const std::optional<EntityTable::Due> due = table_.take_due(head_.clock);
    if (!due) break;
    // What was due before the last tick was set since: for a past that became known only now.
    fire(*due, due->at > before ? due->at : head_.clock);
  }
  if (!table_.unreadable().empty()) mark_unreadable();
}

/// The same order after a lag as without one: what a tick would have fired before this event came
/// fires before it.
void Task::fire_earlier(Entity& entity, Time recorded) {
  while (!failed() && !entity.aside) {
    const std::optional<EntityTable::Due> due =
        table_.take_due_of(entity, head_.clock, recorded);
    if (!due) return;
    fire(*due, due->at);
  }
}

void Task::fire(const EntityTable::Due& due, Time recorded) {
  if (!broken_.empty()) {
    if (const Broken* broken = broke_before(
            {.entity = due.entity->key, .timer = due.timer, .at = due.at})) {
      table_.set_timer(*due.entity, due.timer, due.at);  // it stands, should they be restored
      return mark_aside(broken->entity, std::max(due.at, recorded), broken->why);
    }
  }
  begin_context(due.entity, due.at, recorded);
  graph_->context.cause_source =
      graph_->layout().timers[static_cast<std::size_t>(due.timer)].name;
  ++counts_.timers;
  try {
    graph_->fire(due.timer);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    breaks({.entity = due.entity->key, .timer = due.timer, .at = due.at}, e.what());
  }
}

// ---- cuts ---------------------------------------------------------------------------------------

ChangeBlock Task::cut() {
  cut_head_ = head_;
  std::string rows;
  RowWriter writer{rows};
  writer.add(std::string{row_space::kHead}, own_row(row_space::kHead, head_));
  if (std::exchange(versions_changed_, false))
    writer.add(std::string{row_space::kVersions}, own_row(row_space::kVersions, head_));
  if (std::exchange(aside_changed_, false))
    writer.add(std::string{row_space::kAside}, own_row(row_space::kAside, head_));
  for (Broken& broken : broken_) broken.cut = broken.reached;
  return table_.cut(std::move(rows));
}

void Task::confirm() {
  committed_ = cut_head_;
  std::erase_if(broken_, [](const Broken& broken) { return broken.cut; });
  table_.confirm();
}

void Task::rollback() {
  table_.rollback();
  graph_->outputs.clear();
  graph_->letters.clear();
  for (const Version& undone : head_.versions) {
    const auto same = [&](const Version& kept) { return kept.name == undone.name; };
    if (std::none_of(committed_.versions.begin(), committed_.versions.end(), same))
      graph_->activate({undone.name, "", ""});  // never was: operators forget it
  }
  head_ = committed_;
  versions_changed_ = aside_changed_ = true;  // the undone cut may have been the one that told
  for (Broken& broken : broken_) broken.reached = broken.cut = false;
  table_.keep_aside(names_aside());
  graph_->context.clock = head_.clock;
  for (const Version& version : head_.versions) graph_->activate(version);
  refresh_fields();
}

std::vector<StoreWrite> Task::take_flush() {
  std::vector<StoreWrite> batch = table_.take_flush();
  for (const char space : kOwnSpaces)
    batch.push_back({own_key(space), own_row(space, committed_)});
  return batch;
}

}  // namespace streams
