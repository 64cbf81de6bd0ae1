package points.trials.hostile;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One connection that sends whatever bytes it is told to, which no well-behaved client would. Not
 * safe for use by several threads.
 */
final class Peer implements AutoCloseable {
  private static final int HEAD_BYTES_MAX = 1 << 16;
  private static final int CONNECT_MILLIS = 5_000;

  /** One answer as it came. Names of headers are equal in any case. */
  record Reply(int status, Map<String, List<String>> headers, String body) {
    /** The first value of a header; empty if there is none. */
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }

    /** Whether the service ends the connection with it. */
    boolean isLast() {
      return header("Connection").toLowerCase(Locale.ROOT).contains("close");
    }
  }

  private final Socket socket;
  private final InputStream in;

  /** Connects to a port of this machine and is as patient as that. */
  Peer(int port, int patienceMillis) throws IOException {
    socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      socket.setSoTimeout(patienceMillis);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  Peer send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Peer send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Says that nothing more is coming. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Reads the answer to a request of that method. */
  Reply read(String method) throws IOException {
    Reply head = head();
    while (head.status() < 200) {
      head = head(); // 100: go on
    }
    boolean empty = method.equals("HEAD") || head.status() == 204 || head.status() == 304;
    String length = head.header("Content-Length");
    if (empty || length.isEmpty()) {
      return head;
    }
    int bytes = Integer.parseInt(length);
    byte[] body = in.readNBytes(bytes);
    if (body.length < bytes) {
      throw new EOFException("the connection was closed within a body: " + head);
    }
    return new Reply(head.status(), head.headers(), new String(body, StandardCharsets.UTF_8));
  }

  private Reply head() throws IOException {
    String start = line();
    if (!start.matches("HTTP/[0-9]\\.[0-9] [1-5][0-9]{2}.*")) {
      throw new IOException("no answer of HTTP: " + start);
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("no header: " + line);
      }
      headers
          .computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return new Reply(Integer.parseInt(start.substring(9, 12)), headers, "");
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException("the connection was closed instead of an answer: " + line);
      }
      line.append((char) octet);
      if (line.length() > HEAD_BYTES_MAX) {
        throw new IOException("a line without an end");
      }
    }
    int last = line.length() - 1;
    return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
  }

  /** Waits until the other end closes the connection; what it still says is thrown away. */
  boolean isClosed() throws IOException {
    try {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true; // reset
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no more use in any case.
    }
  }
}
