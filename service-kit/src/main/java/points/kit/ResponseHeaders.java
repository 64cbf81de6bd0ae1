package points.kit;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** The headers of every answer. */
final class ResponseHeaders {

  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(RequestIds.HEADER);
  private static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("X-Content-Type-Options");
  private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

  private ResponseHeaders() {}

  static void write(HttpServerResponse response, Answer answer, String requestId, boolean close) {
    response
        .setStatusCode(answer.status())
        .putHeader(REQUEST_ID, requestId)
        .putHeader(CONTENT_TYPE_OPTIONS, NO_SNIFF)
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
        .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
        // Said here, as a HEAD's answer has the length of the body that it does not have.
        .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length()));
    if (close) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    for (Answer.Header header : answer.headers()) {
      response.putHeader(header.name(), header.value());
    }
  }
}
