#pragma once

// What the benchmark's own programs share: librdkafka, with nothing of the engine in between, and
// the file of events. Any error ends the program with one sentence.

#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "streams/hash.h"

namespace benchmarks {

[[noreturn]] inline void fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

/// A file of lines, mapped.
class Lines {
 public:
  explicit Lines(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY);
    struct stat about {};
    if (file < 0 || fstat(file, &about) != 0) fail("can't read the events in " + path);
    const auto size = static_cast<std::size_t>(about.st_size);
    void* bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED) fail("can't map the events in " + path);
    madvise(bytes, size, MADV_SEQUENTIAL);
    rest_ = {static_cast<const char*>(bytes), size};
  }

  /// The next line, without its end; empty behind the last.
  std::string_view next() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(rest_.size(), line.size() + 1));
    return line;
  }

 private:
  std::string_view rest_;
};

/// The text between `before` and the next quote.
inline std::string_view quoted(std::string_view line, std::string_view before) {
  const std::size_t at = line.find(before);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + before.size());
  return line.substr(0, line.find('"'));
}

using Settings = std::vector<std::pair<const char*, std::string>>;

inline rd_kafka_t* open_client(rd_kafka_type_t type, const Settings& settings) {
  char reason[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : settings)
    if (rd_kafka_conf_set(conf, name, value.c_str(), reason, sizeof reason) != RD_KAFKA_CONF_OK)
      fail(reason);
  if (type == RD_KAFKA_PRODUCER)
    rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void*) {
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        fail(std::string{"an event was not taken: "} + rd_kafka_err2str(message->err));
    });
  rd_kafka_t* client = rd_kafka_new(type, conf, reason, sizeof reason);
  if (client == nullptr) fail(reason);
  return client;
}

inline int partition_count(rd_kafka_t* client, rd_kafka_topic_t* topic) {
  const rd_kafka_metadata_t* found = nullptr;
  if (const auto error = rd_kafka_metadata(client, 0, topic, &found, 10'000))
    fail(rd_kafka_err2str(error));
  const int count = found->topics[0].partition_cnt;
  rd_kafka_metadata_destroy(found);
  if (count == 0) fail(std::string{"there is no topic "} + rd_kafka_topic_name(topic));
  return count;
}

/// Writes events keyed by their subject, in the partition that every Kafka client would choose.
class EventProducer {
 public:
  EventProducer(const std::string& broker, const std::string& topic, const std::string& linger_ms)
      : client_(open_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", broker},
                                                {"enable.idempotence", "true"},
                                                {"linger.ms", linger_ms},
                                                {"log_level", "2"}})),
        topic_(rd_kafka_topic_new(client_, topic.c_str(), nullptr)),
        partitions_(partition_count(client_, topic_)) {}

  void send(std::string_view event) {
    const std::string_view subject = quoted(event, R"("subject":")");
    while (rd_kafka_produce(topic_, streams::partition_of(subject, partitions_),
                            RD_KAFKA_MSG_F_COPY, const_cast<char*>(event.data()), event.size(),
                            subject.data(), subject.size(), nullptr) != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
        fail(rd_kafka_err2str(rd_kafka_last_error()));
      rd_kafka_poll(client_, 10);
    }
    rd_kafka_poll(client_, 0);
  }

  void flush() {
    if (const auto error = rd_kafka_flush(client_, 60'000)) fail(rd_kafka_err2str(error));
  }

 private:
  rd_kafka_t* client_;
  rd_kafka_topic_t* topic_;
  int partitions_;
};

/// Reads every partition of a topic from its beginning, committed records alone, in no group.
class Reader {
 public:
  Reader(const std::string& broker, const std::string& topic)
      : client_(open_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", broker},
                                                {"group.id", "benchmark"},
                                                {"isolation.level", "read_committed"},
                                                {"enable.auto.commit", "false"},
                                                {"fetch.error.backoff.ms", "5"},
                                                {"log_level", "2"}})) {
    rd_kafka_topic_t* handle = rd_kafka_topic_new(client_, topic.c_str(), nullptr);
    const int count = partition_count(client_, handle);
    rd_kafka_topic_destroy(handle);
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(count);
    for (int i = 0; i < count; ++i)
      rd_kafka_topic_partition_list_add(list, topic.c_str(), i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    if (const auto error = rd_kafka_assign(client_, list)) fail(rd_kafka_err2str(error));
    rd_kafka_topic_partition_list_destroy(list);
  }
  ~Reader() { rd_kafka_destroy(client_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Calls `take(value)` for a record, if one comes within the time.
  template <typename Take>
  bool read(int wait_ms, Take&& take) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(client_, wait_ms);
    if (message == nullptr) return false;
    const bool good = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (good) take(std::string_view{static_cast<const char*>(message->payload), message->len});
    rd_kafka_message_destroy(message);
    return good;
  }

 private:
  rd_kafka_t* client_;
};

}  // namespace benchmarks
