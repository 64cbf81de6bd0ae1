package points.trials.hostile;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import points.kit.Authenticator;
import points.kit.ProblemException;
import points.kit.Settings;
import points.kit.TestProvider;

/** Reads the tokens of an identity provider, whose keys it has. */
final class SignedTexts {
  static final String ISSUER = "https://issuer.test";
  private static final ECKey KEY = key();

  private SignedTexts() {}

  /** Reads claims, signed by the provider. */
  static Readers.Body claims() throws Exception {
    Authenticator authenticator = authenticator();
    return text -> token(authenticator, signed(new String(text, StandardCharsets.UTF_8)));
  }

  /** Reads tokens as they are. */
  static Readers.Body tokens() throws Exception {
    Authenticator authenticator = authenticator();
    return text -> token(authenticator, new String(text, StandardCharsets.ISO_8859_1));
  }

  /** Its provider of keys lives as long as the process. */
  private static Authenticator authenticator() throws Exception {
    TestProvider provider = new TestProvider(KEY.toPublicJWK());
    return Authenticator.of(
        Settings.of("TRIAL", Authenticator.SETTINGS)
            .override("auth.jwt.issuer", ISSUER)
            .override("auth.jwt.keys", provider.issuer() + "/keys")
            .override("auth.jwt.algorithms", "rs256,es256")
            .load(),
        null);
  }

  /** The same key in every process: a text that was kept means the same to the next one. */
  private static ECKey key() {
    try {
      SecureRandom always = SecureRandom.getInstance("SHA1PRNG");
      always.setSeed(17);
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(Curve.P_256.toECParameterSpec(), always);
      KeyPair pair = generator.generateKeyPair();
      return new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
          .privateKey(pair.getPrivate())
          .keyID("provider")
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has elliptic curves", e);
    }
  }

  /** A token with these claims. */
  static String signed(String claims) {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(KEY.getKeyID()).build();
    JWSObject token = new JWSObject(header, new Payload(claims));
    try {
      token.sign(new ECDSASigner(KEY));
    } catch (JOSEException e) {
      throw new IllegalStateException("the key is good", e);
    }
    return token.serialize();
  }

  private static void token(Authenticator authenticator, String token) {
    try {
      authenticator
          .callerOf("Bearer " + token)
          .toCompletableFuture()
          .orTimeout(10, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof ProblemException refused)
          || refused.problem().error().status() != 401) {
        throw e;
      }
    }
  }
}
