package points.allinone;

import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import points.kit.DatabaseUnusable;
import points.kit.SettingsException;

/** The command line. */
@Command(
    name = "points",
    subcommands = {RunCommand.class, VerifyCommand.class, VersionCommand.class})
public final class Main {
  /** A wrong command line or setting. */
  static final int WRONG = 2;

  /** A database, or a directory for one, that cannot be used. */
  static final int UNUSABLE = 3;

  private Main() {}

  /** Runs a command and exits with its status. */
  public static void main(String[] arguments) {
    int status = commandLine().execute(arguments);
    System.exit(status);
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setParameterExceptionHandler(
        (e, given) -> fail(line.getErr(), e.getMessage() + " (see ./points help)", WRONG));
    line.setExecutionExceptionHandler((e, command, parsed) -> explain(line.getErr(), e));
    return line;
  }

  private static int explain(PrintWriter err, Exception e) throws Exception {
    return switch (e) {
      case SettingsException wrong -> fail(err, wrong.getMessage(), WRONG);
      case DatabaseUnusable unusable -> fail(err, unusable.getMessage(), UNUSABLE);
      case IOException unusable -> fail(err, unusable.getMessage(), UNUSABLE);
      default -> throw e;
    };
  }

  private static int fail(
      PrintWriter err, @org.jspecify.annotations.Nullable String line, int status) {
    err.println("points: " + String.valueOf(line).lines().findFirst().orElse(""));
    err.flush();
    return status;
  }
}
