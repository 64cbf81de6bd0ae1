package points.kit;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens come from and what they must say. Immutable.
 *
 * @param issuer exactly as in the claim {@code iss}
 * @param audience that must be among those of the claim {@code aud}
 * @param algorithms that signatures may use; none of them can be made with a public key
 * @param keys where the keys are; null to ask the issuer
 */
public record JwtSettings(
    String issuer, String audience, List<Algorithm> algorithms, @Nullable URI keys) {

  /** Signatures that can be asked for. */
  public enum Algorithm {
    /** RSA with SHA-256. */
    RS256,
    /** The elliptic curve P-256 with SHA-256. */
    ES256
  }

  static final Setting<URI> ISSUER =
      uri(
          "auth.jwt.issuer",
          "The OpenID Connect provider whose tokens are accepted; none by default.");
  static final Setting<String> AUDIENCE =
      Setting.text(
          "auth.jwt.audience", "points", "What a token must have among its audiences (claim aud).");
  static final Setting<List<Algorithm>> ALGORITHMS =
      new Setting<>(
          "auth.jwt.algorithms",
          "rs256, es256 or both, separated by a comma",
          JwtSettings::parseAlgorithms,
          "rs256",
          "Which signatures a token may have.",
          false);
  static final Setting<URI> KEYS =
      uri("auth.jwt.keys", "Where the provider's keys are (JWKS); by default the issuer is asked.");

  public JwtSettings {
    algorithms = List.copyOf(algorithms);
  }

  /** What the settings say; null where there is no identity provider. */
  static @Nullable JwtSettings from(Settings settings) {
    URI issuer = settings.find(ISSUER);
    if (issuer == null) {
      return null;
    }
    return new JwtSettings(
        issuer.toString(), settings.get(AUDIENCE), settings.get(ALGORITHMS), settings.find(KEYS));
  }

  private static Setting<URI> uri(String key, String description) {
    return new Setting<>(
        key,
        "an https address (http on this very machine only)",
        JwtSettings::parseUri,
        null,
        description,
        false);
  }

  /** Keys that came in the clear could be anybody's. */
  private static @Nullable URI parseUri(String text) {
    try {
      URI uri = URI.create(text);
      String scheme = uri.getScheme();
      String host = uri.getHost();
      if (host == null || uri.getUserInfo() != null || uri.getFragment() != null) {
        return null;
      }
      boolean local = List.of("localhost", "127.0.0.1", "[::1]").contains(host);
      return "https".equals(scheme) || ("http".equals(scheme) && local) ? uri : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable List<Algorithm> parseAlgorithms(String text) {
    List<Algorithm> algorithms = new ArrayList<>();
    for (String name : text.split(",", -1)) {
      switch (name.strip().toLowerCase(Locale.ROOT)) {
        case "rs256" -> algorithms.add(Algorithm.RS256);
        case "es256" -> algorithms.add(Algorithm.ES256);
        default -> {
          return null;
        }
      }
    }
    return algorithms;
  }
}
