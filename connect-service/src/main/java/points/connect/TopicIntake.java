package points.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.connect.TopicMessages.Message;
import points.connect.postgres.Intake;
import points.connect.postgres.LostEvents;
import points.connect.postgres.StoreUnavailable;

/**
 * Makes messages durable: events go the way of all events, everything else is kept as a dead letter
 * beside them. Thread-safe.
 */
final class TopicIntake {
  private static final Logger LOG = LoggerFactory.getLogger(TopicIntake.class);
  private static final long TICK_MILLIS = 1_000;

  private final IntakeLanes lanes;
  private final LostEvents lostEvents;

  TopicIntake(IntakeLanes lanes, LostEvents lostEvents) {
    this.lanes = lanes;
    this.lostEvents = lostEvents;
  }

  /**
   * Takes all of them, whatever they are.
   *
   * @param tick is run now and then while it takes its time
   * @return whether all of them are on disk; if not, some may be, and it can be tried again
   */
  boolean take(List<Message> messages, Runnable tick) {
    try {
      takeTogether(messages, tick);
      return true;
    } catch (StoreUnavailable | RejectedExecutionException e) {
      LOG.warn("messages have to wait: {}", e.getMessage());
      return false;
    } catch (RuntimeException e) {
      LOG.error("a batch of {} messages failed; taking them one by one", messages.size(), e);
      return takeOneByOne(messages, tick);
    }
  }

  private void takeTogether(List<Message> messages, Runnable tick) {
    List<Message.Arrived> arrived = new ArrayList<>();
    List<LostEvents.Lost> lost = new ArrayList<>();
    for (Message message : messages) {
      switch (message) {
        case Message.Arrived event -> arrived.add(event);
        case Message.Stray stray -> lost.add(stray.lost());
      }
    }
    if (!arrived.isEmpty()) {
      List<Intake.Taken> taken =
          await(lanes.submit(arrived.stream().map(Message.Arrived::arrival).toList()), tick);
      for (int i = 0; i < taken.size(); i++) {
        switch (taken.get(i)) {
          case ACCEPTED, DUPLICATE -> {}
          case CONFLICT ->
              lost.add(arrived.get(i).lost("another event has the same source and id"));
        }
      }
    }
    lostEvents.keep(lost);
  }

  /** A bug that one message brings out must not stop the topic. */
  private boolean takeOneByOne(List<Message> messages, Runnable tick) {
    try {
      for (Message message : messages) {
        try {
          takeTogether(List.of(message), tick);
        } catch (StoreUnavailable | RejectedExecutionException e) {
          throw e;
        } catch (RuntimeException e) {
          LOG.error("a message cannot be taken", e);
          if (message instanceof Message.Arrived event) {
            lostEvents.keep(List.of(event.lost("taking it in failed: " + e)));
          }
        }
      }
      return true;
    } catch (RuntimeException e) {
      LOG.warn("messages have to wait: {}", e.getMessage());
      return false;
    }
  }

  private static <T> T await(CompletableFuture<T> future, Runnable tick) {
    while (true) {
      try {
        return future.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        tick.run();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RejectedExecutionException("stopping", e);
      }
    }
  }
}
