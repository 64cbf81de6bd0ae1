package points.allinone;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import points.allinone.demo.DemoFailed;
import points.kit.DatabaseUnusable;
import points.kit.SettingsException;

/** The command line. */
@Command(
    name = "points",
    subcommands = {RunCommand.class, DemoCommand.class, VerifyCommand.class, VersionCommand.class})
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
    // Fetched here, as run may send the log elsewhere by and by; what is wrong is said to a person.
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(
        (e, given) -> fail(line.getErr(), e.getMessage() + " (see ./points help)", WRONG));
    line.setExecutionExceptionHandler((e, command, parsed) -> explain(line.getErr(), e));
    return line;
  }

  private static int explain(PrintWriter err, Exception e) throws Exception {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SettingsException wrong -> {
          return fail(err, wrong.getMessage(), WRONG);
        }
        case BindException taken -> {
          return fail(err, "a service cannot listen at " + taken.getMessage(), WRONG);
        }
        case DatabaseUnusable unusable -> {
          return fail(err, unusable.getMessage(), UNUSABLE);
        }
        case FileSystemException unusable -> {
          return fail(err, unusable.getFile() + ": " + reason(unusable), UNUSABLE);
        }
        case DemoFailed failed -> {
          return fail(err, failed.getMessage(), 1);
        }
        case IOException unusable -> {
          return fail(err, unusable.getMessage(), UNUSABLE);
        }
        case SQLException failed -> {
          return fail(err, "the database failed: " + failed.getMessage(), UNUSABLE);
        }
        default -> {}
      }
    }
    throw e;
  }

  private static String reason(FileSystemException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException missing -> "there is no such file or directory";
      case FileAlreadyExistsException there -> "it is in the way";
      default -> String.valueOf(e.getReason());
    };
  }

  private static int fail(PrintWriter err, @Nullable String line, int status) {
    err.println("points: " + String.valueOf(line).lines().findFirst().orElse(""));
    err.flush();
    return status;
  }
}
