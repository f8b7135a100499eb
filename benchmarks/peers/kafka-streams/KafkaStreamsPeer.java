package peers;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** "Elevator watch v1" on Kafka Streams: exactly_once_v2, state in RocksDB with a changelog. */
public final class KafkaStreamsPeer {
  private static final String STORE = "elevators";

  private KafkaStreamsPeer() {}

  static final class Watch implements Processor<byte[], byte[], byte[], byte[]> {
    private final EventParser parser = new EventParser();
    private final Event event = new Event();
    private final Elevator elevator = new Elevator();
    private final Rules rules = new Rules();
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<Bytes, byte[]> store;

    @Override
    public void init(ProcessorContext<byte[], byte[]> given) {
      context = given;
      store = given.getStateStore(STORE);
    }

    @Override
    public void process(Record<byte[], byte[]> in) {
      FirstRecord.seen();
      try {
        parser.parse(in.value(), event);
      } catch (IOException error) {
        throw new IllegalStateException(error);
      }
      if (event.kind == Event.CAMERA) {
        rules.camera(event, warning -> context.forward(in.withValue(warning)));
        return;
      }
      Bytes key = Bytes.wrap(in.key());
      byte[] before = store.get(key);
      elevator.read(before);
      rules.elevator(event, elevator, warning -> context.forward(in.withValue(warning)));
      byte[] after = elevator.packed();
      if (!Arrays.equals(before, after)) store.put(key, after);
    }
  }

  /** Says at the end of a partition's restoration how many rows that took. */
  static final class Restoration implements StateRestoreListener {
    private final Map<TopicPartition, Long> began = new ConcurrentHashMap<>();

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
      began.put(partition, System.currentTimeMillis());
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long end, long count) {}

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long count) {
      double seconds = (System.currentTimeMillis() - began.get(partition)) / 1e3;
      System.err.printf(Locale.ROOT, "partition %d restored: %d rows in %.3f s%n",
          partition.partition(), count, seconds);
    }
  }

  private static Properties settings(Options options) {
    String session = options.text("--session-ms", "6000");
    Properties set = new Properties();
    set.put(StreamsConfig.APPLICATION_ID_CONFIG, options.text("--app"));
    set.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.text("--broker"));
    set.put(StreamsConfig.STATE_DIR_CONFIG, options.text("--data"));
    set.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    set.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, options.text("--commit-ms", "100"));
    set.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, options.number("--threads", 2));
    set.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 128L << 20);
    set.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    set.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    set.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    set.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    set.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 2000);
    set.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 << 20);
    set.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 10_000);
    // A static member that comes back keeps its partitions, as Watchfire's do; what a killed one
    // left open holds nobody up for longer than this.
    set.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), "peer");
    set.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), session);
    set.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1500);
    set.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), session);
    set.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    set.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
    return set;
  }

  public static void main(String[] arguments) {
    Options options = new Options(arguments);
    Topology topology = new Topology();
    topology.addSource("events", options.text("--in"));
    topology.addProcessor("watch", Watch::new, "events");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
            .withCachingEnabled()
            .withLoggingEnabled(Map.of()),
        "watch");
    topology.addSink("warnings", options.text("--out"), "watch");
    KafkaStreams streams = new KafkaStreams(topology, settings(options));
    streams.setGlobalStateRestoreListener(new Restoration());
    streams.setUncaughtExceptionHandler(error -> {
      error.printStackTrace();
      return org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler
          .StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
    streams.start();
  }
}
