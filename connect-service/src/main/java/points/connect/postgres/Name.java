package points.connect.postgres;

import points.connect.events.IncomingEvent;

/** What names an event. In sorted order, so that two batches never wait for each other. */
record Name(String source, String id) implements Comparable<Name> {

  static Name of(IncomingEvent event) {
    return new Name(event.source(), event.id());
  }

  @Override
  public int compareTo(Name other) {
    int bySource = source.compareTo(other.source);
    return bySource != 0 ? bySource : id.compareTo(other.id);
  }
}
