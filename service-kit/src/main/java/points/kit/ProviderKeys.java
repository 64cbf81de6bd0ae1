package points.kit;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/** Fetches an identity provider's keys from where it says they are. Blocks; is called rarely. */
final class ProviderKeys implements JWKSetSource<SecurityContext> {

  private static final int TIMEOUT_MILLIS = 3_000;
  private static final int BYTES_MAX = 100_000;

  private final DefaultResourceRetriever http =
      new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, BYTES_MAX);
  private final JwtSettings settings;

  ProviderKeys(JwtSettings settings) {
    this.settings = settings;
  }

  @Override
  @SuppressWarnings("NullAway") // Nimbus passes null for a context that nobody uses
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
      throws KeySourceException {
    try {
      URI configured = settings.keys();
      URL url = configured == null ? discover() : configured.toURL();
      return new URLBasedJWKSetSource<SecurityContext>(url, http)
          .getJWKSet(evaluator, now, context);
    } catch (IOException e) {
      throw new JWKSetRetrievalException("no keys from " + settings.issuer(), e);
    }
  }

  private URL discover() throws IOException {
    String issuer = settings.issuer();
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    URI at = URI.create(base + "/.well-known/openid-configuration");
    var metadata = StrictJson.MAPPER.readTree(http.retrieveResource(at.toURL()).getContent());
    if (!issuer.equals(metadata.path("issuer").asText())) {
      throw new IOException("the metadata at " + at + " is another issuer's");
    }
    try {
      return URI.create(metadata.path("jwks_uri").asText()).toURL();
    } catch (IllegalArgumentException e) {
      throw new IOException("the metadata at " + at + " names no jwks_uri", e);
    }
  }

  @Override
  public void close() {
    // Holds nothing open between calls.
  }
}
