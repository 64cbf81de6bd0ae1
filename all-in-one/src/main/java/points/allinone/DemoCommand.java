package points.allinone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import points.allinone.demo.Demo;

/** Plays the mission against a system that runs, then verifies its books. */
@Command(name = "demo")
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--data")
  private Path data = Path.of("data");

  @Option(names = "--port")
  private int port = 8080;

  @Option(names = "--database-url")
  private @Nullable String databaseUrl;

  @Override
  public Integer call() throws Exception {
    RunCommand.requireNamed(data);
    if (!Files.exists(data.resolve(Credentials.FILE))) {
      throw new IOException(
          "there are no credentials in " + data + "; start ./points run first, or give --data.");
    }
    Credentials credentials = Credentials.in(data);
    Demo.play(port, credentials::key, System.out);
    System.out.println();
    return VerifyCommand.verify(data, databaseUrl);
  }
}
