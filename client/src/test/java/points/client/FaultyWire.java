package points.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import points.service.TestService;

/**
 * A wire between client and Points Service that fails as ordered: each fault spoils one answer,
 * after the service has done the work, which is the worst time.
 */
final class FaultyWire implements AutoCloseable {
  /** What may befall an answer. */
  sealed interface Fault {
    /** It never arrives: the connection ends. */
    record Cut() implements Fault {}

    /** Half of it arrives. */
    record Half() implements Fault {}

    /** It comes late. */
    record Late(Duration time) implements Fault {}

    /** Something else arrives. */
    record Instead(String answer) implements Fault {}
  }

  private final ServerSocket server;
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();

  FaultyWire() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Orders faults for the next answers, one each. */
  FaultyWire next(Fault... ordered) {
    faults.addAll(java.util.List.of(ordered));
    return this;
  }

  /** Ends the next so many connections as soon as they are made. */
  FaultyWire refuse(int connections) {
    refusals.set(connections);
    return this;
  }

  /** How many answers the service gave. */
  int answers() {
    return answers.get();
  }

  /** An answer of this status with Retry-After. */
  static Fault problem(int status, String code, int retryAfterSeconds) {
    String body = "{\"status\":" + status + ",\"code\":\"" + code + "\"}";
    return instead(status, "Retry-After: " + retryAfterSeconds + "\r\n", body);
  }

  static Fault instead(int status, String headers, String body) {
    return new Fault.Instead(
        "HTTP/1.1 "
            + status
            + " X\r\n"
            + headers
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          client.setSoLinger(true, 0); // a reset, as of a process that died
          client.close();
          continue;
        }
        Socket service =
            new Socket(InetAddress.getLoopbackAddress(), TestService.shared().url().getPort());
        open.add(client);
        open.add(service);
        Thread.startVirtualThread(() -> forward(client, service));
        Thread.startVirtualThread(() -> back(service, client));
      } catch (IOException e) {
        refusals.set(0); // closed
      }
    }
  }

  private static void forward(Socket client, Socket service) {
    try (client;
        service) {
      client.getInputStream().transferTo(service.getOutputStream());
    } catch (IOException e) {
      Thread.onSpinWait(); // the wire was cut
    }
  }

  /** An answer here is small enough to arrive in one piece. */
  private void back(Socket service, Socket client) {
    byte[] buffer = new byte[1 << 20];
    try (client;
        service) {
      InputStream in = service.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        answers.incrementAndGet();
        Fault fault = faults.poll();
        if (fault != null && !spoil(fault, buffer, n, out)) {
          return;
        }
        if (fault == null) {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException | InterruptedException e) {
      Thread.onSpinWait(); // the wire was cut
    }
  }

  /** Returns whether the connection goes on. */
  private static boolean spoil(Fault fault, byte[] answer, int length, OutputStream out)
      throws IOException, InterruptedException {
    return switch (fault) {
      case Fault.Cut cut -> false;
      case Fault.Half half -> {
        out.write(answer, 0, length / 2);
        yield false;
      }
      case Fault.Late late -> {
        Thread.sleep(late.time());
        out.write(answer, 0, length);
        yield true;
      }
      case Fault.Instead instead -> {
        out.write(instead.answer().getBytes(StandardCharsets.UTF_8));
        yield true;
      }
    };
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
