package points.allinone;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Asks a service what any stranger can ask it: whether it is ready. */
final class Readiness {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ANSWER_MILLIS = 5_000;

  private Readiness() {}

  /**
   * Returns when {@code /health/ready} answers 200.
   *
   * @param address of the service, like {@code http://127.0.0.1:8080}
   * @param stopping ends the waiting
   * @return false if it was ended
   * @throws IOException if the service does not get ready
   */
  static boolean await(String address, BooleanSupplier stopping) throws IOException {
    URI ready = ready(address);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!stopping.getAsBoolean()) {
      if (isReady(ready)) {
        return true;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("the service does not get ready; its log says why");
      }
      Pause.shortly();
    }
    return false;
  }

  /** An IPv6 address gets its brackets here. */
  private static URI ready(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    String host = address.substring(address.indexOf("//") + 2, colon);
    int port = Integer.parseInt(address.substring(colon + 1));
    try {
      return new URI("http", null, host, port, "/health/ready", null, null);
    } catch (URISyntaxException e) {
      throw new IOException(address + " is no address", e);
    }
  }

  private static boolean isReady(URI ready) {
    try {
      HttpURLConnection asked = (HttpURLConnection) ready.toURL().openConnection();
      asked.setConnectTimeout(ANSWER_MILLIS);
      asked.setReadTimeout(ANSWER_MILLIS);
      asked.setRequestProperty("Connection", "close");
      try {
        return asked.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        asked.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }
}
