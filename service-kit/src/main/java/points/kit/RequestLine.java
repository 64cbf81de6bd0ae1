package points.kit;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;

/**
 * The part of a request that says what it is for, checked as far as RFC 9112 asks servers to.
 *
 * @param path as sent, percent-encoded, beginning with a slash
 */
record RequestLine(String path) {

  static final int LINE_BYTES_MAX = 8_192;
  static final int HEADER_BYTES_MAX = 16_384;

  static RequestLine of(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_1_1
        && !request.headers().contains(HttpHeaderNames.HOST)) {
      throw ProblemException.invalid("host", "is a header that HTTP/1.1 demands");
    }
    if (request.headers().contains("")) {
      throw ProblemException.invalid("request", "has a header without a name");
    }
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty() && !isChunked(request.version(), codings)) {
      throw ProblemException.invalid("transfer-encoding", "must be chunked, if it is there at all");
    }
    String uri = request.uri();
    if (!isVisibleAscii(uri)) {
      throw ProblemException.invalid("path", "must be visible ASCII; other bytes percent-encoded");
    }
    int start = 0;
    if (uri.startsWith("http://") || uri.startsWith("https://")) {
      // Meant for a proxy, but servers must understand it.
      start = uri.indexOf('/', uri.indexOf("//") + 2);
      if (start < 0) {
        return new RequestLine("/");
      }
    }
    if (start >= uri.length() || uri.charAt(start) != '/' || uri.indexOf('#') >= 0) {
      throw ProblemException.invalid("path", "must begin with a slash and have no fragment");
    }
    int query = uri.indexOf('?', start);
    return new RequestLine(query < 0 ? uri.substring(start) : uri.substring(start, query));
  }

  private static boolean isVisibleAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the end of the body is known. Where it is not, what one server takes for the body is
   * the next request to another: how requests are smuggled past a proxy.
   */
  private static boolean isChunked(HttpVersion version, List<String> codings) {
    return version == HttpVersion.HTTP_1_1
        && codings.size() == 1
        && codings.getFirst().equalsIgnoreCase("chunked");
  }

  /** What to say to bytes that could not be decoded as a request. */
  static Problem problemOf(Throwable why) {
    if (why instanceof TooLongHttpLineException) {
      return Problem.of(
          CommonError.TOO_LARGE, "The request line may have " + LINE_BYTES_MAX + " bytes.");
    }
    if (why instanceof TooLongHttpHeaderException) {
      return Problem.of(
          CommonError.TOO_LARGE, "All headers together may have " + HEADER_BYTES_MAX + " bytes.");
    }
    return ProblemException.invalid("request", "is not HTTP/1.1").problem();
  }
}
