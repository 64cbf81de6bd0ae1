package points.connect.rules;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.Optional;

/** Tells CEL's checker which fields an event type has, and of which types. */
final class CelTypes implements CelTypeProvider {
  private final StructType struct;

  CelTypes(EventType type) {
    ImmutableMap.Builder<String, CelType> fields = ImmutableMap.builder();
    type.fields().forEach((name, field) -> fields.put(name, of(field)));
    ImmutableMap<String, CelType> types = fields.buildOrThrow();
    this.struct =
        StructType.create(
            type.name(), types.keySet(), field -> Optional.ofNullable(types.get(field)));
  }

  static CelType of(FieldType type) {
    return switch (type) {
      case TEXT -> SimpleType.STRING;
      case INTEGER -> SimpleType.INT;
      case FLAG -> SimpleType.BOOL;
      case TEXT_LIST -> ListType.create(SimpleType.STRING);
      case INTEGER_LIST -> ListType.create(SimpleType.INT);
    };
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return ImmutableList.of(struct);
  }

  @Override
  public Optional<CelType> findType(String name) {
    return name.equals(struct.name()) ? Optional.of(struct) : Optional.empty();
  }
}
