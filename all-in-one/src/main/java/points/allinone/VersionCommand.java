package points.allinone;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the version. */
@Command(name = "version")
final class VersionCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    String version = Main.class.getPackage().getImplementationVersion();
    System.out.println("points " + (version == null ? "(not packaged)" : version));
    return 0;
  }
}
