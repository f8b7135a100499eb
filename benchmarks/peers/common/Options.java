package peers;

import java.util.HashMap;
import java.util.Map;

/** `--name value` pairs. */
final class Options {
  private final Map<String, String> values = new HashMap<>();

  Options(String[] arguments) {
    for (int i = 0; i + 1 < arguments.length; i += 2) values.put(arguments[i], arguments[i + 1]);
  }

  String text(String name) {
    String value = values.get(name);
    if (value != null) return value;
    System.err.println(name + " is missing");
    System.exit(2);
    return null;
  }

  String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  int number(String name, int otherwise) {
    return Integer.parseInt(values.getOrDefault(name, Integer.toString(otherwise)));
  }
}
