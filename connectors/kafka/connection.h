#pragma once

// Connection: where the brokers are and how to speak to them; every client of this folder is
// configured from one. Security settings come from a file of librdkafka's own properties or from
// the environment, never from the command line, and are in no log. Values; any thread.

#include <map>
#include <string>
#include <vector>

#include "connectors/kafka/handles.h"

namespace connectors::kafka {

struct Connection {
  std::string brokers;                            // HOST:PORT,…
  std::map<std::string, std::string> properties;  // of librdkafka: security.protocol, sasl.*, ssl.*
  std::string prefix;                             // in front of every topic's name
  std::map<std::string, std::string, std::less<>> names;  // of topics that are called otherwise

  /// The broker's name of a topic of ours, and back.
  std::string topic(std::string_view name) const;
  std::string_view ours(std::string_view broker_name) const;
};

/// `file`: lines `name=value`, `#` begins a comment; may be empty. Then the environment:
/// WATCHFIRE_KAFKA_SASL_PASSWORD is `sasl.password`. Names that the program sets itself are
/// refused.
streams::Result<Connection> read_connection(const std::string& brokers, const std::string& file);

using Settings = std::vector<std::pair<std::string, std::string>>;

/// Settings of one client over the connection's own; a wrong name or value is an error of usage.
streams::Result<Conf> configure(const Connection& connection, const Settings& settings);

/// A broker answers and knows these credentials, or the sentence that says what is wrong. Seconds.
streams::Result<void> check_reachable(const Connection& connection);

/// The same; what the brokers call their cluster, for ever.
streams::Result<std::string> cluster_id(const Connection& connection);

/// What to know about this librdkafka, one sentence each: bugs of its version that can bite.
std::vector<std::string> library_warnings();
std::string library_version();

}  // namespace connectors::kafka
