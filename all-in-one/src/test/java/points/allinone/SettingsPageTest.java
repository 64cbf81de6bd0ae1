package points.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import points.kit.Settings;
import points.service.PointsService;

/** docs/reference/settings.md has the tables that the code makes. */
class SettingsPageTest {
  @Test
  void thePageHasEverySettingAsItIs() throws Exception {
    String page = Files.readString(Repository.root().resolve("docs/reference/settings.md"));
    assertThat(page).contains(Settings.markdown(PointsService.PREFIX, PointsService.settings()));
    List<Part> parts = new ArrayList<>(Part.TELLING);
    parts.add(Part.CONNECT);
    assertThat(parts).hasSize(5);
    for (Part part : parts) {
      assertThat(page)
          .contains(
              "## " + part.title() + "\n\n" + Settings.markdown(part.prefix(), part.settings()));
    }
  }
}
