package points.connect;

import java.time.InstantSource;
import java.util.Set;
import points.client.PointsClient;
import points.connect.events.CloudEvents;
import points.connect.postgres.ActionQueries;
import points.connect.postgres.AllowanceQueries;
import points.connect.postgres.Backtests;
import points.connect.postgres.DeadLetters;
import points.connect.postgres.Deciding;
import points.connect.postgres.EventQueries;
import points.connect.postgres.Reconciliation;
import points.connect.postgres.Redriving;
import points.connect.postgres.Retrying;
import points.connect.postgres.RuleStore;
import points.connect.postgres.Settling;
import points.connect.postgres.Transactions;
import points.connect.rules.RuleReader;
import points.kit.Http;

/**
 * All that people can look at and do.
 *
 * @param store the database
 * @param rules in it
 * @param reader of rules
 * @param events reader of events
 * @param deciding decides what is redriven
 * @param rewardTypes that somebody dispatches
 * @param clock of the service
 * @param points where credits are
 * @param pointsSource under which name Points knows us
 * @param wake tells that there is something to send
 */
record PeopleApi(
    Transactions store,
    RuleStore rules,
    RuleReader reader,
    CloudEvents events,
    Deciding deciding,
    Set<String> rewardTypes,
    InstantSource clock,
    PointsClient points,
    String pointsSource,
    Runnable wake) {

  /**
   * Adds the routes.
   *
   * @return what runs in the background, to be closed after the server
   */
  Backtesting mount(Http.Builder http) {
    Routes routes = new Routes(http);
    EventQueries kept = new EventQueries(store);
    ActionQueries actions = new ActionQueries(store);
    DeadLetters letters = new DeadLetters(store);
    Redriving redriving =
        new Redriving(
            store, rules, deciding, stored -> EventApi.again(events, stored.body(), stored.time()));
    new EventApi(kept, actions, letters, rules, events).mount(routes);
    Retrying retrying = new Retrying(store, rules, rewardTypes, clock);
    new ActionApi(actions, retrying, new Settling(store), wake).mount(routes);
    new LetterApi(letters, redriving, wake).mount(routes);
    new RuleApi(rules, reader, clock).mount(routes);
    new Simulation(reader, events, new AllowanceQueries(store), rewardTypes, clock).mount(routes);
    Backtests backtests = new Backtests(store);
    Backtesting backtesting = new Backtesting(kept, backtests, events, rewardTypes);
    new BacktestApi(backtesting, backtests, reader).mount(routes);
    new ReconciliationApi(new Reconciliation(store), points, pointsSource).mount(routes);
    Contract.mount(http);
    return backtesting;
  }
}
