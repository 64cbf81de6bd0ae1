package points.service.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/** What an answer must be like, by the document's response object for its status. */
final class AnswerRules {
  private AnswerRules() {}

  static List<String> faults(OpenApi api, Place response, Exchange exchange) {
    List<String> faults = new ArrayList<>(headers(api, response, exchange));
    if (!exchange.method().equals("HEAD")) {
      faults.addAll(body(api, response, exchange));
    }
    return faults;
  }

  private static List<String> headers(OpenApi api, Place response, Exchange exchange) {
    List<String> faults = new ArrayList<>();
    for (String name : api.headers()) {
      Place header = response.at("headers", name);
      String value = exchange.header(name);
      if (!header.exists() && value != null) {
        faults.add("header " + name + " is not documented for this answer");
      } else if (header.node().path("required").asBoolean() && value == null) {
        faults.add("header " + name + " is missing");
      } else if (value != null) {
        api.faults(header.at("schema"), TextNode.valueOf(value))
            .forEach(fault -> faults.add("header " + name + fault));
      }
    }
    return faults;
  }

  private static List<String> body(OpenApi api, Place response, Exchange exchange) {
    String mediaType = exchange.mediaType();
    Place media = response.at("content", mediaType);
    if (!media.exists()) {
      return List.of("media type '" + mediaType + "' is not documented for this answer");
    }
    Place schema = media.at("schema");
    if (!schema.exists()) {
      return List.of();
    }
    if (!mediaType.endsWith("json")) {
      return api.faults(schema, TextNode.valueOf(exchange.body()));
    }
    try {
      JsonNode value = Json.read(exchange.body());
      List<String> faults = new ArrayList<>(api.faults(schema, value));
      faults.addAll(Sums.faults(value));
      return faults;
    } catch (JsonProcessingException e) {
      return List.of("the body is not JSON: " + e.getOriginalMessage());
    }
  }
}
