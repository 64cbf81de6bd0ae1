package points.service.postgres;

import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import points.ledger.AccountId;

/** Freezes and unfreezes accounts, and keeps who did so and why. Thread-safe. */
public final class Freezing {
  private final Jdbi database;

  /** Works on this database. */
  public Freezing(DataSource database) {
    this.database = Jdbi.create(database);
  }

  /**
   * Freezes an account: nothing moves on it until it is unfrozen.
   *
   * @return whether there is such an account
   */
  public boolean freeze(AccountId account, String reason, String actor) {
    return set(account, true, reason, actor);
  }

  /**
   * Unfreezes an account.
   *
   * @return whether there is such an account
   */
  public boolean unfreeze(AccountId account, String reason, String actor) {
    return set(account, false, reason, actor);
  }

  private boolean set(AccountId account, boolean frozen, String reason, String actor) {
    return database.inTransaction(
        handle -> {
          int changed =
              handle
                  .createUpdate(
                      "UPDATE account SET frozen = :frozen WHERE account = :account"
                          + " AND frozen <> :frozen")
                  .bind("frozen", frozen)
                  .bind("account", account.name())
                  .execute();
          if (changed > 0) {
            handle
                .createUpdate(
                    "INSERT INTO freezing (account, bucket, frozen, reason, actor)"
                        + " VALUES (:account, :bucket, :frozen, :reason, :actor)")
                .bind("account", account.name())
                .bind("bucket", account.bucket())
                .bind("frozen", frozen)
                .bind("reason", reason)
                .bind("actor", actor)
                .execute();
          }
          return changed > 0
              || handle
                      .createQuery("SELECT count(*) FROM account WHERE account = :account")
                      .bind("account", account.name())
                      .mapTo(Long.class)
                      .one()
                  > 0;
        });
  }
}
