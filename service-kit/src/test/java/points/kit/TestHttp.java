package points.kit;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** A server with API keys for {@code connect} and {@code quest}, for tests of what is on it. */
final class TestHttp implements AutoCloseable {

  static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final Health health = new Health();
  final Metrics metrics = new Metrics("test");
  final Secret connectKey;
  final Secret questKey;
  final Http http;
  private final Vertx vertx = Http.newVertx();
  private final Database database;
  private final ApiKeys keys;

  TestHttp(Map<String, String> overrides, Consumer<Http.Builder> routes) {
    List<Setting<?>> declared = new ArrayList<>(Http.SETTINGS);
    declared.addAll(Authenticator.SETTINGS);
    Settings.Builder builder = Settings.of("TEST", declared).override("http.port", "0");
    overrides.forEach(builder::override);
    Settings settings = builder.load();
    DatabaseUrl url =
        Objects.requireNonNull(DatabaseUrl.parse(TestPostgres.shared().newDatabase()));
    database = Database.open(new Database.Config(url, "kit", "classpath:db/kit", 2), metrics);
    try {
      keys = ApiKeys.open(database.dataSource(), Duration.ofMillis(200));
      connectKey = keys.issue("connect");
      questKey = keys.issue("quest");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    Http.Builder server = Http.of(vertx, settings);
    routes.accept(server);
    http = server.start(Authenticator.of(settings, keys), health, metrics);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(http.url() + path));
  }

  HttpRequest.Builder asConnect(String path) {
    return request(path).header("Authorization", "Bearer " + connectKey.reveal());
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> post(String path, String json) {
    return send(
        asConnect(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  RawHttp raw() throws IOException {
    return new RawHttp(http.port());
  }

  /** The head of a raw request as connect, without the empty line at its end. */
  String head(String line) {
    return line + "\r\nHost: x\r\nAuthorization: Bearer " + connectKey.reveal() + "\r\n";
  }

  @Override
  public void close() {
    http.close();
    keys.close();
    database.close();
    metrics.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
