package points.trials.hostile;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tokens of an identity provider, and what others would pass off as such. */
final class Tokens {
  private static final String AUDIENCE = "points";

  /** Everything that there is to ask for. */
  private static final Set<String> SCOPES =
      Stream.of(Target.values())
          .flatMap(t -> Target.SOURCES.stream().flatMap(s -> t.granted(s).stream()))
          .collect(Collectors.toUnmodifiableSet());

  private final String issuer;
  private final RSAKey key;
  private final RSAKey strange;
  private final List<Credential> all = new ArrayList<>();

  /** Tokens that name this issuer, whose key it is. */
  Tokens(String issuer, RSAKey key) throws JOSEException {
    this.issuer = issuer;
    this.key = key;
    strange = new RSAKeyGenerator(2048).keyID("strange").generate();
  }

  /** A key such as a provider has. */
  static RSAKey newKey() throws JOSEException {
    return new RSAKeyGenerator(2048).keyID("provider").generate();
  }

  /** All of them, good and bad. */
  List<Credential> all() throws JOSEException {
    services();
    members();
    claims();
    signatures();
    headers();
    return all;
  }

  /** A member's own. */
  String member(String subject) throws JOSEException {
    return signed(c -> c.subject(subject).claim("scope", "points.me"));
  }

  private void services() throws JOSEException {
    for (String source : Target.SOURCES) {
      all.add(
          Credential.good(
              "token of " + source, signed(c -> of(c, source, SCOPES)), t -> t.granted(source)));
      Set<String> few = Set.of("read", "buy");
      all.add(
          Credential.good(
              "token of " + source + " to read and buy",
              signed(c -> of(c, source, few)),
              t -> both(t.granted(source), few)));
    }
    all.add(Credential.good("no scope", signed(c -> of(c, "admin", Set.of())), t -> Set.of()));
    all.add(Credential.good("a stranger", signed(c -> of(c, "stranger", SCOPES)), t -> Set.of()));
    all.add(
        Credential.good(
            "the subject of another",
            signed(c -> of(c.subject("admin"), "quest", SCOPES)),
            t -> t.granted("quest")));
    all.add(
        Credential.good(
            "scopes without their prefix",
            signed(c -> c.claim("client_id", "admin").claim("scope", "admin read")),
            t -> Set.of()));
  }

  private void members() throws JOSEException {
    Set<String> me = Set.of("me");
    all.add(Credential.good("a member", member("1"), t -> me));
    all.add(
        Credential.good(
            "a member with every scope",
            signed(
                c -> of(c.subject("1"), "admin", SCOPES).claim("scope", "points.me points.admin")),
            t -> me));
    all.add(Credential.good("the member ..", member(".."), t -> me));
    // Names that no account has: nothing is theirs.
    int count = 0;
    for (String odd : List.of("no such", "a:b", "x".repeat(200), "\u0000", "a\r\nb", "é")) {
      all.add(Credential.good("odd member " + count++, member(odd), t -> Set.of()));
    }
    all.add(Credential.bad("a member without a name", signed(c -> c.claim("scope", "points.me"))));
    all.add(Credential.bad("a member with a blank name", member(" ")));
  }

  private void claims() throws JOSEException {
    bad("expired", c -> c.expirationTime(at(-120)));
    bad("expired long ago", c -> c.expirationTime(at(-1_000_000_000)));
    bad("not yet valid", c -> c.notBeforeTime(at(300)));
    bad("without an end", c -> c.expirationTime(null));
    bad("wrong issuer", c -> c.issuer("https://evil.invalid"));
    bad("issuer with a slash", c -> c.issuer(issuer + "/"));
    bad("no issuer", c -> c.issuer(null));
    bad("wrong audience", c -> c.audience("others"));
    bad("no audience", c -> c.audience((String) null));
    bad("no source", c -> c.claim("client_id", null));
    bad("source of a wrong form", c -> c.claim("client_id", "Admin"));
    bad("source is a list", c -> c.claim("client_id", List.of("admin")));
    bad("source is the members'", c -> c.claim("client_id", "member"));
    bad("scope is a number in a list", c -> c.claim("scope", List.of(1)));
    bad("source with a NUL", c -> c.claim("client_id", "admin\u0000"));
  }

  private void bad(String name, Consumer<JWTClaimsSet.Builder> change) throws JOSEException {
    String token =
        signed(
            c -> {
              of(c, "admin", SCOPES);
              change.accept(c);
            });
    all.add(Credential.bad(name, token));
  }

  private void signatures() throws JOSEException {
    JWTClaimsSet admin = claims(c -> of(c, "admin", SCOPES));
    String good = signed(c -> of(c, "admin", SCOPES));
    all.add(Credential.bad("alg none", new PlainJWT(admin).serialize()));
    all.add(Credential.bad("without its signature", good.substring(0, good.lastIndexOf('.') + 1)));
    all.add(Credential.bad("half a signature", good.substring(0, good.length() - 20)));
    all.add(Credential.bad("another letter", changed(good, good.indexOf('.') + 20)));
    all.add(Credential.bad("another signature", changed(good, good.length() - 20)));
    String[] parts = good.split("\\.", -1);
    String none = encoded("{\"alg\":\"none\"}");
    all.add(Credential.bad("alg none, signed", none + "." + parts[1] + "." + parts[2]));
    String nOnE = encoded("{\"alg\":\"nOnE\"}");
    all.add(Credential.bad("alg nOnE", nOnE + "." + parts[1] + "."));
    byte[] der = key.toRSAPublicKey().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    for (byte[] secret :
        List.of(der, pem.getBytes(StandardCharsets.US_ASCII), key.getModulus().decode())) {
      JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build();
      all.add(
          Credential.bad(
              "HS256 with the public key, " + secret.length + " bytes",
              signed(header, admin, new MACSigner(secret))));
    }
    header("RS512", new JWSHeader.Builder(JWSAlgorithm.RS512).keyID(key.getKeyID()), key);
    header("PS256", new JWSHeader.Builder(JWSAlgorithm.PS256).keyID(key.getKeyID()), key);
  }

  private void headers() throws JOSEException {
    header("unknown kid", rs256().keyID("strange"), strange);
    header("known kid, another key", rs256().keyID(key.getKeyID()), strange);
    header("no kid, another key", rs256(), strange);
    header("kid that is a path", rs256().keyID("../../../../dev/null"), strange);
    header("kid that is SQL", rs256().keyID("' OR 1=1 --"), strange);
    header("brings its own key", rs256().keyID("strange").jwk(strange.toPublicJWK()), strange);
    header(
        "says where its key is",
        rs256().keyID("strange").jwkURL(URI.create(issuer + "/strange")),
        strange);
    header("of another type", rs256().keyID(key.getKeyID()).type(new JOSEObjectType("foo")), key);
    header(
        "with a demand that nobody knows",
        rs256().keyID(key.getKeyID()).criticalParams(Set.of("x")).customParam("x", 1),
        key);
  }

  private void header(String name, JWSHeader.Builder header, RSAKey by) throws JOSEException {
    JWTClaimsSet admin = claims(c -> of(c, "admin", SCOPES));
    all.add(Credential.bad(name, signed(header.build(), admin, new RSASSASigner(by))));
  }

  private static JWSHeader.Builder rs256() {
    return new JWSHeader.Builder(JWSAlgorithm.RS256);
  }

  private static String changed(String token, int at) {
    char other = token.charAt(at) == 'A' ? 'B' : 'A';
    return token.substring(0, at) + other + token.substring(at + 1);
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static JWTClaimsSet.Builder of(
      JWTClaimsSet.Builder claims, String source, Set<String> permissions) {
    String scope = permissions.stream().map(p -> "points." + p).collect(Collectors.joining(" "));
    return claims.claim("client_id", source).claim("scope", scope);
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    Set<String> both = new LinkedHashSet<>(one);
    both.retainAll(other);
    return both;
  }

  private String signed(Consumer<JWTClaimsSet.Builder> more) throws JOSEException {
    JWSHeader header = rs256().keyID(key.getKeyID()).build();
    return signed(header, claims(more), new RSASSASigner(key));
  }

  private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws JOSEException {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }

  private JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> more) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .audience(AUDIENCE)
            .issueTime(at(0))
            .expirationTime(at(3_600));
    more.accept(claims);
    return claims.build();
  }

  private static Date at(long secondsFromNow) {
    return Date.from(Instant.now().plusSeconds(secondsFromNow));
  }
}
