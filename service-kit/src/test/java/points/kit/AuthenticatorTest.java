package points.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {

  private static final RSAKey RSA = rsa("rsa-1");
  private static final RSAKey STRANGER = rsa("rsa-1");
  private static final ECKey EC = ec();

  @SuppressWarnings("NullAway.Init") // set before each test
  private TestProvider provider;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Authenticator authenticator;

  @BeforeEach
  void start() throws Exception {
    provider = new TestProvider(RSA, EC);
    authenticator = authenticatorOf("rs256");
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private Authenticator authenticatorOf(String algorithms) {
    Settings settings =
        Settings.of("TEST", Authenticator.SETTINGS)
            .override("auth.jwt.algorithms", algorithms)
            .override("auth.jwt.issuer", provider.issuer())
            .load();
    return Authenticator.of(settings, null);
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(provider.issuer())
        .audience("points")
        .subject("someone")
        .claim("client_id", "quest")
        .claim("scope", "openid points.debit points.hold points.credit")
        .expirationTime(in(300));
  }

  @Test
  void acceptsAServiceWithTheScopesThatThePolicyAllows() throws Exception {
    Caller caller = callerOf(signed(RSA, claims().build()));
    assertThat(caller)
        .isEqualTo(
            new Caller("quest", java.util.Set.of("debit", "hold"), Caller.Kind.SERVICE, "someone"));
  }

  @Test
  void acceptsAzpAndScopesAsAnArray() throws Exception {
    Caller caller =
        callerOf(
            signed(
                RSA,
                claims()
                    .claim("client_id", null)
                    .claim("azp", "admin")
                    .claim("scope", null)
                    .claim("scp", List.of("points.admin", "points.credit"))
                    .build()));
    assertThat(caller.kind()).isEqualTo(Caller.Kind.OPERATOR);
    assertThat(caller.permissions()).containsExactly("admin");
  }

  @Test
  void aMemberMaySeeTheirOwnDataOnly() throws Exception {
    Caller caller =
        callerOf(signed(RSA, claims().claim("scope", "points.me points.admin").build()));
    assertThat(caller)
        .isEqualTo(new Caller("member", java.util.Set.of("me"), Caller.Kind.MEMBER, "someone"));
    refuses(signed(RSA, claims().claim("scope", "points.me").subject(null).build()));
  }

  @Test
  void aTokenThatNamesABearerAndNoServiceIsAMembers() throws Exception {
    JWTClaimsSet.Builder plain =
        new JWTClaimsSet.Builder()
            .issuer(provider.issuer())
            .audience("points")
            .subject("42")
            .expirationTime(in(300));
    Caller member = new Caller("member", java.util.Set.of("me"), Caller.Kind.MEMBER, "42");
    assertThat(callerOf(signed(RSA, plain.build()))).isEqualTo(member);
    for (String frontEnd : List.of("web-app", "Web App", "https://app.example/")) {
      assertThat(callerOf(signed(RSA, plain.claim("azp", frontEnd).build()))).isEqualTo(member);
    }
    assertThat(callerOf(signed(RSA, plain.claim("scope", "openid profile").build())))
        .isEqualTo(member);
    // What claims to be a service is none's but a service's.
    refuses(signed(RSA, plain.claim("azp", null).claim("scope", "points.read").build()));
    Caller service = callerOf(signed(RSA, plain.claim("azp", "quest").claim("scope", "").build()));
    assertThat(service.source()).isEqualTo("quest");
    assertThat(service.permissions()).isEmpty();
    assertThat(Permission.of("debit").refused(service))
        .hasMessageContaining("the scope points.debit");
    Caller itself = callerOf(signed(RSA, plain.subject("robot").claim("azp", "robot").build()));
    assertThat(itself.permissions()).isEmpty();
    refuses(signed(RSA, plain.subject(null).claim("azp", null).build()));
  }

  @Test
  void aStrangeServiceMayDoNothing() throws Exception {
    assertThat(callerOf(signed(RSA, claims().claim("client_id", "stranger").build())).permissions())
        .isEmpty();
    refuses(signed(RSA, claims().claim("client_id", "member").build()));
    refuses(signed(RSA, claims().claim("client_id", "Not A Source").build()));
    refuses(signed(RSA, claims().claim("client_id", null).build()));
    refuses(signed(RSA, claims().claim("client_id", List.of("quest")).build()));
  }

  @Test
  void refusesWhatIsNotForUsOrNotNow() throws Exception {
    refuses(signed(RSA, claims().issuer("https://other.example").build()));
    refuses(signed(RSA, claims().issuer(provider.issuer() + "/").build()));
    refuses(signed(RSA, claims().issuer(null).build()));
    refuses(signed(RSA, claims().audience("others").build()));
    refuses(signed(RSA, claims().audience((String) null).build()));
    refuses(signed(RSA, claims().expirationTime(null).build()));
    refuses(signed(RSA, claims().expirationTime(in(-90)).build()));
    refuses(signed(RSA, claims().notBeforeTime(in(90)).build()));
    assertThat(callerOf(signed(RSA, claims().expirationTime(in(-30)).build())).source())
        .as("a clock may be a little off")
        .isEqualTo("quest");
    assertThat(callerOf(signed(RSA, claims().audience(List.of("x", "points")).build())).source())
        .isEqualTo("quest");
  }

  @Test
  void refusesForgeries() throws Exception {
    refuses(new PlainJWT(claims().build()).serialize());
    refuses(signed(STRANGER, claims().build()));
    refuses(signed(rsa("unknown"), claims().build()));
    byte[] publicKey = RSA.toRSAPublicKey().getEncoded();
    refuses(signed(JWSAlgorithm.HS256, new MACSigner(publicKey), "rsa-1", claims().build()));
    refuses(
        signed(
            JWSAlgorithm.HS256,
            new MACSigner(RSA.toPublicJWK().toJSONString()),
            "rsa-1",
            claims().build()));
    refuses(signed(JWSAlgorithm.PS256, new RSASSASigner(RSA), "rsa-1", claims().build()));
    String good = signed(RSA, claims().build());
    refuses(good.substring(0, good.lastIndexOf('.') + 1));
    refuses(good.substring(0, good.length() - 8) + "AAAAAAAA");
    refuses(good + ".x");
    refuses("x".repeat(9_000));
    refuses("..");
    SignedJWT wrongType =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("rsa-1")
                .type(new JOSEObjectType("logout+jwt"))
                .build(),
            claims().build());
    wrongType.sign(new RSASSASigner(RSA));
    refuses(wrongType.serialize());
  }

  @Test
  void pinsTheAlgorithm() throws Exception {
    String token = signed(JWSAlgorithm.ES256, new ECDSASigner(EC), "ec-1", claims().build());
    refuses(token);
    authenticator = authenticatorOf("es256");
    assertThat(callerOf(token).source()).isEqualTo("quest");
    refuses(signed(RSA, claims().build()));
    authenticator = authenticatorOf("rs256, es256");
    assertThat(callerOf(token).source()).isEqualTo("quest");
    assertThat(callerOf(signed(RSA, claims().build())).source()).isEqualTo("quest");
  }

  @Test
  void survivesAnOutageOfTheProvider() throws Exception {
    String known = signed(RSA, claims().build());
    callerOf(known);
    provider.close();
    callerOf(known);
    assertThat(callerOf(signed(RSA, claims().jwtID("another").build())).source())
        .isEqualTo("quest");
  }

  @Test
  void saysThatTheProviderIsAway() throws Exception {
    provider.close();
    assertThat(failureOf(signed(RSA, claims().build())).error()).isEqualTo(CommonError.UNAVAILABLE);
  }

  @Test
  void doesNotAskTheProviderForEveryUnknownKey() throws Exception {
    RSAKey[] unknown = {rsa("unknown-0"), rsa("unknown-1")};
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      refuses(signed(unknown[i % 2], claims().jwtID("n" + i).build()));
    }
    long gaps = 1 + (System.nanoTime() - start) / 1_000_000 / JwtTokens.KEYS_GAP_MILLIS;
    // The provider may be asked twice in a gap, each time for its metadata and its keys.
    assertThat(provider.requests()).isLessThanOrEqualTo((int) (4 * gaps)).isLessThan(200);
  }

  @Test
  void refusesMetadataOfAnotherIssuer() throws Exception {
    provider.claimIssuer("https://other.example");
    assertThat(failureOf(signed(RSA, claims().build())).error()).isEqualTo(CommonError.UNAVAILABLE);
  }

  @Test
  void keysMustComeOverHttps() {
    for (String uri : new String[] {"http://idp.example", "ftp://localhost", "x", "https://a@b/"}) {
      assertThatThrownBy(
              () ->
                  Settings.of("TEST", Authenticator.SETTINGS)
                      .override("auth.jwt.issuer", uri)
                      .load())
          .isInstanceOf(SettingsException.class);
    }
  }

  private Caller callerOf(String token) {
    return authenticator.callerOf("bearer " + token).toCompletableFuture().join();
  }

  private void refuses(String token) {
    assertThat(failureOf(token).error()).isEqualTo(CommonError.UNAUTHENTICATED);
  }

  private Problem failureOf(String token) {
    try {
      throw new AssertionError("accepted as " + callerOf(token));
    } catch (CompletionException e) {
      return Problems.of(e, "test");
    }
  }

  private static String signed(RSAKey key, JWTClaimsSet claims) throws Exception {
    return signed(JWSAlgorithm.RS256, new RSASSASigner(key), key.getKeyID(), claims);
  }

  private static String signed(
      JWSAlgorithm algorithm, JWSSigner signer, String key, JWTClaimsSet claims) throws Exception {
    SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key).build(), claims);
    token.sign(signer);
    return token.serialize();
  }

  private static Date in(long seconds) {
    return Date.from(Instant.now().plusSeconds(seconds));
  }

  private static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2_048).keyID(id).generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey ec() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
