package points.referral;

import io.vertx.core.Vertx;
import java.util.List;
import points.kit.ApiKeys;
import points.kit.Service;
import points.kit.ServiceFrame;
import points.kit.Setting;
import points.kit.Settings;

/** Referral Service, running. Thread-safe. */
public final class ReferralService implements Service {
  /** The schema that the service owns; also the source of its events. */
  public static final String SCHEMA = "referral";

  /** The prefix of the environment variables. */
  public static final String PREFIX = "REFERRAL";

  private static final int PORT = 8082;

  private final ServiceFrame frame;

  private ReferralService(ServiceFrame frame) {
    this.frame = frame;
  }

  /** All that can be set. */
  public static List<Setting<?>> settings() {
    return ServiceFrame.settings(PORT, ReferralApi.POLICY);
  }

  /**
   * Starts the service; when this returns it serves.
   *
   * @param vertx may be shared with other services; it is not closed here
   * @throws points.kit.DatabaseUnusable if the database will not do
   * @throws points.kit.SettingsException if a key is missing
   */
  public static ReferralService start(Settings settings, Vertx vertx) {
    ServiceFrame frame = ServiceFrame.open(SCHEMA, settings);
    try {
      Members members = new Members(frame.database(), frame.outbox()::wake);
      frame.serve(vertx, new ReferralApi(members)::mount);
      return new ReferralService(frame);
    } catch (RuntimeException e) {
      frame.close();
      throw e;
    }
  }

  @Override
  public String url() {
    return frame.url();
  }

  /** The port that it listens on. */
  public int port() {
    return frame.port();
  }

  @Override
  public ApiKeys keys() {
    return frame.keys();
  }

  @Override
  public void notReady() {
    frame.notReady();
  }

  @Override
  public void close() {
    frame.close();
  }
}
