#include "streams/task.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace streams {
namespace {

const std::string kDeadLetters = "dead.letters";
constexpr std::string_view kDeadLetterType = "city.dead_letter.v1";

struct DeadLetter {
  std::string id;
  std::string topic;
  int partition = 0;
  std::int64_t offset = 0;
  std::string reason;
  std::uint64_t position = 0;
  std::string bytes;
  static constexpr auto fields() {
    using D = DeadLetter;
    return std::tuple{
        field("id", &D::id),         field("topic", &D::topic),   field("partition", &D::partition),
        field("offset", &D::offset), field("reason", &D::reason), field("position", &D::position),
        field("bytes", &D::bytes)};
  }
};

int hops_of(std::string_view letter_id) {
  int hops = 0;
  const std::size_t dot = letter_id.rfind('.');
  if (dot != std::string_view::npos)
    std::from_chars(letter_id.data() + dot + 1, letter_id.data() + letter_id.size(), hops);
  return hops;
}

}  // namespace

Task::Task(const Topology& topology, Store& store, std::unique_ptr<Decoder> decoder,
           const TaskOptions& options)
    : options_(options),
      store_(store),
      decoder_(std::move(decoder)),
      graph_(topology.instantiate(options.city)),
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
  else
    write_row(writer, StoredVersions{head.versions});
  return bytes;
}

Result<void> Task::take_in(char space, std::string_view row) {
  ByteReader reader{row};
  bool read = reader.fixed<std::uint8_t>() == kRowVersion;
  if (space == row_space::kHead) {
    StoredClock stored;
    read = read && read_row(reader, stored);
    head_.clock = stored.clock;
  } else {
    StoredVersions stored;
    read = read && read_row(reader, stored);
    head_.versions = std::move(stored.versions);
  }
  if (read) return {};
  return Error{Error::Kind::fatal,
               "the state of partition " + std::to_string(options_.partition) +
                   " was written by a newer version of this program (or is damaged): start that "
                   "version, or restore the directory from a copy"};
}

Result<void> Task::load() {
  for (const char space : {row_space::kHead, row_space::kVersions}) {
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
    if (row.space != row_space::kHead && row.space != row_space::kVersions) continue;
    if (Result<void> taken = take_in(row.space, row.value); !taken) return taken;
  }
  committed_ = head_;
  return table_.replay(block);
}

void Task::ready() {
  committed_ = head_;
  graph_->context.clock = head_.clock;
  for (const Version& version : head_.versions) graph_->activate(version);
  refresh_fields();
}

void Task::refresh_fields() {
  if (const std::vector<FieldList>* fields = graph_->new_fields()) decoder_->extract(*fields);
}

void Task::process(const std::string& topic, const LogRecord& record) {
  event_ = {};
  if (std::optional<Reject> reject = decoder_->decode(record.bytes, event_))
    return bury(topic, record, *reject);
  event_.recorded = record.recorded;  // the door's word, not the event's own
  if (event_.type == kTickType) return tick(event_.time);
  if (event_.type == kVersionType) return activate(event_, topic, record);
  if (event_.time > event_.recorded + kDisorderBound) {
    event_.time = event_.recorded + kDisorderBound;
    ++counts_.clamped;
  }
  deliver(event_, topic, record);
}

void Task::deliver(const Event& event, const std::string& topic, const LogRecord& record) {
  Context& context = graph_->context;
  context.entity = table_.find(event.subject);
  if (context.entity == nullptr) return;  // the store failed: failed() says so
  context.time = event.time;
  context.recorded = event.recorded;
  context.cause_id = event.id;
  context.cause_source = event.source;
  context.vouched = event.vouched;
  context.exercise = event.exercise;
  context.letters_sent = 0;
  const bool letter = event.type == kLetterType;
  context.hops = letter ? hops_of(event.id) : 0;
  ++(letter ? counts_.letters : counts_.events);
  if (std::optional<Reject> reject = graph_->deliver(event)) bury(topic, record, *reject);
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

void Task::adopt(const Version& version) {
  const bool active = std::any_of(
      head_.versions.begin(), head_.versions.end(),
      [&](const Version& one) { return one.name == version.name && one.hash == version.hash; });
  if (active) return;
  std::erase_if(head_.versions, [&](const Version& old) { return old.name == version.name; });
  head_.versions.push_back(version);
  versions_changed_ = true;
  graph_->activate(version);
  refresh_fields();
}

void Task::bury(const std::string& topic, const LogRecord& record, const Reject& reject) {
  ++counts_.dead;
  const std::string offset = std::to_string(record.offset);
  const DeadLetter letter{.id = make_id("d-", {topic, std::to_string(options_.partition), offset}),
                          .topic = topic,
                          .partition = options_.partition,
                          .offset = record.offset,
                          .reason = reject.reason,
                          .position = reject.position,
                          .bytes = readable_text(record.bytes)};
  graph_->context.time = record.recorded;
  graph_->context.cause_id = {};
  graph_->context.exercise = false;
  graph_->emit(&kDeadLetters, letter.id + ".1", kDeadLetterType, topic + "/" + offset,
               [&letter](std::string& out) { append_json(out, letter); });
}

void Task::tick(Time now) {
  head_.clock = std::max(head_.clock, now);
  Context& context = graph_->context;
  context.clock = head_.clock;
  while (std::optional<EntityTable::Due> due = table_.take_due(head_.clock)) {
    context.entity = due->entity;
    context.time = due->at;
    context.recorded = due->at;
    context.cause_id = {};
    context.cause_source = graph_->layout().timers[static_cast<std::size_t>(due->timer)].name;
    context.vouched = {};
    context.exercise = false;
    context.hops = 0;
    context.letters_sent = 0;
    ++counts_.timers;
    graph_->fire(due->timer);
  }
}

ChangeBlock Task::cut() {
  cut_head_ = head_;
  std::string rows;
  RowWriter writer{rows};
  writer.add(std::string{row_space::kHead}, own_row(row_space::kHead, head_));
  if (std::exchange(versions_changed_, false))
    writer.add(std::string{row_space::kVersions}, own_row(row_space::kVersions, head_));
  return table_.cut(std::move(rows));
}

void Task::confirm() {
  committed_ = cut_head_;
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
  versions_changed_ = true;  // the undone cut may have been the one that told of them
  graph_->context.clock = head_.clock;
  for (const Version& version : head_.versions) graph_->activate(version);
  refresh_fields();
}

std::vector<StoreWrite> Task::take_flush() {
  std::vector<StoreWrite> batch = table_.take_flush();
  for (const char space : {row_space::kHead, row_space::kVersions})
    batch.push_back({own_key(space), own_row(space, committed_)});
  return batch;
}

}  // namespace streams
