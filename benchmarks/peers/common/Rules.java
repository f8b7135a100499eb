package peers;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The five rules of "elevator watch v1". A warning leaves as plain JSON. */
final class Rules {
  private static final long TRAPPED = 60_000, REOPEN_WITHIN = 600_000, FAULT_AGE = 1_800_000;
  private static final double CONFIDENCE = 0.8;

  private final StringBuilder text = new StringBuilder(512);

  /** Cameras have no state. */
  void camera(Event event, Consumer<byte[]> out) {
    if ("e_bike".equals(event.label) && event.confidence >= CONFIDENCE)
      warn("e_bike", "P2", event, out);
  }

  void elevator(Event event, Elevator elevator, Consumer<byte[]> out) {
    switch (event.kind) {
      case Event.TELEMETRY -> telemetry(event, elevator, out);
      case Event.COMPLAINT -> complaint(event, elevator, out);
      case Event.PERMIT -> permit(event, elevator);
      default -> { }
    }
  }

  private void telemetry(Event event, Elevator elevator, Consumer<byte[]> out) {
    if (event.speed == 0 && event.occupied && !event.doorZone) {
      if (elevator.stillId == null) {
        elevator.stillMs = event.ms;
        elevator.stillId = Elevator.bytes(event.id);
      } else if (event.ms - elevator.stillMs >= TRAPPED && !elevator.stillTold) {
        elevator.stillTold = true;
        warn("trapped", "P1", event, out, elevator.stillId);
      }
    } else {
      elevator.stillId = null;
      elevator.stillTold = false;
    }
    if (event.faultCode != null) {
      elevator.faultMs = event.ms;
      elevator.faultId = Elevator.bytes(event.id);
      if (event.faultCode.equals("door_reopen")) reopen(event, elevator, out);
    }
    if (elevator.lapses && event.ms > elevator.lapsesMs && !elevator.lapseTold) {
      elevator.lapseTold = true;
      warn("maintenance_due", "P3", event, out);
    }
  }

  private void reopen(Event event, Elevator elevator, Consumer<byte[]> out) {
    int old = 0;
    while (old < elevator.reopens && event.ms - elevator.reopenMs[old] > REOPEN_WITHIN) ++old;
    elevator.reopens -= old;
    for (int i = 0; i < elevator.reopens; ++i) {
      elevator.reopenMs[i] = elevator.reopenMs[i + old];
      elevator.reopenId[i] = elevator.reopenId[i + old];
    }
    if (elevator.reopens == Elevator.REOPENS - 1) {
      elevator.reopens = 0;
      warn("door_reopen", "P3", event, out, elevator.reopenId[0], elevator.reopenId[1]);
      return;
    }
    elevator.reopenMs[elevator.reopens] = event.ms;
    elevator.reopenId[elevator.reopens++] = Elevator.bytes(event.id);
  }

  private void complaint(Event event, Elevator elevator, Consumer<byte[]> out) {
    if (elevator.faultId != null && event.ms - elevator.faultMs <= FAULT_AGE)
      warn("complaint", "P1", event, out, elevator.faultId);
    else
      warn("complaint", "P4", event, out);
  }

  private static void permit(Event event, Elevator elevator) {
    if (!"maintenance".equals(event.permit)) return;
    elevator.lapses = true;
    if ("renewed".equals(event.action)) {
      elevator.lapsesMs = EventParser.millis(event.validUntil);
      elevator.lapseTold = false;
    } else {
      elevator.lapsesMs = event.ms;
    }
  }

  /** None of these texts needs escaping: they are ids and subjects of our own generator. */
  private void warn(String rule, String priority, Event event, Consumer<byte[]> out,
      byte[]... before) {
    text.setLength(0);
    text.append("{\"id\":\"").append(rule).append('-').append(event.id);
    text.append("\",\"rule\":\"").append(rule).append("\",\"entity\":\"").append(event.subject);
    text.append("\",\"priority\":\"").append(priority).append("\",\"time\":\"").append(event.time);
    text.append("\",\"evidence\":[\"");
    for (byte[] id : before)
      text.append(new String(id, StandardCharsets.ISO_8859_1)).append("\",\"");
    text.append(event.id).append("\"]}");
    out.accept(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
