#!/usr/bin/env bash
# A real Kafka broker (Apache Kafka 4.3.1, KRaft, one node, loopback only) for tests and benchmarks.
#   broker.sh install              the jars, once, into the user's cache
#   broker.sh start DIR [PORT]     returns when it answers and prints HOST:PORT; PORT: a free one
#   broker.sh stop DIR [--hard]    ends it and waits; --hard: kill -9
#   broker.sh restart DIR          the same directory on the same port
#   broker.sh sasl DIR             HOST:PORT of its listener that wants the user watchfire, password
#                                  secret (SASL/PLAIN)
#   broker.sh tool CLASS ARGS…     one of Kafka's own tools, such as
#                                  org.apache.kafka.tools.consumer.ConsoleConsumer
# WATCHFIRE_BROKER_HEAP: its heap (512m).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/watchfire/kafka-4.3.1
heap=${WATCHFIRE_BROKER_HEAP:-512m}

fail() { echo "broker.sh: $*" >&2; exit 1; }

install() { "$here/jars.sh" "$here/pom.xml" "$cache"; }

# Drawn together and none of them the one in use: a port that was just given back may be given again.
free_ports() {  # NUMBER [NOT]
  python3 - "$@" << 'PYTHON'
import socket, sys
open_ports = [socket.socket() for _ in range(int(sys.argv[1]) + 1)]
for one in open_ports:
    one.bind(("127.0.0.1", 0))
ports = [str(one.getsockname()[1]) for one in open_ports]
print(*[port for port in ports if port not in sys.argv[2:]][:int(sys.argv[1])])
PYTHON
}

write_settings() {  # DIR PORT
  local controller sasl
  read -r controller sasl <<< "$(free_ports 2 "$2")"
  echo "$sasl" > "$1/sasl_port"
  cat > "$1/server.properties" << PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$2,SASL://127.0.0.1:$sasl,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$2,SASL://127.0.0.1:$sasl
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT
sasl.enabled.mechanisms=PLAIN
listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_watchfire="secret";
log.dirs=$1/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=16777216
num.network.threads=2
num.io.threads=4
PROPERTIES
  cat > "$1/log4j2.properties" << PROPERTIES
rootLogger.level=warn
rootLogger.appenderRef.file.ref=file
logger.markers.name=kafka.coordinator.transaction.TransactionMarkerChannelManager
logger.markers.level=info
appender.file.type=File
appender.file.name=file
appender.file.fileName=$1/broker.log
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=%d %p %c{1}: %m%n
PROPERTIES
}

java_with() { java -cp "$cache/*" "$@"; }

launch() {  # DIR
  local port
  port=$(< "$1/port")
  nohup java "-Xms$heap" "-Xmx$heap" -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -cp "$cache/*" \
    "-Dlog4j2.configurationFile=$1/log4j2.properties" kafka.Kafka "$1/server.properties" \
    > "$1/console.log" 2>&1 < /dev/null &
  echo $! > "$1/pid"
  for ((i = 0; i < 600; i++)); do
    kill -0 "$(< "$1/pid")" 2> /dev/null ||
      { tail -5 "$1/console.log" "$1/broker.log" >&2; fail "the broker ended; see $1/console.log"; }
    if grep -q "Kafka Server started" "$1/console.log" "$1/broker.log" 2> /dev/null ||
       python3 - "$port" << 'PYTHON' 2> /dev/null
import socket, struct, sys
# ApiVersions: answered as soon as the broker takes requests.
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)
s.settimeout(1)
s.sendall(struct.pack(">ihhih", 10, 18, 0, 1, -1))
sys.exit(0 if len(s.recv(16)) >= 8 else 1)
PYTHON
    then
      echo "127.0.0.1:$port"
      return
    fi
    sleep 0.1
  done
  fail "the broker does not answer on 127.0.0.1:$port; see $1/broker.log"
}

start() {  # DIR [PORT]
  install
  mkdir -p "$1"
  if [[ ! -f $1/server.properties ]]; then
    local port=${2:-0}
    [[ $port == 0 ]] && port=$(free_ports 1)
    echo "$port" > "$1/port"
    write_settings "$1" "$port"
    java_with "-Dlog4j2.configurationFile=$1/log4j2.properties" kafka.tools.StorageTool format \
      -t AAAAAAAAAAAAAAAAAAAAAQ -c "$1/server.properties" > "$1/format.log" 2>&1 ||
      { tail -5 "$1/format.log" >&2; fail "the broker's storage could not be formatted"; }
  fi
  launch "$1"
}

stop() {  # DIR [--hard]
  [[ -f $1/pid ]] || return 0
  local pid signal=TERM
  pid=$(< "$1/pid")
  [[ ${2:-} == --hard ]] && signal=KILL
  kill "-$signal" "$pid" 2> /dev/null || true
  for ((i = 0; i < 300; i++)); do
    kill -0 "$pid" 2> /dev/null || { rm -f "$1/pid"; return; }
    sleep 0.1
  done
  kill -KILL "$pid" 2> /dev/null || true
  rm -f "$1/pid"
}

absolute() { mkdir -p "$1" && (cd "$1" && pwd); }

case ${1:-} in
  install) install ;;
  start) start "$(absolute "$2")" "${3:-0}" ;;
  stop) stop "$(absolute "$2")" "${3:-}" ;;
  sasl) echo "127.0.0.1:$(< "$(absolute "$2")/sasl_port")" ;;
  restart) stop "$(absolute "$2")"; launch "$(absolute "$2")" ;;
  tool) install; shift; java_with "$@" ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
