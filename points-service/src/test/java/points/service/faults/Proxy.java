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

/**
 * A wire between service and PostgreSQL that breaks, on order, at the next COMMIT of a lane. Others
 * commit too, the self-check for one; a lane is known by its noting where accounts are.
 */
final class Proxy implements AutoCloseable {
  /** Where the wire breaks. */
  enum Cut {
    NOT,
    /** The server never sees the COMMIT. */
    BEFORE_COMMIT,
    /** The server commits, but its answer is lost. */
    AFTER_COMMIT
  }

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
    private final Finder reads = new Finder("SELECT ctid");
    private final Finder commits = new Finder("COMMIT");
    private final Finder committed = new Finder("COMMIT");
    private boolean isLane;
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
          isLane |= reads.isIn(buffer, n);
          if (commits.isIn(buffer, n) && isLane && next.get() != Cut.NOT) {
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
          } else if (committed.isIn(buffer, n)) { // its tag COMMIT: it is done
            cuts.incrementAndGet();
            return;
          }
        }
      } catch (IOException e) {
        swallowing = false; // cut
      }
    }
  }

  /** Finds a text in a stream, also where it comes in two parts. */
  private static final class Finder {
    private final byte[] text;
    private int matched;

    /** The first character must not occur again in the text. */
    Finder(String text) {
      this.text = text.getBytes(StandardCharsets.US_ASCII);
    }

    boolean isIn(byte[] buffer, int length) {
      boolean found = false;
      for (int i = 0; i < length; i++) {
        matched = buffer[i] == text[matched] ? matched + 1 : buffer[i] == text[0] ? 1 : 0;
        if (matched == text.length) {
          found = true;
          matched = 0;
        }
      }
      return found;
    }
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
