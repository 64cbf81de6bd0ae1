package points.service.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
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
    // The document names the OpenAPI dialect, a superset of this one that adds annotations only.
    registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder.schemaRegistryConfig(config).schemas(Map.of(ADDRESS, document.toString())));
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
