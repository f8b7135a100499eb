// The load of the exactly-once run: readings of many accounts, and ticks, written to `city.events`
// with librdkafka alone. What it writes follows from the seed and the start; only the pace is real.
// It outlives broker restarts: its producer is idempotent and never gives a record up. `--print`
// says what it would write, without a broker: what the checker holds the topic against.

#include <librdkafka/rdkafka.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include "streams/hash.h"
#include "streams/time.h"

namespace {

using streams::Time;

struct Options {
  std::string brokers, prefix;
  int partitions = 4, accounts = 1000, families = 40;
  int seconds = 60, rate = 300;
  std::int64_t start_ms = 0;
  unsigned seed = 1;
  bool print = false;
};

constexpr int kDrainSeconds = 5;  // ticks behind the last reading: every timer fires

struct Record {
  int partition;
  Time time;
  std::string key, value;
};

std::string event(std::string_view type, const std::string& subject, const std::string& id,
                  Time time, const std::string& data) {
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"/load","type":")" +
         std::string{type} + R"(","subject":")" + subject + R"(","time":")" +
         streams::format_time(time) + R"(","data":)" + data + "}";
}

std::string tick_event(Time time) {
  return event("city.tick.v1", "clock/city", "tick/" + streams::format_time(time), time, "{}");
}

/// Every record in order. An account's family is fixed; its readings are numbered.
void generate(const Options& options, const std::function<void(const Record&)>& write) {
  std::mt19937 dice{options.seed};
  std::vector<int> sequences(static_cast<std::size_t>(options.accounts));
  const Time start{std::chrono::milliseconds{options.start_ms}};
  const Time end = start + std::chrono::seconds{options.seconds};
  Time tick = start;
  const auto ticks_until = [&](Time time) {
    for (; tick <= time; tick += streams::kTickInterval)
      for (int p = 0; p < options.partitions; ++p) write({p, tick, {}, tick_event(tick)});
  };
  const std::int64_t count = std::int64_t{options.seconds} * options.rate;
  for (std::int64_t i = 0; i < count; ++i) {
    const Time time = start + std::chrono::milliseconds{i * 1000 / options.rate};
    ticks_until(time);
    const auto account = dice() % static_cast<unsigned>(options.accounts);
    const std::string number = std::to_string(account);
    const std::string id = number + "-" + std::to_string(++sequences[account]);
    const std::string family =
        std::to_string(account * 7 % static_cast<unsigned>(options.families));
    const std::string key = "account/" + number;
    write({streams::partition_of(key, options.partitions), time, key,
           event("toy.reading.v1", key, id, time,
                 R"({"amount":)" + std::to_string(static_cast<int>(dice() % 2001) - 1000) +
                     R"(,"parent":"family/)" + family + R"("})")});
  }
  ticks_until(end + std::chrono::seconds{kDrainSeconds});
}

struct Producer {
  rd_kafka_t* client = nullptr;
  rd_kafka_topic_t* topic = nullptr;
  std::int64_t taken = 0, lost = 0;
};

void delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto& producer = *static_cast<Producer*>(opaque);
  ++(message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? producer.taken : producer.lost);
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR && producer.lost == 1)
    std::fprintf(stderr, "load: a record was not taken: %s\n", rd_kafka_err2str(message->err));
}

bool open(Producer& producer, const Options& options) {
  char reason[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  const std::vector<std::pair<const char*, std::string>> settings{
      {"bootstrap.servers", options.brokers},
      {"enable.idempotence", "true"},
      {"message.timeout.ms", "0"},
      {"linger.ms", "10"},
      {"log_level", "2"},
      {"queue.buffering.max.messages", "2000000"}};
  for (const auto& [name, value] : settings)
    if (rd_kafka_conf_set(conf, name, value.c_str(), reason, sizeof reason) != RD_KAFKA_CONF_OK) {
      std::fprintf(stderr, "load: %s\n", reason);
      return false;
    }
  rd_kafka_conf_set_opaque(conf, &producer);
  rd_kafka_conf_set_dr_msg_cb(conf, delivered);
  producer.client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
  if (producer.client == nullptr) {
    std::fprintf(stderr, "load: %s\n", reason);
    return false;
  }
  producer.topic =
      rd_kafka_topic_new(producer.client, (options.prefix + "city.events").c_str(), nullptr);
  return producer.topic != nullptr;
}

void produce(Producer& producer, const Record& record) {
  while (rd_kafka_producev(
             producer.client, RD_KAFKA_V_RKT(producer.topic),
             RD_KAFKA_V_PARTITION(record.partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
             RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()),
             RD_KAFKA_V_KEY(record.key.empty() ? nullptr : record.key.data(), record.key.size()),
             RD_KAFKA_V_TIMESTAMP(record.time.time_since_epoch().count()),
             RD_KAFKA_V_END) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
    rd_kafka_poll(producer.client, 10);
}

int load(const Options& options) {
  Producer producer;
  if (!open(producer, options)) return 1;
  const auto began = std::chrono::steady_clock::now();
  const Time start{std::chrono::milliseconds{options.start_ms}};
  std::int64_t sent = 0;
  generate(options, [&](const Record& record) {
    std::this_thread::sleep_until(began + (record.time - start));
    produce(producer, record);
    ++sent;
    rd_kafka_poll(producer.client, 0);
  });
  while (rd_kafka_flush(producer.client, 1000) != RD_KAFKA_RESP_ERR_NO_ERROR &&
         rd_kafka_fatal_error(producer.client, nullptr, 0) == RD_KAFKA_RESP_ERR_NO_ERROR) {
  }
  std::printf("load: %lld records, %lld taken\n", static_cast<long long>(sent),
              static_cast<long long>(producer.taken));
  const bool whole = producer.taken == sent;
  rd_kafka_topic_destroy(producer.topic);
  rd_kafka_destroy(producer.client);
  return whole ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App program{"readings and ticks for the exactly-once run"};
  program.add_option("--brokers", options.brokers);
  program.add_option("--prefix", options.prefix);
  program.add_option("--partitions", options.partitions);
  program.add_option("--accounts", options.accounts);
  program.add_option("--families", options.families);
  program.add_option("--seconds", options.seconds);
  program.add_option("--rate", options.rate);
  program.add_option("--start", options.start_ms, "ms since 1970, a multiple of 250")->required();
  program.add_option("--seed", options.seed);
  program.add_flag("--print", options.print);
  CLI11_PARSE(program, argc, argv);
  if (!options.print) return load(options);
  generate(options, [](const Record& record) {
    std::printf("%d\t%s\t%s\n", record.partition, record.key.c_str(), record.value.c_str());
  });
  return 0;
}
