package points.connect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import points.connect.rules.Award;
import points.connect.rules.Verdict;

/** Writes what a rule made of an event, and why. */
final class VerdictBody {
  private VerdictBody() {}

  static void write(ObjectNode body, Verdict verdict) {
    switch (verdict) {
      case Verdict.Matched matched -> {
        body.put("outcome", "matched");
        ArrayNode wants = body.putArray("wants");
        matched.awards().forEach(award -> wants.add(award(award)));
      }
      case Verdict.NotActive unused -> body.put("outcome", "not_active");
      case Verdict.NotMatched not -> {
        body.put("outcome", "not_matched");
        body.put("failed_part", not.part());
        body.set("values", values(not.values()));
      }
      case Verdict.Failed failed -> {
        body.put("outcome", "failed");
        body.put("why", failed.reason());
      }
    }
  }

  private static ObjectNode award(Award award) {
    ObjectNode body = Routes.object();
    body.put("reward_index", award.rewardIndex());
    body.put("account", award.account());
    body.put("points", award.points());
    return body;
  }

  private static ObjectNode values(Map<String, @Nullable Object> values) {
    ObjectNode body = Routes.object();
    values.forEach(
        (name, value) -> {
          if (value instanceof List<?> list) {
            ArrayNode items = body.putArray(name);
            list.forEach(item -> items.addPOJO(item));
          } else if (value == null) {
            body.putNull(name);
          } else {
            body.putPOJO(name, value);
          }
        });
    return body;
  }
}
