package points.allinone;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import points.kit.Http;
import points.kit.Settings;
import points.kit.SettingsException;

/** Where the services are going to listen, found out before anything is started. */
final class Addresses {
  private Addresses() {}

  /**
   * Binds each address for a moment, all of them together.
   *
   * @param settings of the services, by their titles
   * @throws SettingsException naming the first that cannot be had
   */
  static void requireFree(Map<String, Settings> settings) throws IOException {
    Deque<ServerSocket> bound = new ArrayDeque<>();
    try {
      for (Map.Entry<String, Settings> service : settings.entrySet()) {
        String host = service.getValue().get(Http.HOST);
        int port = service.getValue().get(Http.PORT);
        ServerSocket socket = new ServerSocket();
        bound.push(socket);
        try {
          socket.setReuseAddress(true); // as the services do
          socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
          throw new SettingsException(taken(service.getKey() + ", " + host + ":" + port, e));
        }
      }
    } finally {
      for (ServerSocket socket : bound) {
        socket.close();
      }
    }
  }

  /** What to say where an address cannot be had. */
  private static String taken(String whose, IOException e) {
    String why = e instanceof BindException ? e.getMessage() : e.toString();
    return "http.port or http.host of "
        + whose
        + " cannot be used ("
        + why
        + "): choose another with --port, or stop what uses it";
  }
}
