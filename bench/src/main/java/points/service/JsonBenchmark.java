package points.service;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import points.kit.Fields;
import points.kit.ProblemException;
import points.kit.StrictJson;
import points.ledger.Command;
import points.ledger.Ids;
import points.ledger.InMemoryLedger;
import points.ledger.Limits;
import points.ledger.Outcome;

/** JSON in and out: from the bytes of a request to its command, from an outcome to the answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JsonBenchmark {
  private static final byte[] CREDIT =
      """
      {"account": "user:42", "amount": 150, "external_id": "0192f0c1-7c00-7a01-8c11-000000000001",
       "reason": "quest", "metadata": {"event_id": "e-1", "rule": "quest-reward", "revision": 3}}
      """
          .getBytes(StandardCharsets.UTF_8);

  private static final byte[] WRONG =
      """
      {"account": "nobody", "amount": 1.5, "external_id": "", "reason": "quest", "extra": 1}
      """
          .getBytes(StandardCharsets.UTF_8);

  private final Outcome posted =
      new InMemoryLedger(() -> Instant.EPOCH, new Ids(new Random(1)), Limits.NONE)
          .execute(List.of(read(CREDIT)))
          .get(0);

  private static Command read(byte[] body) {
    Fields fields = Fields.of(StrictJson.parseObject(body));
    return Requests.command(Requests.Call.CREDIT, fields, "connect", "request");
  }

  /** A credit with metadata, from bytes to the command. */
  @Benchmark
  public Command requestIn() {
    return read(CREDIT);
  }

  /** A request with four mistakes, from bytes to the problem that names them. */
  @Benchmark
  public Buffer mistakesOut() {
    try {
      throw new IllegalStateException("it was taken: " + read(WRONG));
    } catch (ProblemException e) {
      return Answers.problem(e.problem(), "request").toHttp().body();
    }
  }

  /** The answer to a credit, from the outcome to bytes. */
  @Benchmark
  public Buffer answerOut() {
    return Answers.of(posted, "request").toHttp().body();
  }
}
