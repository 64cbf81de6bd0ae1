package points.service.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.DisallowUnknownKeywordFactory;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Validates values against the schemas of the document, each compiled once. */
final class Schemas {
  private static final String ADDRESS = "https://points.invalid/points.json";

  private final SchemaRegistry registry;
  private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

  Schemas(JsonNode document) {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
    registry =
        SchemaRegistry.withDialect(
            dialect(document),
            builder ->
                builder.schemaRegistryConfig(config).schemas(Map.of(ADDRESS, document.toString())));
  }

  /** JSON Schema 2020-12, in which a misspelt keyword is an error, not a comment. */
  private static Dialect dialect(JsonNode document) {
    List<NonValidationKeyword> parts = new ArrayList<>();
    // The document is loaded as if it were a schema, with the schemas somewhere inside it.
    document.fieldNames().forEachRemaining(name -> parts.add(new NonValidationKeyword(name)));
    return Dialect.builder(Dialects.getDraft202012())
        .keywords(parts)
        .unknownKeywordFactory(DisallowUnknownKeywordFactory.getInstance())
        .build();
  }

  /** What is wrong with the value, in words; empty if nothing is. */
  List<String> faults(Place schema, JsonNode value) {
    return compiled
        .computeIfAbsent(schema.pointer().toString(), this::compile)
        .validate(value)
        .stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
        .distinct()
        .toList();
  }

  private Schema compile(String pointer) {
    return registry.getSchema(SchemaLocation.of(ADDRESS + "#" + pointer));
  }
}
