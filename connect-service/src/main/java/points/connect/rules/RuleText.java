package points.connect.rules;

import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * The text of a rule: one YAML document without anchors, tags, duplicate or unknown keys. Reads its
 * structure; where the expressions are is kept for {@link RuleReader} to check them.
 */
final class RuleText {
  static final int REWARDS_MAX = 20;
  static final int LIMITS_MAX = 10;
  static final int TEXT_MAX = 64 * 1024;
  private static final int DEPTH_MAX = 10;
  private static final long BUDGET_MAX = 9_007_199_254_740_991L;
  private static final Duration DURATION_MAX = Duration.ofDays(36_500);

  /** The API has other uses for them. */
  private static final List<String> RESERVED = List.of("simulate", "backtest", "backtests");

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern EVENT = Pattern.compile("[a-z][a-z0-9_.]{0,127}");
  private static final Pattern REASON = Pattern.compile("[a-z0-9._-]{1,64}");
  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_]{0,31}");
  private static final Pattern DESCRIPTION = Pattern.compile("(?s).{0,2000}");
  private static final Scalar ALWAYS = new Scalar("when", "true", true, 1, 1);

  final List<Mistake> mistakes = new ArrayList<>();
  final List<Scalar> to = new ArrayList<>();
  final List<Scalar> points = new ArrayList<>();
  Scalar event = ALWAYS;
  Scalar when = ALWAYS;
  @Nullable Scalar key;
  @Nullable Scalar matches;
  @Nullable Scalar reversed;
  final List<Scalar> reversedRules = new ArrayList<>();
  final Rule rule;
  private final boolean isNew;

  /**
   * Reads a text.
   *
   * @param isNew whether it is to be saved; what was saved once is not held to rules that came
   *     later
   */
  RuleText(String text, boolean isNew) {
    this.isNew = isNew;
    YamlMap top = new YamlMap("", root(text), mistakes);
    if (!mistakes.isEmpty()) {
      throw new RuleRefused(mistakes);
    }
    Scalar named = top.required("name");
    String name = named.text();
    if (!NAME.matcher(name).matches()) {
      top.refuse(named, "must be 1 to 64 of [a-z0-9._-]");
    } else if (RESERVED.contains(name)) {
      top.refuse(named, "must not be one of " + String.join(", ", RESERVED));
    }
    String description = top.text("description", DESCRIPTION, "at most 2000 characters", "");
    event = top.required("event");
    if (!EVENT.matcher(event.text()).matches()) {
      top.refuse(event, "must be a type of event like quest.completed");
    }
    Scalar condition = top.scalar("when");
    when = condition == null ? ALWAYS : condition;
    List<Reward> rewards = rewards(top);
    List<Limit> limits = top.maps("limits", LIMITS_MAX).stream().map(RuleText::limit).toList();
    Long budget = top.integer("budget", BUDGET_MAX);
    YamlMap active = top.map("active");
    Instant from = active == null ? null : active.instant("from");
    Instant until = active == null ? null : active.instant("until");
    if (active != null) {
      if (from != null && until != null && !from.isBefore(until)) {
        active.refuseWhole("must begin (from) before it ends (until)");
      }
      active.done();
    }
    Reversal reverses = reversal(top.map("reverses"));
    if (rewards.isEmpty() && reverses == null) {
      top.refuseWhole("must have rewards, or reverses, or both");
    }
    top.done();
    if (!mistakes.isEmpty()) {
      throw new RuleRefused(mistakes);
    }
    this.rule =
        new Rule(
            name,
            description,
            event.text(),
            when.text(),
            rewards,
            limits,
            budget,
            from,
            until,
            reverses);
  }

  private static Node root(String text) {
    if (text.length() > TEXT_MAX) {
      throw new RuleRefused(
          new Mistake("rule", 1, 1, "is longer than " + TEXT_MAX + " characters"));
    }
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(DEPTH_MAX);
    options.setCodePointLimit(TEXT_MAX);
    options.setAllowDuplicateKeys(true); // seen by us, who say where
    Yaml yaml = new Yaml(options);
    try {
      refuseAnchors(yaml, text);
      Node root = yaml.compose(new StringReader(text));
      if (root == null) {
        throw new RuleRefused(new Mistake("rule", 1, 1, "is empty"));
      }
      refuseTags(root);
      return root;
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      int column = e.getProblemMark() == null ? 1 : e.getProblemMark().getColumn() + 1;
      throw new RuleRefused(
          new Mistake("rule", line, column, "is not valid YAML: " + e.getProblem()));
    } catch (YAMLException e) {
      String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new RuleRefused(new Mistake("rule", 1, 1, "is not valid YAML: " + said));
    } catch (IllegalArgumentException e) {
      // SnakeYAML's, from an escape that is cut off or beyond Unicode.
      throw new RuleRefused(
          new Mistake("rule", 1, 1, "is not valid YAML: an escape names no character"));
    }
  }

  /** A rule has no use for them, and with them a short text can mean a gigantic one. */
  private static void refuseAnchors(Yaml yaml, String text) {
    for (var part : yaml.parse(new StringReader(text))) {
      if (part instanceof AliasEvent || (part instanceof NodeEvent n && n.getAnchor() != null)) {
        var mark = part.getStartMark();
        throw new RuleRefused(
            new Mistake(
                "rule",
                mark.getLine() + 1,
                mark.getColumn() + 1,
                "has an anchor or alias: write it out"));
      }
    }
  }

  private static void refuseTags(Node node) {
    String tag = node.getTag().getValue();
    if (!tag.startsWith("tag:yaml.org,2002:") || tag.endsWith(":binary")) {
      throw new RuleRefused(
          new Mistake("rule", YamlMap.line(node), YamlMap.column(node), "has a tag: leave it out"));
    }
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(entry -> refuseTags(entry.getValueNode()));
    } else if (node instanceof org.yaml.snakeyaml.nodes.SequenceNode list) {
      list.getValue().forEach(RuleText::refuseTags);
    }
  }

  private List<Reward> rewards(YamlMap top) {
    List<Reward> rewards = new ArrayList<>();
    for (YamlMap reward : top.maps("rewards", REWARDS_MAX)) {
      Scalar account = expression(reward, "to");
      Scalar amount = expression(reward, "points");
      to.add(account);
      points.add(amount);
      Scalar expires = reward.scalar("expires_in");
      Scalar available = reward.scalar("available_in");
      Duration expiresIn = duration(reward, expires);
      Duration availableIn = duration(reward, available);
      if (isNew
          && expires != null
          && expiresIn != null
          && availableIn != null
          && expiresIn.compareTo(availableIn) <= 0) {
        reward.refuse(expires, "must be longer than available_in: they would never be there");
      }
      rewards.add(
          new Reward(
              account.text(),
              amount.text(),
              reward.text("reason", REASON, "1 to 64 of [a-z0-9._-]", null),
              reward.text("type", TYPE, "1 to 32 of [a-z0-9_]", Reward.POINTS),
              expiresIn,
              availableIn));
      reward.done();
    }
    return rewards;
  }

  private @Nullable Duration duration(YamlMap reward, @Nullable Scalar text) {
    Duration duration = reward.duration(text);
    if (isNew && text != null && duration != null && duration.compareTo(DURATION_MAX) > 0) {
      reward.refuse(text, "must be at most " + DURATION_MAX.toDays() + "d");
    }
    return duration;
  }

  private static Scalar expression(YamlMap map, String name) {
    Scalar value = map.required(name);
    if (value.text().isBlank() && value.plain()) {
      map.refuse(value, "must not be empty");
    }
    return value;
  }

  private static Limit limit(YamlMap limit) {
    Limit.Scope scope = limit.choice("per", Limit.Scope.class, null);
    Period every = limit.choice("every", Period.class, null);
    Long count = limit.integer("max_count", BUDGET_MAX);
    Long amount = limit.integer("max_points", BUDGET_MAX);
    if ((count == null) == (amount == null)) {
      limit.refuseWhole("must have one of max_count and max_points");
    }
    Limit.Exceeding exceeding =
        limit.choice("exceeding", Limit.Exceeding.class, Limit.Exceeding.SKIP);
    if (count != null && exceeding == Limit.Exceeding.TRIM) {
      limit.refuseWhole("cannot trim a count: max_count goes with exceeding: skip");
    }
    limit.done();
    Limit.Unit unit = count == null ? Limit.Unit.POINTS : Limit.Unit.COUNT;
    long max = count != null ? count : amount != null ? amount : 1;
    return new Limit(scope, every, unit, max, exceeding);
  }

  private @Nullable Reversal reversal(@Nullable YamlMap map) {
    if (map == null) {
      return null;
    }
    reversed = map.required("event");
    key = expression(map, "key");
    matches = expression(map, "matches");
    List<String> rules = new ArrayList<>();
    for (Node item : map.sequence("rules", REWARDS_MAX)) {
      if (item instanceof ScalarNode scalar && NAME.matcher(scalar.getValue()).matches()) {
        rules.add(scalar.getValue());
        reversedRules.add(YamlMap.scalar(map.name("rules"), scalar));
      } else {
        map.refuse(item, map.name("rules"), "must be names of rules");
      }
    }
    Reversal.Policy policy = map.choice("policy", Reversal.Policy.class, Reversal.Policy.REJECT);
    String reason = map.text("reason", REASON, "1 to 64 of [a-z0-9._-]", null);
    map.done();
    return new Reversal(reversed.text(), key.text(), matches.text(), rules, policy, reason);
  }
}
