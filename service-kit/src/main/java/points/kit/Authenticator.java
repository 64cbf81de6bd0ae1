package points.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Turns the header {@code Authorization} into a {@link Caller}: an API key, or a token of the
 * identity provider. Safe for use by many threads; never blocks its caller.
 */
public final class Authenticator {

  /** Which source may do what. */
  public static final Setting<Policy> POLICY = Policy.setting("auth.policy");

  /** What can be set about authentication. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          POLICY,
          JwtSettings.ISSUER,
          JwtSettings.AUDIENCE,
          JwtSettings.ALGORITHMS,
          JwtSettings.KEYS);

  private static final String SCHEME = "Bearer ";

  private final Policy policy;
  private final @Nullable ApiKeys apiKeys;
  private final @Nullable JwtTokens tokens;

  private Authenticator(Policy policy, @Nullable ApiKeys apiKeys, @Nullable JwtTokens tokens) {
    this.policy = policy;
    this.apiKeys = apiKeys;
    this.tokens = tokens;
  }

  /**
   * What can be set about authentication in a service whose policy is its own.
   *
   * @param policy which source may do what by default
   */
  static List<Setting<?>> settings(String policy) {
    List<Setting<?>> all = new ArrayList<>(SETTINGS);
    all.set(0, Policy.setting(POLICY.key(), policy));
    return all;
  }

  /**
   * Accepts what the settings name: API keys where there is a store, tokens where there is an
   * issuer.
   *
   * @param apiKeys null for a service without keys of its own
   */
  public static Authenticator of(Settings settings, @Nullable ApiKeys apiKeys) {
    Policy policy = settings.get(POLICY);
    JwtSettings jwt = JwtSettings.from(settings);
    return new Authenticator(policy, apiKeys, jwt == null ? null : new JwtTokens(jwt, policy));
  }

  /**
   * Who this is. Completes at once for a known key or a token seen before.
   *
   * @param authorization the header as sent; null where there is none
   * @return the caller, or a failure with {@code unauthenticated}, or {@code unavailable} where the
   *     identity provider cannot be asked
   */
  public CompletionStage<Caller> callerOf(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return CompletableFuture.failedStage(
          refused("Send the header Authorization: Bearer, with a key or token."));
    }
    String token = authorization.substring(SCHEME.length()).strip();
    if (ApiKeys.looksLikeKey(token)) {
      return apiKeys == null ? unknownKey() : callerOfKey(apiKeys, token);
    }
    return tokens == null
        ? CompletableFuture.failedStage(refused("This is no API key, and tokens are not set up."))
        : tokens.callerOf(token);
  }

  private CompletionStage<Caller> callerOfKey(ApiKeys keys, String token) {
    return keys.sourceOf(token)
        .thenCompose(
            source ->
                source == null
                    ? unknownKey()
                    : CompletableFuture.completedStage(
                        Caller.service(source, policy.of(source), source)));
  }

  private static CompletionStage<Caller> unknownKey() {
    return CompletableFuture.failedStage(refused("The API key is unknown or revoked."));
  }

  static ProblemException refused(String detail) {
    return new ProblemException(CommonError.UNAUTHENTICATED, detail);
  }
}
