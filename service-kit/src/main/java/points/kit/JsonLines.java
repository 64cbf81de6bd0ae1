package points.kit;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes a log event as one line of JSON: {@code time}, {@code level}, {@code logger}, {@code
 * message}, then its key-values and the MDC ({@code request_id}), then {@code error} with the
 * stack. All of it is printable ASCII, so nothing that a stranger sent can break a line, forge one,
 * or command a terminal. Named by {@code logback.xml}; safe for use by many threads.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final Set<String> OWN = Set.of("time", "level", "logger", "message", "error");

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator json = FACTORY.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", event.getInstant().truncatedTo(ChronoUnit.MICROS).toString());
      json.writeStringField("level", event.getLevel().toString());
      json.writeStringField("logger", event.getLoggerName());
      json.writeStringField("message", String.valueOf(event.getFormattedMessage()));
      writeContext(json, event);
      if (event.getThrowableProxy() != null) {
        json.writeStringField("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] bytes = line.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      // DEL is ASCII and a control character, and JSON does not mind it.
      bytes[i] = bytes[i] == 127 ? (byte) '?' : bytes[i];
    }
    return bytes;
  }

  private static void writeContext(JsonGenerator json, ILoggingEvent event) throws IOException {
    Set<String> written = new HashSet<>(OWN);
    if (event.getKeyValuePairs() != null) {
      for (var pair : event.getKeyValuePairs()) {
        if (written.add(pair.key)) {
          writeField(json, pair.key, pair.value);
        }
      }
    }
    for (var entry : event.getMDCPropertyMap().entrySet()) {
      if (written.add(entry.getKey())) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
    }
  }

  private static void writeField(JsonGenerator json, String name, Object value) throws IOException {
    switch (value) {
      case Integer number -> json.writeNumberField(name, number);
      case Long number -> json.writeNumberField(name, number);
      case Boolean flag -> json.writeBooleanField(name, flag);
      case null, default -> json.writeStringField(name, String.valueOf(value));
    }
  }
}
