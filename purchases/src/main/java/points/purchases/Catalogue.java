package points.purchases;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import points.kit.Answer;
import points.kit.Call;
import points.kit.CommonError;
import points.kit.Database;
import points.kit.Fields;
import points.kit.Http;
import points.kit.ProblemException;

/**
 * What a service sells, to be offered, listed and looked at. Immutable.
 *
 * @param item what one of them is called, such as {@code quest}: its path is {@code /quests}, its
 *     id's field {@code quest_id}
 * @param show how one is answered; its id included
 */
public record Catalogue<T>(
    Database database, String item, Table<T> table, Function<T, ObjectNode> show) {
  private static final int LIMIT_DEFAULT = 50;
  private static final int LIMIT_MAX = 200;
  private static final UUID NEWEST = new UUID(-1, -1);

  /** The SQL of what is sold. */
  public interface Table<T> {
    /** Writes a new one. */
    void insert(Connection transaction, T item) throws SQLException;

    /** The one of that id. */
    Optional<T> find(Connection connection, UUID id) throws SQLException;

    /** The newest first, from before this one. */
    List<T> list(Connection connection, UUID before, int limit) throws SQLException;
  }

  /** Reads what is offered from a request's body, all of it. */
  @FunctionalInterface
  public interface Reader<T> {
    /** The new one; it may be wrong as long as the fields are not done. */
    T read(Fields fields);
  }

  /** Adds the three routes. */
  public void mount(Http.Builder http, Reader<T> reader) {
    String path = "/" + item + "s";
    http.blocking("POST", path, PurchaseRoutes.MANAGE, call -> offer(call, reader));
    http.blocking("GET", path, PurchaseRoutes.READ, this::list);
    http.blocking(
        "GET",
        path + "/{id}",
        PurchaseRoutes.READ,
        call -> {
          call.query().done();
          return Answer.json(200, show.apply(get(PurchaseRoutes.id(call))));
        });
  }

  /**
   * The one of that id.
   *
   * @throws ProblemException {@code not_found}
   */
  public T get(UUID id) throws SQLException {
    return database
        .inTransaction(transaction -> table.find(transaction, id))
        .orElseThrow(
            () ->
                new ProblemException(
                    CommonError.NOT_FOUND, "There is no " + item + " " + id + "."));
  }

  private Answer offer(Call call, Reader<T> reader) throws SQLException {
    Fields fields = call.json();
    T offered = reader.read(fields);
    fields.done();
    database.<@Nullable Void>inTransaction(
        transaction -> {
          table.insert(transaction, offered);
          return null;
        });
    return Answer.json(201, show.apply(offered));
  }

  private Answer list(Call call) throws SQLException {
    Fields query = call.query();
    int limit = (int) query.integerOr("limit", 1, LIMIT_MAX, LIMIT_DEFAULT);
    String cursor = query.optionalText("cursor", PurchaseRoutes.UUID_TEXT);
    query.done();
    UUID before = cursor == null ? NEWEST : UUID.fromString(cursor);
    List<T> found =
        database.inTransaction(transaction -> table.list(transaction, before, limit + 1));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray(item + "s");
    found.stream().limit(limit).map(show).forEach(items::add);
    String last = items.isEmpty() ? null : items.get(items.size() - 1).get(item + "_id").asText();
    body.put("next_cursor", found.size() > limit ? last : null);
    return Answer.json(200, body);
  }
}
