package points.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  private enum Colour {
    RED,
    DARK_BLUE
  }

  private static final Setting<Integer> PORT = Setting.port("http.port", 8080, "The port.");
  private static final Setting<Duration> WAIT =
      Setting.duration(
          "wait", Duration.ofMillis(10), Duration.ofHours(1), Duration.ofSeconds(90), "A wait.");
  private static final Setting<Boolean> ON = Setting.flag("on", false, "Whether.");
  private static final Setting<Colour> COLOUR =
      Setting.choice("colour", Colour.class, Colour.RED, "Which | colour.");
  private static final Setting<List<String>> HOSTS = Setting.list("hosts", null, "Hosts.");
  private static final Setting<Secret> KEY = Setting.secret("some.key", "A key.");
  private static final Setting<String> NAME = Setting.text("name", null, "A name.");
  private static final List<Setting<?>> ALL = List.of(PORT, WAIT, ON, COLOUR, HOSTS, KEY, NAME);

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path directory;

  private static Settings.Builder settings() {
    return Settings.of("POINTS", ALL);
  }

  @Test
  void aKeyThatIsInTheFileTwiceIsRefused() throws IOException {
    Path file = file("http.port=1\nwait=1s\nhttp.port=2\n");
    assertThatThrownBy(() -> settings().file(file).load())
        .isInstanceOf(SettingsException.class)
        .hasMessage("http.port is in the file " + file + " twice.");
  }

  @Test
  void aPolicyHandsOutOnlyWhatThereIs() {
    for (String wrong : new String[] {"connect=fly", "connect=credit,fly", "connect=me"}) {
      assertThat(Policy.setting("p", "a=credit,read; b=admin").parser().parse(wrong)).isNull();
    }
    Setting<Policy> policy = Policy.setting("p", "a=credit,read; b=admin");
    assertThat(policy.parser().parse("x=read,admin")).isNotNull();
    assertThat(policy.allowed()).endsWith("with these permissions: admin, credit, read");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("points.properties"), text);
  }

  @Test
  void laterSourcesWin() throws IOException {
    Path file = file("http.port=1\nwait=1s\non=true\n");
    Settings settings =
        settings()
            .environment(
                Map.of(
                    "POINTS_CONFIG", file.toString(),
                    "POINTS_HTTP_PORT", "2",
                    "POINTS_WAIT", "2m",
                    "HOME", "/x"))
            .arguments(List.of("--http.port", "3", "--hosts= a, b "))
            .load();
    assertThat(settings.get(PORT)).isEqualTo(3);
    assertThat(settings.get(WAIT)).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.get(ON)).isTrue();
    assertThat(settings.get(COLOUR)).isEqualTo(Colour.RED);
    assertThat(settings.get(HOSTS)).containsExactly("a", "b");
    assertThat(settings.find(NAME)).isNull();
    assertThat(settings.origin(PORT)).isEqualTo("the command line");
    assertThat(settings.origin(WAIT)).isEqualTo("the environment variable POINTS_WAIT");
    assertThat(settings.origin(ON)).isEqualTo("the file " + file);
    assertThat(settings.origin(COLOUR)).isEqualTo("the default");
  }

  @Test
  void theCommandLineNamesTheFileBeforeTheEnvironmentDoes() throws IOException {
    Path file = file("http.port=1\n");
    Settings settings =
        settings()
            .environment(Map.of("POINTS_CONFIG", "/nowhere"))
            .arguments(List.of("--config=" + file))
            .load();
    assertThat(settings.get(PORT)).isEqualTo(1);
  }

  @Test
  void wrongValuesAreNamedInOneLine() throws IOException {
    Path file = file("http.port=65536\n");
    refuses(
        settings().file(file),
        "http.port from the file "
            + file
            + " has a wrong value '65536'"
            + ": it must be a whole number from 0 to 65535.");
    refuses(
        settings().override("wait", "2h"),
        "wait from the command line has a wrong value '2h': it must be a time from 10ms to 1h,"
            + " written like 500ms, 30s, 5m, 1h or 1d.");
    refuses(
        settings().override("on", "yes"),
        "on from the command line has a wrong value 'yes': it must be true or false.");
    refuses(
        settings().environment(Map.of("POINTS_COLOUR", "Green\n")),
        "colour from the environment variable POINTS_COLOUR has a wrong value 'Green?': it must be"
            + " one of red, dark_blue.");
  }

  @Test
  void unknownNamesAreRefusedUnlessTheyAreSomebodyElses() throws IOException {
    assertThatThrownBy(() -> settings().environment(Map.of("POINTS_HTP_PORT", "1")).load())
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("The environment variable POINTS_HTP_PORT is no setting: known are")
        .hasMessageContaining("http.port");
    assertThatThrownBy(() -> settings().override("htp.port", "1").load())
        .hasMessageStartingWith("htp.port in the command line is no setting");
    Path file = file("htp.port=1");
    assertThatThrownBy(() -> settings().file(file).load())
        .hasMessageStartingWith("htp.port in the file " + file + " is no setting");
    settings().environment(Map.of("POINTS_HOME", "/x")).ignoring("POINTS_HOME").load();
    refuses(
        settings().file(Path.of("/nowhere")),
        "The settings file /nowhere cannot be read (NoSuchFileException).");
    assertThatThrownBy(() -> settings().arguments(List.of("serve")))
        .isInstanceOf(SettingsException.class);
    assertThatThrownBy(() -> settings().arguments(List.of("--http.port")))
        .isInstanceOf(SettingsException.class);
  }

  @Test
  void secretsAreNotShown() {
    Settings settings = settings().override("some.key", "hunter2").load();
    assertThat(settings.get(KEY).reveal()).isEqualTo("hunter2");
    assertThat(settings.get(KEY)).hasToString("(secret)");
    Setting<Integer> pin = new Setting<>("pin", "four digits", text -> null, null, "A pin.", true);
    assertThatThrownBy(() -> Settings.of("X", List.of(pin)).override("pin", "hunter2").load())
        .hasMessage("pin from the command line has a wrong value: it must be four digits.");
  }

  @Test
  void whatIsRequiredButMissingIsNamed() {
    assertThatThrownBy(() -> settings().load().get(NAME))
        .isInstanceOf(SettingsException.class)
        .hasMessage("name is not set: it must be a text.");
  }

  @Test
  void aSuggestionIsADefaultAndIgnoredWhereThereIsNoSuchSetting() {
    Settings.Builder builder =
        settings()
            .suggest("http.port", "9", "the start")
            .suggest("name", "it", "the start")
            .suggest("no.such", "x", "the start")
            .environment(Map.of("POINTS_HTTP_PORT", "2"));
    assertThat(builder.load().get(PORT)).isEqualTo(2);
    assertThat(builder.load().get(NAME)).isEqualTo("it");
    assertThat(builder.load().origin(NAME)).isEqualTo("the start");
    refuses(
        settings().suggest("http.port", "x", "the start"),
        "http.port from the start has a wrong value 'x': it must be a whole number from 0 to 65535.");
  }

  @Test
  void whatOthersHaveBeenGivenIsInherited() {
    Settings others =
        settings().environment(Map.of("POINTS_SOME_KEY", "hush", "POINTS_NAME", "theirs")).load();
    Settings own =
        Settings.of("QUEST", ALL)
            .inherit(others, KEY)
            .inherit(others, NAME)
            .inherit(others, PORT)
            .environment(Map.of("QUEST_NAME", "ours"))
            .load();
    assertThat(own.get(KEY).reveal()).isEqualTo("hush");
    assertThat(own.get(NAME)).isEqualTo("ours");
    assertThat(own.origin(PORT)).isEqualTo("the default");
  }

  @Test
  void allAreListedInATable() {
    assertThat(Settings.markdown("POINTS", List.of(PORT, WAIT, COLOUR, KEY)))
        .isEqualTo(
            """
            | setting | environment | default | allowed | what it does |
            | --- | --- | --- | --- | --- |
            | `http.port` | `POINTS_HTTP_PORT` | `8080` | a whole number from 0 to 65535 | The port. |
            | `wait` | `POINTS_WAIT` | `90s` | a time from 10ms to 1h, written like 500ms, 30s, 5m, 1h or 1d | A wait. |
            | `colour` | `POINTS_COLOUR` | `red` | one of red, dark_blue | Which \\| colour. |
            | `some.key` | `POINTS_SOME_KEY` |  | a text (a secret) | A key. |
            """);
  }

  @Test
  void everyDefaultOfTheKitIsAllowed() {
    List<Setting<?>> kit =
        java.util.stream.Stream.of(Http.SETTINGS, Authenticator.SETTINGS, Logging.SETTINGS)
            .<Setting<?>>flatMap(List::stream)
            .toList();
    Settings settings = Settings.of("POINTS", kit).load();
    assertThat(settings.get(Authenticator.POLICY).of("connect"))
        .containsExactlyInAnyOrder("credit", "reverse", "read");
    assertThat(settings.get(Authenticator.POLICY).of("quest"))
        .containsExactlyInAnyOrder("debit", "hold", "capture", "release", "refund", "read");
    assertThat(settings.get(Authenticator.POLICY).of("stranger")).isEmpty();
  }

  private static void refuses(Settings.Builder builder, String line) {
    assertThatThrownBy(builder::load).isInstanceOf(SettingsException.class).hasMessage(line);
  }
}
