package points.bench;

/** What the scenarios are called in tables and files. */
final class Names {
  static final String HOT = "one hot account, 256 connections";
  static final String BATCHES = "batches of 100, 16 connections";
  static final String MIX = "mix, 256 connections";
  static final String EVENTS = "events to credits, batches of 100";
  static final String LOADED = "credits, 256 connections, preloaded";
  static final String HALF = "half the peak, open loop";
  static final String OVERLOAD = "overload, 1280 connections";

  private Names() {}

  static String credits(int connections) {
    return "credits, " + connections + (connections == 1 ? " connection" : " connections");
  }

  static String baseline(int clients) {
    return "baseline A, " + clients + (clients == 1 ? " client" : " clients");
  }
}
