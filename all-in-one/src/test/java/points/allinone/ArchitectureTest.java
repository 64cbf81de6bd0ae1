package points.allinone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which part may know which, and how long a file may get. */
class ArchitectureTest {
  private static final int LINES_MAX = 500;

  private static final List<String> SERVICES =
      List.of(
          "points.service..",
          "points.connect..",
          "points.referral..",
          "points.quest..",
          "points.voucher..",
          "points.rielt..");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("points");

  @Test
  void everythingIsImported() {
    assertThat(CLASSES.size()).isGreaterThan(100);
    for (String part :
        List.of(
            "points.ledger",
            "points.kit",
            "points.service",
            "points.client",
            "points.purchases",
            "points.connect",
            "points.referral",
            "points.quest",
            "points.voucher",
            "points.rielt",
            "points.allinone")) {
      assertThat(CLASSES.containPackage(part)).as(part).isTrue();
    }
  }

  @Test
  void theLedgerKnowsTheJdkAndJSpecifyOnly() {
    ArchRuleDefinition.classes()
        .that()
        .resideInAPackage("points.ledger..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("points.ledger..", "java..", "org.jspecify..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("points.ledger..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "java.net..", "java.nio.file..")
        .check(CLASSES);
  }

  @Test
  void theKitKnowsNoService() {
    noClasses()
        .that()
        .resideInAPackage("points.kit..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("points.ledger..", "points.service..", "points.allinone..")
        .check(CLASSES);
  }

  @Test
  void servicesKnowEachOtherByHttpOnly() {
    for (String service : SERVICES) {
      List<String> others = new ArrayList<>(SERVICES);
      others.remove(service);
      others.add("points.allinone..");
      if (!service.equals("points.service..")) {
        others.add("points.ledger..");
      }
      noClasses()
          .that()
          .resideInAPackage(service)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others.toArray(String[]::new))
          .check(CLASSES);
    }
  }

  @Test
  void theClientAndTheSagaKnowNoService() {
    noClasses()
        .that()
        .resideInAnyPackage("points.client..", "points.purchases..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SERVICES.toArray(String[]::new))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("points.client..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("points.kit..", "points.ledger..")
        .check(CLASSES);
  }

  @Test
  void sqlStaysInItsPackageAndKnowsNoHttp() {
    noClasses()
        .that()
        .resideInAPackage("points.service.postgres..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "com.fasterxml..", "points.service")
        .check(CLASSES);
  }

  @Test
  void noFileIsLong() throws IOException {
    try (Stream<Path> files = Files.walk(Repository.root())) {
      List<Path> sources =
          files
              .filter(f -> f.toString().endsWith(".java") && !f.toString().contains("/target/"))
              .toList();
      assertThat(sources).hasSizeGreaterThan(100);
      for (Path source : sources) {
        assertThat(Files.readAllLines(source).size()).as(source.toString()).isLessThan(LINES_MAX);
      }
    }
  }
}
