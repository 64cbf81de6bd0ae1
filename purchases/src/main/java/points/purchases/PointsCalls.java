package points.purchases;

import java.util.Optional;
import java.util.UUID;
import points.client.HeldPoints;
import points.client.Operation;
import points.client.Outcome;
import points.client.PointsClient;

/** What a purchase needs of Points. Safe for use by many threads. */
public interface PointsCalls {

  /** Does an operation, at most once however often it is asked. */
  Outcome perform(Operation operation);

  /** How a hold stands. */
  Optional<HeldPoints> holdById(UUID id);

  /** The calls of this client. */
  static PointsCalls of(PointsClient client) {
    return new PointsCalls() {
      @Override
      public Outcome perform(Operation operation) {
        return client.perform(operation);
      }

      @Override
      public Optional<HeldPoints> holdById(UUID id) {
        return client.holdById(id);
      }
    };
  }
}
