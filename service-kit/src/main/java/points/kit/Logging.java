package points.kit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Logs as JSON, one object a line, on standard error; {@code logback.xml} of this module sets that
 * up for every service, and this class the level.
 */
public final class Logging {

  /** How much is logged. */
  public enum Amount {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  private static final Setting<Amount> LEVEL =
      Setting.choice("log.level", Amount.class, Amount.INFO, "How much is logged.");

  /** What can be set about logs. */
  public static final List<Setting<?>> SETTINGS = List.of(LEVEL);

  private Logging() {}

  /** Logs as much as the settings say, from now on, in the whole process. */
  public static void configure(Settings settings) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      Level level = Level.toLevel(settings.get(LEVEL).name());
      context.getLogger("points").setLevel(level);
      // Libraries at debug are noise, and some of them show what they should not.
      Level others = level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO;
      context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(others);
    }
  }
}
