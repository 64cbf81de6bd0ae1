package points.bench.micro;

import java.io.IOException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the JMH benchmarks; JMH starts a JVM of its own for each. */
public final class Micro {
  private Micro() {}

  /**
   * Runs all of them and prints what they give.
   *
   * @param seconds how long each is measured in each of its five rounds
   * @throws IOException if one of them fails
   */
  public static void run(int seconds) throws IOException {
    TimeValue time = TimeValue.seconds(seconds);
    try {
      new Runner(
              new OptionsBuilder()
                  .include("^points\\..*Benchmark\\.")
                  .forks(1)
                  .warmupIterations(3)
                  .warmupTime(time)
                  .measurementIterations(5)
                  .measurementTime(time)
                  .shouldFailOnError(true)
                  .build())
          .run();
    } catch (RunnerException e) {
      throw new IOException("a benchmark failed: " + e.getMessage(), e);
    }
  }
}
