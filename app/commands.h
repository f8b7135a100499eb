#pragma once

// commands: what each subcommand of `watchfire` does, behind its options. main() parses and calls
// one of them; tests call them in-process. All print to standard output, sentences of failure go to
// standard error; the answer is the exit code: 0 done, 1 failed, 2 wrong usage.

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "streams/result.h"
#include "streams/time.h"

namespace app {

/// Prints the sentence and gives the exit code.
int report(const streams::Error& error);

struct TailOptions {
  std::string topic, data, entity;
  std::string from = "start";  // start, end, or a time
  bool follow = false;
};
int topics(const std::string& data);
int tail(const TailOptions& options);

int rules_check(const std::vector<std::string>& packs);
int rules_test(const std::vector<std::string>& packs);
/// Lines as in the conformance cases from standard input, an answer for each.
int rules_eval();
int rules_explain(const std::string& warning, const std::string& data);
struct DescribeOptions {
  bool mermaid = false, asyncapi = false, steps = false;
};
int describe(const DescribeOptions& how);
int dead_letters_list(const std::string& data);
/// `again`: also those that were retried before.
int dead_letters_retry(const std::string& data, bool again);

/// Tells the process that has the directory open.
int clock_accept(const std::string& data);

struct TokenOptions {
  std::string name;
  std::vector<std::string> routes, types, subjects, by, units;
  std::string district, role, not_after;
};
/// Prints a new secret, once, and the entry of tokens.yaml that knows it by its hash.
int token_new(const TokenOptions& options);

struct KafkaOptions {
  std::string brokers;      // HOST:PORT,…; empty: the embedded log
  std::string config_file;  // librdkafka properties: TLS, SASL
  std::string prefix;       // of every topic
  std::string app = "watchfire";
  std::string instance = "1";
  int session_ms = 15'000;
  bool only_vouched = false;  // an officer's word on a topic needs `vouchedunits`, too
};

struct RunOptions {
  KafkaOptions kafka;
  std::string data, city, http, token_file, tokens, link_secret_file, complainant_key_file, photos;
  std::vector<std::string> trusted_proxies;  // addresses
  int threads = 1;
  std::optional<int> partitions;
  int commit_ms = 100;
  int backlog_ms = 300;       // of the engine, from which the HTTP door sheds load
  bool accept_clock = false;  // the machine's clock is right, whatever the last tick says
  std::string memory = "512MiB";
  bool until_end = false;
};
int run(const RunOptions& options);
int run_on_kafka(const RunOptions& options);
/// On the data directory, or on Kafka where brokers are given; there without a pack: all of the
/// city's files that are not active as they are.
struct ActivateOptions {
  std::string pack, data, city;
  KafkaOptions kafka;
};
int rules_activate(const ActivateOptions& options);
/// The entities that are set aside; and one of them goes on.
int entity_list(const std::string& data);
int entity_restore(const std::string& data, const std::string& entity);
int entity_restore_on_kafka(const KafkaOptions& kafka, const std::string& entity);
/// Gives up what lies behind a damage of the write-ahead log, and says what.
int repair(const std::string& data);
int rules_activate_on_kafka(const ActivateOptions& options);
int topics_create(const KafkaOptions& options, int partitions, int replication);

struct SimulateOptions {
  RunOptions engine;
  std::uint64_t seed = 7;
  double hours = 24;
  std::string start;
  double speed = 0;  // 0: as fast as it can
  bool feedback = true;
  std::string out;
  int elevators = 1000;
  std::optional<int> kitchens, street_cameras, calls;  // else as a city of so many elevators has
};
int simulate(const SimulateOptions& options);

struct ReplayOptions {
  RunOptions engine;
  std::vector<std::string> files;
  double speed = 0;
  bool load_only = false;
};
int replay(const ReplayOptions& options);

/// "512MiB", "1GiB"; nothing for other text.
std::optional<std::size_t> parse_bytes(const std::string& text);

}  // namespace app
