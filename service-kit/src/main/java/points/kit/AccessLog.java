package points.kit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for a request, under the logger {@code points.access}. */
final class AccessLog {

  private static final Logger log = LoggerFactory.getLogger("points.access");

  private final HttpSettings.AccessLog which;

  AccessLog(HttpSettings.AccessLog which) {
    this.which = which;
  }

  void line(
      String requestId,
      String method,
      String path,
      @Nullable Caller caller,
      int status,
      long nanos) {
    boolean wanted =
        switch (which) {
          case NONE -> false;
          case FAILURES -> status >= 400;
          case ALL -> true;
        };
    if (!wanted || !log.isInfoEnabled()) {
      return;
    }
    log.atInfo()
        .addKeyValue("request_id", requestId)
        .addKeyValue("method", method)
        .addKeyValue("path", Excerpt.of(path))
        .addKeyValue("status", status)
        .addKeyValue("source", caller == null ? "" : caller.source())
        .addKeyValue("micros", nanos / 1_000)
        .log("request");
  }
}
