package points.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A trial does not hold when one of its threads has died unheard. */
class DeathsTest {
  private final Thread.UncaughtExceptionHandler before =
      Thread.getDefaultUncaughtExceptionHandler();

  @AfterEach
  void listenNoMore() {
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  @Test
  void theyAreHeardOfWhateverKindTheThreadIs() throws InterruptedException {
    Deaths deaths = Deaths.listen();
    deaths.requireNoneSince(0);
    for (Thread.Builder kind : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
      int count = deaths.count();
      IllegalStateException cause = new IllegalStateException("a bug of the trial");
      kind.start(
              () -> {
                throw cause;
              })
          .join();
      assertThatThrownBy(() -> deaths.requireNoneSince(count))
          .isInstanceOf(AssertionError.class)
          .hasCause(cause);
      deaths.requireNoneSince(deaths.count());
    }
    assertThat(deaths.count()).isEqualTo(2);
  }
}
