package points.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import points.kit.Settings;
import points.service.PointsService;

/** docs/reference/settings.md has the table that the code makes. */
class SettingsPageTest {
  @Test
  void thePageHasEverySettingAsItIs() throws Exception {
    String page = Files.readString(Repository.root().resolve("docs/reference/settings.md"));
    assertThat(page).contains(Settings.markdown(PointsService.PREFIX, PointsService.settings()));
  }
}
