package points.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import points.connect.events.IncomingEvent;
import points.kit.Settings;
import points.kit.SettingsException;

/**
 * Which events are whose. An event is known by its source and id, so a publisher has sources of its
 * own: else one could take the name of another's event before that comes. Immutable.
 */
final class Publishers {
  private final Map<String, List<String>> furtherSources;

  private Publishers(Map<String, List<String>> furtherSources) {
    this.furtherSources = Map.copyOf(furtherSources);
  }

  /**
   * As the settings have it.
   *
   * @throws SettingsException if a source could be that of two publishers
   */
  static Publishers of(Settings settings) {
    Map<String, List<String>> further = new TreeMap<>();
    for (String item : settings.get(ConnectSettings.SOURCES)) {
      String[] sides = item.split("=", 2);
      if (sides.length != 2 || sides[0].isBlank() || sides[1].isBlank()) {
        throw new SettingsException(
            ConnectSettings.SOURCES.key()
                + " must be publisher=beginning, separated by commas, not "
                + item
                + ".");
      }
      further.computeIfAbsent(sides[0].strip(), p -> new ArrayList<>()).add(sides[1].strip());
    }
    Set<String> known = new TreeSet<>(further.keySet());
    known.addAll(settings.get(ConnectSettings.POLICY).permissionsBySource().keySet());
    known.addAll(Topics.publishers(settings.get(ConnectSettings.KAFKA_TOPICS)).values());
    further.forEach((owner, beginnings) -> requireOwn(owner, beginnings, known, further));
    return new Publishers(further);
  }

  private static void requireOwn(
      String owner, List<String> beginnings, Set<String> known, Map<String, List<String>> further) {
    for (String beginning : beginnings) {
      for (String other : known) {
        boolean isShared =
            !other.equals(owner)
                && (other.startsWith(beginning)
                    || overlap(beginning, other + "/")
                    || further.getOrDefault(other, List.of()).stream()
                        .anyMatch(theirs -> overlap(beginning, theirs)));
        if (isShared) {
          throw new SettingsException(
              ConnectSettings.SOURCES.key()
                  + " gives sources that begin with "
                  + beginning
                  + " to "
                  + owner
                  + ", but some of them are those of "
                  + other
                  + ".");
        }
      }
    }
  }

  private static boolean overlap(String one, String other) {
    return one.startsWith(other) || other.startsWith(one);
  }

  /** Why a publisher may not publish this event; null where it may. */
  @Nullable String objection(String publisher, IncomingEvent event) {
    if (!event.type().startsWith(publisher + ".")) {
      return publisher + " publishes " + publisher + ".* only";
    }
    if (!isOwn(publisher, event.source())) {
      return "the sources of " + publisher + " are " + sources(publisher) + " only";
    }
    return null;
  }

  private boolean isOwn(String publisher, String source) {
    return source.equals(publisher)
        || source.startsWith(publisher + "/")
        || furtherSources.getOrDefault(publisher, List.of()).stream().anyMatch(source::startsWith);
  }

  private String sources(String publisher) {
    List<String> all = new ArrayList<>(List.of(publisher, publisher + "/…"));
    furtherSources.getOrDefault(publisher, List.of()).forEach(further -> all.add(further + "…"));
    return String.join(", ", all);
  }
}
