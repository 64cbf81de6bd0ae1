package points.kit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class JsonLinesTest {

  private static final String HOSTILE = "a\r\nb\u001b[31m\u0000\u007f\u2028\"\u009b";

  @Test
  void nothingBreaksALine() throws Exception {
    Logger logger = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("points.test");
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    events.start();
    logger.addAppender(events);
    logger.setAdditive(false);
    MDC.put("request_id", "r-1");
    logger
        .atWarn()
        .addKeyValue("path", HOSTILE)
        .addKeyValue("status", 404)
        .addKeyValue("message", "forged")
        .addKeyValue("key", new Secret("hunter2"))
        .setCause(new IllegalStateException(HOSTILE))
        .log("said {}", HOSTILE);
    byte[] bytes = new JsonLines().encode(events.list.getFirst());
    MDC.clear();
    logger.detachAppender(events);

    String line = new String(bytes, StandardCharsets.UTF_8);
    assertThat(line).endsWith("}\n").doesNotContain("hunter2");
    assertThat(line.substring(0, line.length() - 1).chars()).allMatch(c -> c >= ' ' && c < 127);
    JsonNode json = StrictJson.MAPPER.readTree(line);
    assertThat(json.get("message").asText()).startsWith("said a\r\nb");
    assertThat(json.get("request_id").asText()).isEqualTo("r-1");
    assertThat(json.get("status").asInt()).isEqualTo(404);
    assertThat(json.get("level").asText()).isEqualTo("WARN");
    assertThat(json.get("logger").asText()).isEqualTo("points.test");
    assertThat(json.get("time").asText()).endsWith("Z");
    assertThat(json.get("error").asText()).contains("IllegalStateException");
  }
}
