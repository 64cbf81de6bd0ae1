package points.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that sends whatever bytes it is told to, which no well-behaved client does. */
final class RawHttp implements AutoCloseable {

  /** One answer, as it came. */
  record Response(int status, String head, String body) {
    String header(String name) {
      for (String line : head.split("\r\n", -1)) {
        if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
          return line.substring(name.length() + 1).strip();
        }
      }
      return "";
    }
  }

  private final Socket socket;

  RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(15_000);
    socket.setTcpNoDelay(true);
  }

  RawHttp send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawHttp send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads one answer, by its Content-Length. */
  Response read() throws IOException {
    return read(true);
  }

  Response read(boolean withBody) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int octet = socket.getInputStream().read();
      if (octet < 0) {
        throw new IOException("closed after: " + head.toString(StandardCharsets.ISO_8859_1));
      }
      head.write(octet);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    Response bare = new Response(Integer.parseInt(text.substring(9, 12)), text, "");
    String length = bare.header("content-length");
    byte[] body =
        withBody && !length.isEmpty()
            ? socket.getInputStream().readNBytes(Integer.parseInt(length))
            : new byte[0];
    return new Response(bare.status(), text, new String(body, StandardCharsets.UTF_8));
  }

  /** Whether the server has closed the connection; waits for it. */
  boolean isClosed() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (java.net.SocketException e) {
      return true; // reset
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
