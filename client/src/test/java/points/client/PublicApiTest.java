package points.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What others build on is written down in api.txt: whoever changes it sees that they do. */
class PublicApiTest {
  private static final Path CLASSES = Path.of("target/classes/points/client");
  private static final Path WRITTEN = Path.of("api.txt");

  @Test
  void thePublicApiIsAsWritten() throws Exception {
    String now = dump();
    Path made = Files.writeString(Path.of("target/api.txt"), now);
    assertThat(now)
        .as("the public API changed; if that is meant, copy %s over client/api.txt", made)
        .isEqualTo(Files.exists(WRITTEN) ? Files.readString(WRITTEN) : "");
  }

  private static String dump() throws IOException, ClassNotFoundException {
    StringBuilder dump = new StringBuilder();
    for (Class<?> type : publicTypes()) {
      dump.append(head(type)).append('\n');
      members(type).forEach(member -> dump.append("  ").append(member).append('\n'));
    }
    return dump.toString();
  }

  private static List<Class<?>> publicTypes() throws IOException, ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.list(CLASSES)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        if (!name.equals("package-info")) {
          Class<?> type = Class.forName("points.client." + name);
          if (isOpen(type)) {
            types.add(type);
          }
        }
      }
    }
    return types;
  }

  private static boolean isOpen(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers())
        && !type.isAnonymousClass()
        && (outer == null || isOpen(outer));
  }

  private static String head(Class<?> type) {
    String kind =
        type.isRecord()
            ? "record"
            : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
    String sealed = type.isSealed() ? "sealed " : "";
    String superclass =
        kind.equals("class") && type.getSuperclass() != Object.class
            ? " extends " + type.getSuperclass().getSimpleName()
            : "";
    String interfaces =
        Arrays.stream(type.getInterfaces())
            .map(PublicApiTest::name)
            .collect(Collectors.joining(", "));
    return sealed
        + kind
        + " "
        + name(type)
        + superclass
        + (interfaces.isEmpty() ? "" : " : " + interfaces);
  }

  private static Set<String> members(Class<?> type) {
    Set<String> members = new TreeSet<>();
    for (Field field : type.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers())) {
        members.add("field " + field.getName() + " " + name(field.getGenericType()));
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (Modifier.isPublic(constructor.getModifiers())) {
        members.add("new(" + parameters(type, constructor) + ")");
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers()) && !isImplied(type, method)) {
        members.add(
            (Modifier.isStatic(method.getModifiers()) ? "static " : "")
                + method.getName()
                + "("
                + parameters(type, method)
                + ") "
                + name(method.getGenericReturnType()));
      }
    }
    return members;
  }

  /** What every record and enum has, and the bridges that javac makes. */
  private static boolean isImplied(Class<?> type, Method method) {
    if (type.isRecord()
        && Arrays.stream(type.getRecordComponents())
            .anyMatch(c -> c.getAccessor().equals(method))) {
      return true;
    }
    List<String> common =
        type.isRecord()
            ? List.of("equals", "hashCode", "toString")
            : type.isEnum() ? List.of("values", "valueOf") : List.of();
    return method.isSynthetic() || common.contains(method.getName());
  }

  private static String parameters(Class<?> type, Executable executable) {
    if (type.isRecord() && executable instanceof Constructor) {
      return Arrays.stream(type.getRecordComponents())
          .map(PublicApiTest::component)
          .collect(Collectors.joining(", "));
    }
    return Arrays.stream(executable.getGenericParameterTypes())
        .map(PublicApiTest::name)
        .collect(Collectors.joining(", "));
  }

  private static String component(RecordComponent component) {
    boolean nullable = component.getAnnotatedType().getAnnotations().length > 0;
    return name(component.getGenericType()) + (nullable ? "? " : " ") + component.getName();
  }

  private static String name(Type type) {
    return type.getTypeName().replaceAll("[a-z]+\\.(?=[a-z]+\\.|[A-Z])", "").replace('$', '.');
  }
}
