package points.purchases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import points.kit.Database;
import points.kit.DatabaseUrl;
import points.kit.Metrics;
import points.kit.TestPostgres;

/** Compares a service's table of states in code, documentation and database. */
public final class StatesInThreePlaces {
  private static final Pattern STEP = Pattern.compile("'([a-z]*>[a-z]+)'");

  private StatesInThreePlaces() {}

  /** Fails unless all three agree. */
  public static void require(String service, Machine machine) throws Exception {
    String page = Files.readString(Path.of("../docs/integrations/" + service + ".md"));
    assertThat(page).contains(machine.markdown());
    assertThat(inDatabase(service)).isEqualTo(machine.checks());
  }

  private static Set<String> inDatabase(String service) throws Exception {
    DatabaseUrl url =
        Objects.requireNonNull(DatabaseUrl.parse(TestPostgres.shared().newDatabase()));
    try (Metrics metrics = new Metrics("test");
        Database database =
            Database.open(
                new Database.Config(url, service, "classpath:points/" + service + "/db", 2),
                metrics)) {
      String check =
          database.inTransaction(
              connection -> {
                try (var statement = connection.createStatement();
                    var row =
                        statement.executeQuery(
                            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                                + " WHERE conname = 'purchase_transitions'")) {
                  row.next();
                  return row.getString(1);
                }
              });
      Set<String> steps = new TreeSet<>();
      Matcher step = STEP.matcher(check);
      while (step.find()) {
        steps.add(step.group(1));
      }
      return steps;
    }
  }
}
