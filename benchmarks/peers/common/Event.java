package peers;

/** The fields that the rules read; reused from event to event. */
final class Event {
  static final int OTHER = 0, TELEMETRY = 1, CAMERA = 2, COMPLAINT = 3, PERMIT = 4;

  int kind;
  String id, subject, time;
  long ms;
  double speed, confidence;
  boolean occupied, doorZone;
  String faultCode, label, permit, action, validUntil;

  void clear() {
    kind = OTHER;
    id = subject = time = faultCode = label = permit = action = validUntil = null;
    speed = confidence = 0;
    occupied = doorZone = false;
  }
}
