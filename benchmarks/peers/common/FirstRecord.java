package peers;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;

/** Says once, at the first record, how long the process and its CPU ran until then. */
final class FirstRecord {
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private FirstRecord() {}

  static void seen() {
    if (SAID.getPlain() || SAID.getAndSet(true)) return;
    var system = ManagementFactory.getOperatingSystemMXBean();
    long cpu = ((com.sun.management.OperatingSystemMXBean) system).getProcessCpuTime() / 1_000_000;
    long wall = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    System.out.println("FIRST " + wall + " " + cpu);
    System.out.flush();
  }
}
