package peers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Jackson's streaming parser; of `data` only what rules read becomes text or a number. */
final class EventParser {
  private final JsonFactory factory = new JsonFactory();

  void parse(byte[] bytes, Event event) throws IOException {
    event.clear();
    try (JsonParser json = factory.createParser(bytes)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "id" -> event.id = json.getText();
          case "subject" -> event.subject = json.getText();
          case "time" -> event.time = json.getText();
          case "type" -> event.kind = kind(json.getText());
          case "data" -> data(json, event);
          default -> {
            if (value.isStructStart()) json.skipChildren();
          }
        }
      }
    }
    event.ms = millis(event.time);
  }

  private static void data(JsonParser json, Event event) throws IOException {
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "speed" -> event.speed = json.getDoubleValue();
        case "occupied" -> event.occupied = value == JsonToken.VALUE_TRUE;
        case "doorZone" -> event.doorZone = value == JsonToken.VALUE_TRUE;
        case "faultCode" -> event.faultCode = value == JsonToken.VALUE_NULL ? null : json.getText();
        case "label" -> event.label = json.getText();
        case "confidence" -> event.confidence = json.getDoubleValue();
        case "permit" -> event.permit = json.getText();
        case "action" -> event.action = json.getText();
        case "validUntil" -> event.validUntil = json.getText();
        default -> {
          if (value.isStructStart()) json.skipChildren();
        }
      }
    }
  }

  private static int kind(String type) {
    return switch (type) {
      case "city.elevator.telemetry.v1" -> Event.TELEMETRY;
      case "city.camera.alert.v1" -> Event.CAMERA;
      case "city.complaint.filed.v1" -> Event.COMPLAINT;
      case "city.permit.changed.v1" -> Event.PERMIT;
      default -> Event.OTHER;
    };
  }

  /** Of 2026-11-22T08:00:00Z or 2026-11-22T08:00:00.123Z. */
  static long millis(String time) {
    long days = days(digits(time, 0, 4), digits(time, 5, 7), digits(time, 8, 10));
    long seconds =
        days * 86_400 + digits(time, 11, 13) * 3600 + digits(time, 14, 16) * 60
            + digits(time, 17, 19);
    return seconds * 1000 + (time.charAt(19) == '.' ? digits(time, 20, 23) : 0);
  }

  private static int digits(String text, int begin, int end) {
    int value = 0;
    for (int i = begin; i < end; ++i) value = value * 10 + text.charAt(i) - '0';
    return value;
  }

  private static long days(int year, int month, int day) {  // since 1970
    int shifted = month <= 2 ? year - 1 : year;
    int era = shifted / 400, ofEra = shifted - era * 400;
    int ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146_097L + ofEra * 365L + ofEra / 4 - ofEra / 100 + ofYear - 719_468;
  }
}
