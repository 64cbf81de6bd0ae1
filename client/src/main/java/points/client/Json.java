package points.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An object of an answer. Fields that nobody asks for are left alone: the service may grow. */
record Json(JsonNode node, String place) {
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  static Json parse(String body, String place) {
    try {
      return object(MAPPER.readTree(body), place);
    } catch (JsonProcessingException e) {
      throw new ContractBroken(place + " is not JSON; is this the address of Points Service?", e);
    }
  }

  private static Json object(@Nullable JsonNode node, String place) {
    if (node == null || !node.isObject()) {
      throw new ContractBroken(place + " is not a JSON object");
    }
    return new Json(node, place);
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  Json object(String field) {
    return object(node.get(field), at(field));
  }

  String text(String field) {
    JsonNode value = node.get(field);
    if (value == null || !value.isTextual()) {
      throw new ContractBroken(at(field) + " is not a text");
    }
    return value.textValue();
  }

  long integer(String field) {
    JsonNode value = node.get(field);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new ContractBroken(at(field) + " is not a whole number");
    }
    return value.longValue();
  }

  UUID id(String field) {
    try {
      return UUID.fromString(text(field));
    } catch (IllegalArgumentException e) {
      throw new ContractBroken(at(field) + " is not a UUID", e);
    }
  }

  Instant time(String field) {
    try {
      return Instant.parse(text(field));
    } catch (DateTimeException e) {
      throw new ContractBroken(at(field) + " is not a time", e);
    }
  }

  Map<String, Object> map(String field) {
    return MAPPER.convertValue(object(field).node(), MAP);
  }

  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : array(field)) {
      texts.add(value.asText());
    }
    return texts;
  }

  <T> List<T> list(String field, Function<Json, T> reader) {
    List<T> list = new ArrayList<>();
    for (JsonNode value : array(field)) {
      list.add(reader.apply(object(value, at(field) + "[" + list.size() + "]")));
    }
    return list;
  }

  /** What the reader makes of this, or null where the field is absent or null. */
  <T> @Nullable T optional(String field, Function<String, T> reader) {
    return has(field) ? reader.apply(field) : null;
  }

  private JsonNode array(String field) {
    JsonNode value = node.get(field);
    if (value == null || !value.isArray()) {
      throw new ContractBroken(at(field) + " is not an array");
    }
    return value;
  }

  private String at(String field) {
    return place + "." + field;
  }
}
