package points.kit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of an OpenID Connect provider. Issuer, audience and algorithm are pinned; keys come from
 * the provider, are cached, and survive its outages. A token that was found good is remembered
 * until it expires. Safe for use by many threads; a check never blocks its caller.
 */
final class JwtTokens {

  private static final Logger log = LoggerFactory.getLogger(JwtTokens.class);
  private static final int SKEW_SECONDS_MAX = 60;
  private static final int TOKEN_LENGTH_MAX = 8_192;
  private static final int REMEMBERED_MAX = 10_000;
  private static final int CHECKS_AT_ONCE_MAX = 64;
  private static final String SCOPE_PREFIX = "points.";
  static final long KEYS_GAP_MILLIS = 10_000;
  private static final long KEYS_KEPT_IN_OUTAGE_MILLIS = Duration.ofHours(4).toMillis();

  private record Known(Caller caller, Instant expiresAt) {}

  private final ConfigurableJWTProcessor<SecurityContext> processor;
  private final Policy policy;
  private final Semaphore checks = new Semaphore(CHECKS_AT_ONCE_MAX);
  private final Cache<ApiKeys.Hash, Known> good =
      Caffeine.newBuilder()
          .maximumSize(REMEMBERED_MAX)
          .expireAfter(Expiry.<ApiKeys.Hash, Known>writing((hash, known) -> left(known)))
          .build();

  JwtTokens(JwtSettings settings, Policy policy) {
    this.policy = policy;
    JWKSource<SecurityContext> keys =
        JWKSourceBuilder.create(new ProviderKeys(settings))
            .rateLimited(KEYS_GAP_MILLIS)
            .outageTolerant(KEYS_KEPT_IN_OUTAGE_MILLIS)
            .build();
    this.processor = processor(settings, keys);
  }

  private static ConfigurableJWTProcessor<SecurityContext> processor(
      JwtSettings settings, JWKSource<SecurityContext> keys) {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    // RFC 9068 calls access tokens at+jwt, most providers still say JWT.
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    Set<JWSAlgorithm> algorithms = new LinkedHashSet<>();
    settings.algorithms().forEach(name -> algorithms.add(JWSAlgorithm.parse(name.name())));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            Set.of(settings.audience()),
            new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
            Set.of("exp"),
            Set.of());
    claims.setMaxClockSkew(SKEW_SECONDS_MAX);
    processor.setJWTClaimsSetVerifier(claims);
    return processor;
  }

  /** Completes with the caller, or with {@code unauthenticated}, {@code unavailable}, … */
  CompletionStage<Caller> callerOf(String token) {
    if (token.length() > TOKEN_LENGTH_MAX) {
      return CompletableFuture.failedStage(Authenticator.refused("The token is too long."));
    }
    ApiKeys.Hash hash = new ApiKeys.Hash(Sha256.of(token));
    Known known = good.getIfPresent(hash);
    if (known != null) {
      return CompletableFuture.completedStage(known.caller());
    }
    if (!checks.tryAcquire()) {
      return CompletableFuture.failedStage(
          new ProblemException(CommonError.OVERLOADED, "Too many new tokens at once."));
    }
    CompletableFuture<Caller> late = new CompletableFuture<>();
    Thread.startVirtualThread(() -> checkInto(late, token, hash));
    return late;
  }

  private void checkInto(CompletableFuture<Caller> late, String token, ApiKeys.Hash hash) {
    try {
      Known known = check(token);
      good.put(hash, known);
      late.complete(known.caller());
    } catch (RuntimeException e) {
      late.completeExceptionally(e);
    } finally {
      checks.release();
    }
  }

  private Known check(String token) {
    try {
      JWTClaimsSet claims = processor.process(SignedJWT.parse(token), null);
      Instant expiresAt = Objects.requireNonNull(claims.getExpirationTime()).toInstant();
      return new Known(caller(claims), expiresAt);
    } catch (RateLimitReachedException e) {
      // Only an unknown key id makes us ask for keys that often.
      throw Authenticator.refused("The token's key is unknown.");
    } catch (KeySourceException e) {
      log.warn("the identity provider's keys are out of reach: {}", e.getMessage());
      throw new ProblemException(
          CommonError.UNAVAILABLE, "The identity provider is out of reach; tokens wait for it.");
    } catch (ParseException | BadJOSEException | JOSEException e) {
      log.debug("token refused: {}", e.getMessage());
      throw Authenticator.refused(
          "The token is malformed, expired, wrongly signed, or meant for somebody else.");
    }
  }

  private Caller caller(JWTClaimsSet claims) throws ParseException {
    Set<String> scopes = scopes(claims);
    String subject = claims.getSubject();
    String source = source(claims);
    if (scopes.contains(SCOPE_PREFIX + Permission.ME.name())
        || isOfMember(source, scopes, subject)) {
      if (subject == null || subject.isBlank()) {
        throw Authenticator.refused("A member's token needs a sub.");
      }
      return Caller.member(subject);
    }
    if (source == null || !Policy.isSource(source)) {
      throw Authenticator.refused(
          "The token names no service in client_id or azp, and is no member's: those have a sub and"
              + " no scope of ours but points.me.");
    }
    Set<String> permissions = new LinkedHashSet<>();
    for (String permission : policy.of(source)) {
      if (scopes.contains(SCOPE_PREFIX + permission)) {
        permissions.add(permission);
      }
    }
    return Caller.service(source, permissions, subject == null ? source : subject);
  }

  /**
   * A token that says who its bearer is and claims nothing that a service needs is a member's, and
   * opens no more than the bearer's own account. Providers often name the front end that fetched it
   * in client_id or azp; a service of the policy is never taken for that.
   */
  private boolean isOfMember(
      @Nullable String source, Set<String> scopes, @Nullable String subject) {
    boolean claimsPermission = scopes.stream().anyMatch(scope -> scope.startsWith(SCOPE_PREFIX));
    return !claimsPermission
        && subject != null
        && !subject.equals(source)
        && (source == null || !policy.permissionsBySource().containsKey(source));
  }

  private static @Nullable String source(JWTClaimsSet claims) throws ParseException {
    String client = claims.getStringClaim("client_id");
    return client == null ? claims.getStringClaim("azp") : client;
  }

  /** Providers write scopes as one text with spaces or, some, as an array called scp. */
  private static Set<String> scopes(JWTClaimsSet claims) throws ParseException {
    Set<String> scopes = new LinkedHashSet<>();
    for (String claim : new String[] {"scope", "scp"}) {
      Object value = claims.getClaim(claim);
      if (value instanceof String text) {
        scopes.addAll(Arrays.asList(text.split(" ", -1)));
      } else if (value != null) {
        scopes.addAll(Objects.requireNonNull(claims.getStringListClaim(claim)));
      }
    }
    return scopes;
  }

  private static Duration left(Known known) {
    Duration left = Duration.between(Instant.now(), known.expiresAt());
    return left.isNegative() ? Duration.ZERO : left;
  }
}
