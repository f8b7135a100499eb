package peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * "Elevator watch v1" on Flink: exactly-once source and sink, state on the heap or in RocksDB, in
 * one process. A checkpoint is a commit. It goes on from the last checkpoint in its directory.
 */
public final class FlinkPeer {
  private static final TypeInformation<Tuple2<String, byte[]>> KEYED =
      Types.TUPLE(Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

  private FlinkPeer() {}

  @SuppressWarnings("serial")
  static final class Decode implements KafkaRecordDeserializationSchema<Tuple2<String, byte[]>> {
    @Override
    public void deserialize(
        ConsumerRecord<byte[], byte[]> record, Collector<Tuple2<String, byte[]>> out) {
      FirstRecord.seen();
      out.collect(Tuple2.of(new String(record.key(), StandardCharsets.UTF_8), record.value()));
    }

    @Override
    public TypeInformation<Tuple2<String, byte[]>> getProducedType() {
      return KEYED;
    }
  }

  @SuppressWarnings("serial")
  static final class WarningKey implements SerializationSchema<Tuple2<String, byte[]>> {
    @Override
    public byte[] serialize(Tuple2<String, byte[]> warning) {
      return warning.f0.getBytes(StandardCharsets.UTF_8);
    }
  }

  @SuppressWarnings("serial")
  static final class WarningValue implements SerializationSchema<Tuple2<String, byte[]>> {
    @Override
    public byte[] serialize(Tuple2<String, byte[]> warning) {
      return warning.f1;
    }
  }

  @SuppressWarnings("serial")
  static final class Watch
      extends KeyedProcessFunction<String, Tuple2<String, byte[]>, Tuple2<String, byte[]>> {
    private transient EventParser parser;
    private transient Event event;
    private transient Elevator elevator;
    private transient Rules rules;
    private transient ValueState<byte[]> state;

    @Override
    public void open(OpenContext context) {
      parser = new EventParser();
      event = new Event();
      elevator = new Elevator();
      rules = new Rules();
      state = getRuntimeContext().getState(
          new ValueStateDescriptor<>(
              "elevator", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    @Override
    public void processElement(
        Tuple2<String, byte[]> in, Context context, Collector<Tuple2<String, byte[]>> out)
        throws IOException {
      parser.parse(in.f1, event);
      String key = in.f0;
      if (event.kind == Event.CAMERA) {
        rules.camera(event, warning -> out.collect(Tuple2.of(key, warning)));
        return;
      }
      byte[] before = state.value();
      elevator.read(before);
      rules.elevator(event, elevator, warning -> out.collect(Tuple2.of(key, warning)));
      byte[] after = elevator.packed();
      if (!Arrays.equals(before, after)) state.update(after);  // null: cleared
    }
  }

  /** The checkpoint that a killed process left. */
  private static Optional<Path> lastCheckpoint(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) return Optional.empty();
    try (Stream<Path> paths = Files.walk(directory, 3)) {
      return paths.filter(path -> path.endsWith("_metadata"))
          .max(Comparator.comparing(path -> path.toFile().lastModified()))
          .map(Path::getParent);
    }
  }

  private static Configuration settings(Options options) throws IOException {
    Path data = Path.of(options.text("--data")).toAbsolutePath();
    Path checkpoints = data.resolve("checkpoints");
    Configuration set = new Configuration();
    set.setString("state.backend.type", options.text("--state", "hashmap"));
    set.setString("state.backend.rocksdb.localdir", data.resolve("rocksdb").toString());
    set.setString("execution.checkpointing.incremental", "true");
    set.setString("execution.checkpointing.interval", options.text("--commit-ms", "100") + " ms");
    set.setString("execution.checkpointing.mode", "EXACTLY_ONCE");
    set.setString("execution.checkpointing.storage", "filesystem");
    set.setString("execution.checkpointing.dir", checkpoints.toUri().toString());
    set.setString(
        "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    set.setString("execution.buffer-timeout.interval", "5 ms");
    set.setString("pipeline.object-reuse", "true");
    set.setString("taskmanager.memory.managed.size", "512m");
    set.setString("restart-strategy.type", "none");
    lastCheckpoint(checkpoints).ifPresent(
        path -> set.setString("execution.state-recovery.path", path.toUri().toString()));
    return set;
  }

  public static void main(String[] arguments) throws Exception {
    Options options = new Options(arguments);
    int threads = options.number("--threads", 2);
    var source = KafkaSource.<Tuple2<String, byte[]>>builder()
        .setBootstrapServers(options.text("--broker"))
        .setTopics(options.text("--in"))
        .setGroupId(options.text("--app"))
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new Decode())
        .setProperty("max.poll.records", "2000")
        .setProperty("max.partition.fetch.bytes", Integer.toString(4 << 20))
        .build();
    var sink = KafkaSink.<Tuple2<String, byte[]>>builder()
        .setBootstrapServers(options.text("--broker"))
        .setRecordSerializer(KafkaRecordSerializationSchema.<Tuple2<String, byte[]>>builder()
            .setTopic(options.text("--out"))
            .setKeySerializationSchema(new WarningKey())
            .setValueSerializationSchema(new WarningValue())
            .build())
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(options.text("--app"))
        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
        .setProperty("transaction.timeout.ms", "60000")
        .setProperty("linger.ms", "5")
        .setProperty("batch.size", Integer.toString(128 << 10))
        .build();
    StreamExecutionEnvironment flink =
        StreamExecutionEnvironment.createLocalEnvironment(threads, settings(options));
    flink.fromSource(source, WatermarkStrategy.noWatermarks(), "events")
        .keyBy(event -> event.f0, Types.STRING)
        .process(new Watch())
        .returns(KEYED)
        .sinkTo(sink);
    flink.execute("elevator watch v1");
  }
}
