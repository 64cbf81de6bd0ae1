package points.connect;

import java.time.InstantSource;
import points.connect.events.CloudEvents;
import points.connect.postgres.ActionQueries;
import points.connect.postgres.DeadLetters;
import points.connect.postgres.Deciding;
import points.connect.postgres.EventQueries;
import points.connect.postgres.RuleStore;
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
 * @param clock of the service
 * @param wake tells that there is something to send
 */
record PeopleApi(
    Transactions store,
    RuleStore rules,
    RuleReader reader,
    CloudEvents events,
    Deciding deciding,
    InstantSource clock,
    Runnable wake) {

  /** Adds the routes. */
  void mount(Http.Builder http) {
    Routes routes = new Routes(http);
    EventQueries kept = new EventQueries(store);
    ActionQueries actions = new ActionQueries(store);
    DeadLetters letters =
        new DeadLetters(
            store, rules, deciding, stored -> EventApi.again(events, stored.body(), stored.time()));
    new EventApi(kept, actions, letters, rules, events).mount(routes);
    new ActionApi(actions, wake).mount(routes);
    new LetterApi(letters, wake).mount(routes);
    new RuleApi(rules, reader, clock).mount(routes);
    Contract.mount(http);
  }
}
