#include "connectors/kafka/connection.h"

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <set>

namespace connectors::kafka {

using streams::Error;
using streams::Result;

Error error_of(rd_kafka_resp_err_t code, std::string_view doing, Error::Kind kind) {
  return {kind, "can't " + std::string{doing} + ": " + rd_kafka_err2str(code) + " (" +
                    rd_kafka_err2name(code) + ")"};
}

Error error_of(const KafkaError& error, std::string_view doing, Error::Kind kind) {
  return {kind, "can't " + std::string{doing} + ": " + rd_kafka_error_string(error.get()) + " (" +
                    rd_kafka_error_name(error.get()) + ")"};
}

namespace {

constexpr int kReachableMs = 10'000;

/// What the program decides itself: a file that says otherwise would break what it promises.
const std::set<std::string, std::less<>> kOurs = {"bootstrap.servers",
                                                  "metadata.broker.list",
                                                  "group.id",
                                                  "group.instance.id",
                                                  "transactional.id",
                                                  "enable.idempotence",
                                                  "isolation.level",
                                                  "enable.auto.commit",
                                                  "auto.offset.reset",
                                                  "acks",
                                                  "request.required.acks"};

/// The last thing that librdkafka complained about: why a broker could not be reached.
struct Complaint {
  std::mutex mutex;
  std::string text;
  rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
};

void on_error(rd_kafka_t*, int code, const char* reason, void* opaque) {
  if (opaque == nullptr) return;
  auto& complaint = *static_cast<Complaint*>(opaque);
  const std::lock_guard lock{complaint.mutex};
  const auto said = static_cast<rd_kafka_resp_err_t>(code);
  if (said == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !complaint.text.empty()) return;
  complaint.code = said;
  complaint.text = reason;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

std::string Connection::topic(std::string_view name) const {
  const auto other = names.find(name);
  return other != names.end() ? other->second : prefix + std::string{name};
}

std::string_view Connection::ours(std::string_view broker_name) const {
  for (const auto& [name, other] : names)
    if (other == broker_name) return name;
  return broker_name.substr(std::min(prefix.size(), broker_name.size()));
}

Result<Connection> read_connection(const std::string& brokers, const std::string& file) {
  Connection connection;
  connection.brokers = brokers;
  if (brokers.empty())
    return Error{Error::Kind::usage, "--brokers is a list of HOST:PORT, such as 127.0.0.1:9092"};
  if (!file.empty()) {
    std::ifstream in{file};
    if (!in) return Error{Error::Kind::usage, "can't read " + file + ", given as --kafka-config"};
    int number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      line = trimmed(line);
      if (line.empty() || line.front() == '#') continue;
      const auto equals = line.find('=');
      const std::string where = file + " line " + std::to_string(number);
      if (equals == std::string::npos)
        return Error{Error::Kind::usage, where + " is not name=value"};
      const std::string name = trimmed(line.substr(0, equals));
      if (kOurs.contains(name))
        return Error{Error::Kind::usage,
                     where + " sets " + name + ", which watchfire decides itself: take it out"};
      connection.properties[name] = trimmed(line.substr(equals + 1));
    }
  }
  if (const char* password = std::getenv("WATCHFIRE_KAFKA_SASL_PASSWORD"))
    connection.properties["sasl.password"] = password;
  return connection;
}

Result<Conf> configure(const Connection& connection, const Settings& settings) {
  Conf conf{rd_kafka_conf_new()};
  char reason[512];
  const auto set = [&](const std::string& name, const std::string& value) {
    return rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason, sizeof reason) ==
           RD_KAFKA_CONF_OK;
  };
  const auto refused = [&](const std::string& name) {
    return Error{Error::Kind::usage, "the Kafka setting " + name + " is refused: " + reason};
  };
  if (!set("bootstrap.servers", connection.brokers)) return refused("bootstrap.servers");
  if (!set("client.id", "watchfire")) return refused("client.id");
  if (!set("socket.nagle.disable", "true")) return refused("socket.nagle.disable");
  if (!set("log_level", "2")) return refused("log_level");
  for (const auto& [name, value] : connection.properties)
    if (!set(name, value)) return refused(name);
  for (const auto& [name, value] : settings)
    if (!set(name, value)) return refused(name);
  return conf;
}

Result<std::string> cluster_id(const Connection& connection) {
  Complaint complaint;
  Result<Conf> conf = configure(connection, {});
  if (!conf) return conf.error();
  rd_kafka_conf_set_error_cb(conf->get(), on_error);
  rd_kafka_conf_set_opaque(conf->get(), &complaint);
  char reason[512];
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), reason, sizeof reason);
  if (client == nullptr)
    return Error{Error::Kind::usage, std::string{"the Kafka settings are refused: "} + reason};
  (void)conf->release();
  const rd_kafka_metadata_t* metadata = nullptr;
  const rd_kafka_resp_err_t code = rd_kafka_metadata(client, 0, nullptr, &metadata, kReachableMs);
  rd_kafka_poll(client, 0);
  if (metadata != nullptr) rd_kafka_metadata_destroy(metadata);
  std::string id;
  if (char* told = rd_kafka_clusterid(client, 0); told != nullptr) {
    id = told;
    rd_kafka_mem_free(client, told);
  }
  rd_kafka_destroy(client);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return id;
  const std::lock_guard lock{complaint.mutex};
  if (complaint.code == RD_KAFKA_RESP_ERR__AUTHENTICATION)
    return Error{Error::Kind::usage, "the broker at " + connection.brokers +
                                         " refuses the credentials: " + complaint.text +
                                         "; check the file given as --kafka-config"};
  const std::string why = complaint.text.empty() ? rd_kafka_err2str(code) : complaint.text;
  return Error{Error::Kind::usage, "no Kafka broker answers at " + connection.brokers + " (" + why +
                                       "): check --brokers, and that the broker runs and speaks "
                                       "the protocol that --kafka-config asks for"};
}

Result<void> check_reachable(const Connection& connection) {
  const Result<std::string> id = cluster_id(connection);
  if (!id) return id.error();
  return {};
}

std::string library_version() {
  return rd_kafka_version_str();
}

std::vector<std::string> library_warnings() {
  std::vector<std::string> warnings;
  const int version = rd_kafka_version();
  if (version < 0x020a0100)
    warnings.push_back("librdkafka " + library_version() +
                       ": the first record to a topic may be sent up to 1 s late (mended in "
                       "2.10.1); groups here are eager, the bugs of cooperative ones can't bite");
  if (version < 0x02020000)
    warnings.push_back("librdkafka " + library_version() +
                       " stops fetching for up to 1 s when its queue is full (mended in 2.2.0): "
                       "watchfire wakes it");
  return warnings;
}

}  // namespace connectors::kafka
