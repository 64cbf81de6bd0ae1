package points.service.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a schema cannot say: that balances and holds add up. */
final class Sums {
  private Sums() {}

  static List<String> faults(JsonNode value) {
    List<String> faults = new ArrayList<>();
    collect("", value, faults);
    return faults;
  }

  private static void collect(String path, JsonNode value, List<String> faults) {
    // What callers put there themselves need not add up.
    if (path.endsWith("/metadata")) {
      return;
    }
    if (value.has("total")
        && sum(value, "available", "held", "pending") != amount(value, "total")) {
      faults.add(path + ": total is not available + held + pending");
    }
    if (value.has("hold_id")
        && value.has("captured")
        && sum(value, "captured", "released", "remaining") != amount(value, "amount")) {
      faults.add(path + ": amount is not captured + released + remaining");
    }
    value.properties().forEach(e -> collect(path + "/" + e.getKey(), e.getValue(), faults));
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      collect(path + "/" + i, value.path(i), faults);
    }
  }

  private static long sum(JsonNode value, String... names) {
    long sum = 0;
    for (String name : names) {
      sum += amount(value, name);
    }
    return sum;
  }

  private static long amount(JsonNode value, String name) {
    return value.path(name).asLong();
  }
}
