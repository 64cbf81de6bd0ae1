package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of transitions, and the page that prints it. */
final class TransitionsTest {
  private static final Path PAGE = Path.of("docs", "reference", "states.md");

  @Test
  void thePageSaysWhatTheTableSays() throws IOException {
    assertThat(tableUnder("## Holds")).isEqualTo(rows(Transitions.HOLD));
    assertThat(tableUnder("## Lots")).isEqualTo(rows(Transitions.LOT));
  }

  private static List<String> tableUnder(String heading) throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path page =
        Stream.of(here, here.resolve(".."))
            .map(at -> at.resolve(PAGE))
            .filter(Files::exists)
            .findFirst()
            .orElseThrow();
    String text = Files.readString(page);
    String part = text.substring(text.indexOf(heading) + heading.length());
    int next = part.indexOf("\n## ");
    return (next < 0 ? part : part.substring(0, next))
        .lines()
        .filter(line -> line.startsWith("|"))
        .skip(2)
        .toList();
  }

  private static <S extends Enum<S>> List<String> rows(List<Transitions.Row<S>> table) {
    return table.stream()
        .map(
            row ->
                "| %s | `%s` | `%s` |"
                    .formatted(
                        row.from() == null ? "–" : "`" + wire(row.from()) + "`",
                        row.verb().wire(),
                        wire(row.to())))
        .toList();
  }

  private static String wire(Enum<?> state) {
    return switch (state) {
      case HoldStatus hold -> hold.wire();
      case LotStatus lot -> lot.wire();
      default -> throw new AssertionError(state);
    };
  }

  @Test
  void noRowOccursTwice() {
    assertThat(Transitions.HOLD).doesNotHaveDuplicates();
    assertThat(Transitions.LOT).doesNotHaveDuplicates();
  }

  @Test
  void everyStateIsReachedAndTheEndsAreEnds() {
    assertThat(reached(Transitions.HOLD)).isEqualTo(EnumSet.allOf(HoldStatus.class));
    assertThat(reached(Transitions.LOT)).isEqualTo(EnumSet.allOf(LotStatus.class));
    assertThat(Transitions.HOLD)
        .filteredOn(row -> row.from() != null)
        .extracting(Transitions.Row::from)
        .containsOnly(HoldStatus.ACTIVE);
    assertThat(Transitions.LOT)
        .extracting(Transitions.Row::from)
        .doesNotContain(LotStatus.MERGED, LotStatus.REVERSED);
  }

  private static <S extends Enum<S>> Set<S> reached(List<Transitions.Row<S>> table) {
    return table.stream().map(Transitions.Row::to).collect(Collectors.toSet());
  }

  @Test
  void whatIsNotInTheTableIsABug() {
    assertThat(
            Transitions.take(
                Transitions.HOLD, HoldStatus.ACTIVE, Verb.RELEASE, HoldStatus.RELEASED))
        .isEqualTo(HoldStatus.RELEASED);
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Transitions.take(
                    Transitions.HOLD, HoldStatus.RELEASED, Verb.CAPTURE, HoldStatus.CAPTURED));
    assertThatIllegalStateException()
        .isThrownBy(
            () -> Transitions.take(Transitions.HOLD, null, Verb.CAPTURE, HoldStatus.CAPTURED));
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Transitions.take(
                    Transitions.HOLD, HoldStatus.ACTIVE, Verb.RELEASE, HoldStatus.EXPIRED));
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Transitions.take(
                    Transitions.LOT, LotStatus.MERGED, Verb.EXPIRE_LOT, LotStatus.EXPIRED));
  }
}
