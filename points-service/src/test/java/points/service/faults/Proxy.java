package points.service.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A wire between service and PostgreSQL that breaks, on order, at the next COMMIT. */
final class Proxy implements AutoCloseable {
  /** Where the wire breaks. */
  enum Cut {
    NOT,
    /** The server never sees the COMMIT. */
    BEFORE_COMMIT,
    /** The server commits, but its answer is lost. */
    AFTER_COMMIT
  }

  private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket server;
  private final int target;
  private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NOT);
  private final AtomicInteger cuts = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  Proxy(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Orders the next cut. */
  void cutNext(Cut cut) {
    next.set(cut);
  }

  /** How often it has cut. */
  int cuts() {
    return cuts.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket postgres = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        postgres.setTcpNoDelay(true);
        open.add(client);
        open.add(postgres);
        Wire wire = new Wire(client, postgres);
        Thread.startVirtualThread(wire::forward);
        Thread.startVirtualThread(wire::back);
      } catch (IOException e) {
        cutNext(Cut.NOT); // closed, or PostgreSQL is not there
      }
    }
  }

  /** One connection. */
  private final class Wire {
    private final Socket client;
    private final Socket postgres;
    private volatile boolean swallowing;

    Wire(Socket client, Socket postgres) {
      this.client = client;
      this.postgres = postgres;
    }

    /**
     * What the service says. A statement that was prepared before is only named on the wire, so the
     * pipeline that ends in COMMIT is known by its text, which is sent for its first few uses.
     */
    void forward() {
      byte[] buffer = new byte[1 << 20];
      try (client;
          postgres) {
        InputStream in = client.getInputStream();
        OutputStream out = postgres.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (next.get() != Cut.NOT && contains(buffer, n)) {
            Cut cut = next.getAndSet(Cut.NOT);
            if (cut == Cut.BEFORE_COMMIT) {
              cuts.incrementAndGet();
              return;
            }
            swallowing = cut == Cut.AFTER_COMMIT;
          }
          out.write(buffer, 0, n);
        }
      } catch (IOException e) {
        swallowing = false; // cut
      }
    }

    /** What PostgreSQL answers. */
    void back() {
      byte[] buffer = new byte[1 << 16];
      try (client;
          postgres) {
        InputStream in = postgres.getInputStream();
        OutputStream out = client.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (!swallowing) {
            out.write(buffer, 0, n);
          } else if (contains(buffer, n)) { // its tag COMMIT: it is done
            cuts.incrementAndGet();
            return;
          }
        }
      } catch (IOException e) {
        swallowing = false; // cut
      }
    }
  }

  private static boolean contains(byte[] buffer, int length) {
    for (int i = 0; i + COMMIT.length <= length; i++) {
      if (java.util.Arrays.equals(buffer, i, i + COMMIT.length, COMMIT, 0, COMMIT.length)) {
        return true;
      }
    }
    return false;
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
