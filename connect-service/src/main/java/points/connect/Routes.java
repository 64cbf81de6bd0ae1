package points.connect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.client.PointsException;
import points.connect.postgres.StoreUnavailable;
import points.kit.Answer;
import points.kit.BlockingHandler;
import points.kit.Call;
import points.kit.CommonError;
import points.kit.Fields;
import points.kit.Http;
import points.kit.Permission;
import points.kit.ProblemException;
import points.kit.TextRule;

/** What the routes for people have in common. Not safe for use by several threads. */
final class Routes {
  static final int LIMIT_MAX = 200;
  static final int LIMIT_DEFAULT = 50;

  /** What lists are filtered by; as long as the longest of it, an event's source or id. */
  static final TextRule TEXT = TextRule.anything(1, 256);

  private static final String UUID_REGEX = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final TextRule UUID_TEXT = TextRule.matching(UUID_REGEX, 36, "a UUID");
  private static final Permission READ = Permission.of("read");
  private static final Permission ADMIN = Permission.of("admin");
  private static final Permission DISPATCH = Permission.of("dispatch");

  private final Http.Builder http;

  Routes(Http.Builder http) {
    this.http = http;
  }

  /** A route that changes nothing. */
  void read(String path, BlockingHandler handler) {
    http.blocking("GET", path, READ, guarded(handler));
  }

  /** A route that changes nothing but needs a body. */
  void ask(String path, Http.Body body, BlockingHandler handler) {
    http.blocking("POST", path, READ, body, guarded(handler));
  }

  /** A route that operators alone may use. */
  void act(String method, String path, BlockingHandler handler) {
    http.blocking(method, path, ADMIN, guarded(handler));
  }

  /** A route that operators alone may use, with a body of its own. */
  void act(String method, String path, Http.Body body, BlockingHandler handler) {
    http.blocking(method, path, ADMIN, body, guarded(handler));
  }

  /** A route for whoever gives rewards that are no points. */
  void dispatch(String path, BlockingHandler handler) {
    http.blocking("POST", path, DISPATCH, guarded(handler));
  }

  private static BlockingHandler guarded(BlockingHandler handler) {
    return call -> {
      try {
        return handler.handle(call);
      } catch (StoreUnavailable e) {
        throw new ProblemException(CommonError.UNAVAILABLE, "The database is out of reach.");
      } catch (PointsException e) {
        throw new ProblemException(
            CommonError.UNAVAILABLE, "Points Service cannot be read: " + e.getMessage());
      }
    };
  }

  /** A part of the path that is a UUID. */
  static UUID uuid(Call call, String name) {
    return UUID.fromString(call.path(name, UUID_TEXT));
  }

  /** How much of a list is asked for. */
  static int limit(Fields query) {
    return (int) query.integerOr("limit", 1, LIMIT_MAX, LIMIT_DEFAULT);
  }

  /** Nothing is said but the path: the body is an empty object. */
  static void nothing(Call call) {
    call.query().done();
    call.json().done();
  }

  /** There is none. */
  static ProblemException notFound(String what) {
    return new ProblemException(CommonError.NOT_FOUND, "There is no " + what + ".");
  }

  static Answer ok(ObjectNode body) {
    return Answer.json(200, body);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A member, unless there is none. */
  static void put(ObjectNode object, String name, @Nullable Object value) {
    if (value instanceof Long number) {
      object.put(name, number);
    } else if (value instanceof Instant || value instanceof UUID || value instanceof String) {
      object.put(name, value.toString());
    } else if (value != null) {
      throw new IllegalArgumentException(name + " is a " + value.getClass());
    }
  }
}
