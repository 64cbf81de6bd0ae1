package points.kit;

import java.util.List;

/** A sink through another one, for tests that step in between. */
class WrappedSink implements EventSink {

  private final EventSink inner;

  WrappedSink(EventSink inner) {
    this.inner = inner;
  }

  @Override
  public int eventsMax() {
    return inner.eventsMax();
  }

  @Override
  public Delivery deliver(List<CloudEvent> events) throws InterruptedException {
    return inner.deliver(events);
  }

  @Override
  public void close() {
    inner.close();
  }
}
