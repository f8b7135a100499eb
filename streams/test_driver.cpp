#include "streams/test_driver.h"

namespace streams {

Schedule Schedule::random(std::uint64_t seed) {
  std::mt19937_64 random{seed};
  const auto one_of = [&random](std::initializer_list<double> choices) {
    return *(choices.begin() + static_cast<std::ptrdiff_t>(random() % choices.size()));
  };
  return {.seed = seed,
          .commit = one_of({0.02, 0.2, 0.7, 1.0}),
          .checkpoint = one_of({0.05, 0.3, 1.0}),
          .abort = one_of({0.0, 0.05, 0.3}),
          .crash = one_of({0.0, 0.03, 0.2}),
          .flush = one_of({0.0, 0.1, 0.5}),
          .memory_bytes = one_of({0.0, 1.0}) == 0.0 ? std::size_t{1} : std::size_t{64} << 20};
}

TestDriver::TestDriver(const Topology& topology, MakeDecoder make_decoder, EpochOptions options,
                       const Schedule& schedule)
    : topology_(topology),
      make_decoder_(std::move(make_decoder)),
      options_(std::move(options)),
      schedule_(schedule),
      random_(schedule.seed) {
  options_.memory_bytes = schedule.memory_bytes;
  start();
}

void TestDriver::start() {
  epochs_ = std::make_unique<Epochs>(topology_, log_, store_, make_decoder_, options_);
  CHECK(epochs_->restore().ok());
  replay_differed_ = replay_differed_ || epochs_->replay_differed();
}

void TestDriver::send(const std::string& door, std::string_view subject, Time recorded,
                      std::string bytes) {
  const int partition = partition_of(subject, options_.partitions);
  CHECK(log_.append({{{door, partition}, recorded, std::move(bytes)}}, true).ok());
}

void TestDriver::activate(const Version& version) {
  for (int p = 0; p < options_.partitions; ++p)
    epochs_->post(p, version_event(version, epochs_->clock()));
  commit();
}

void TestDriver::restore(std::string_view entity) {
  epochs_->post(partition_of(entity, options_.partitions),
                restore_event(entity, epochs_->clock()));
  commit();
}

bool TestDriver::chance(double probability) {
  return std::uniform_real_distribution<>{}(random_) < probability;
}

void TestDriver::commit() {
  if (!epochs_->uncommitted()) return;
  const auto written = log_.commit(epochs_->cut(Epochs::Cut::plain));
  CHECK(written.ok());
  epochs_->confirm(*written);
}

void TestDriver::misfortune() {
  if (chance(schedule_.commit)) {
    Commit commit = epochs_->cut(chance(schedule_.checkpoint) ? Epochs::Cut::checkpoint
                                                              : Epochs::Cut::plain);
    if (chance(schedule_.abort)) {
      CHECK(epochs_->rollback().ok());
      replay_differed_ = replay_differed_ || epochs_->replay_differed();
      return;
    }
    const auto written = log_.commit(std::move(commit));
    CHECK(written.ok());
    if (chance(schedule_.crash)) return start();  // written, but nobody was told
    epochs_->confirm(*written);
    if (chance(schedule_.flush)) {
      Epochs::Flush flush = epochs_->take_flush();
      CHECK(store_.write(std::move(flush.rows)).ok());
      if (chance(schedule_.crash)) return start();
      CHECK(log_.forget_changes(flush.marks).ok());
      epochs_->flushed();
    }
  }
  if (chance(schedule_.crash)) start();
}

void TestDriver::run(Time tick) {
  Result<void> ran = epochs_->run(tick);
  while (!ran && ran.error().kind == Error::Kind::abort_task) ran = epochs_->run_again(tick);
  CHECK(ran.ok());
  misfortune();
}

void TestDriver::finish() {
  while (true) {
    Result<std::optional<Time>> tick = epochs_->next_tick();
    CHECK(tick.ok());
    if (!*tick) break;
    run(**tick);
  }
  commit();
}

void TestDriver::advance_to(Time until) {
  while (epochs_->clock() < until) {
    Result<std::optional<Time>> tick = epochs_->next_tick(until);
    CHECK(tick.ok() && tick->has_value());
    run(**tick);
  }
  commit();
}

std::vector<std::string> TestDriver::read(const std::string& topic) {
  std::vector<std::string> records;
  std::int64_t& next = read_[topic];
  while (true) {
    Result<Batch> batch = log_.fetch({topic, 0}, next, 1 << 20);
    CHECK(batch.ok());
    if (batch->records.empty()) return records;
    for (const LogRecord& record : batch->records) records.emplace_back(record.bytes);
    next = batch->records.back().offset + 1;
  }
}

}  // namespace streams
