package points.trials;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy that troubles what goes through it. Thread-safe. */
public final class Wire implements AutoCloseable {
  /** What it does to the bytes. */
  public enum Trouble {
    /** Nothing. */
    NONE,
    /** Holds every piece back for a while. */
    DELAY,
    /** Lets them through a few at a time. */
    TRICKLE,
    /** Swallows them, and says nothing. */
    SWALLOW
  }

  private static final int DELAY_MILLIS = 60;
  private static final int TRICKLE_BYTES = 256;

  private final ServerSocket listening;
  private volatile int target;
  private volatile Trouble trouble = Trouble.NONE;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private Wire(ServerSocket listening, int target) {
    this.listening = listening;
    this.target = target;
  }

  /** A wire to a port of this machine. */
  public static Wire to(int target) throws IOException {
    Wire wire = new Wire(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), target);
    Thread.ofVirtual().start(wire::accept);
    return wire;
  }

  /** Where it listens. */
  public int port() {
    return listening.getLocalPort();
  }

  /** New connections go to another port from now on. */
  public void redirect(int port) {
    target = port;
    cut();
  }

  /** Troubles all that goes through from now on. */
  public void trouble(Trouble how) {
    trouble = how;
  }

  /** Closes every connection, both ends. */
  public void cut() {
    open.forEach(Wire::close);
  }

  /** Closes one direction of every connection: that from PostgreSQL, or that to it. */
  public void halfClose() {
    for (Socket socket : open) {
      try {
        socket.shutdownOutput();
      } catch (IOException e) {
        // It was closed just now.
      }
    }
  }

  /** Ends the trouble. What was swallowed is gone, so those connections are closed. */
  public void heal() {
    boolean lost = trouble == Trouble.SWALLOW;
    trouble = Trouble.NONE;
    if (lost) {
      cut();
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        try {
          Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
          client.setTcpNoDelay(true);
          there.setTcpNoDelay(true);
          open.add(client);
          open.add(there);
          Thread.ofVirtual().start(() -> pump(client, there));
          Thread.ofVirtual().start(() -> pump(there, client));
        } catch (IOException e) {
          close(client); // nobody listens there
        }
      } catch (IOException e) {
        // It was closed.
      }
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        pass(buffer, n, out);
      }
    } catch (IOException e) {
      // One end is gone; so is the other now.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private void pass(byte[] buffer, int n, OutputStream out) throws IOException {
    switch (trouble) {
      case NONE -> out.write(buffer, 0, n);
      case DELAY -> {
        Server.pause(DELAY_MILLIS);
        out.write(buffer, 0, n);
      }
      case TRICKLE -> {
        for (int i = 0; i < n; i += TRICKLE_BYTES) {
          out.write(buffer, i, Math.min(TRICKLE_BYTES, n - i));
          Server.pause(1);
        }
      }
      case SWALLOW -> {}
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It was closed just now.
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      // It was closed.
    }
    cut();
  }
}
