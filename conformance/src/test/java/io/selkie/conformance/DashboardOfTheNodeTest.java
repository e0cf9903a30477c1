package io.selkie.conformance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.selkie.rpc.client.MinerEndpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first page as the real program serves it, in a real browser, while a sector is sealed. */
class DashboardOfTheNodeTest {

  /** A pledged sector of 2 KiB needs some seconds on a devnet of 50 ms epochs. */
  private static final int PROVING_MS = 90_000;

  @TempDir Path directory;

  @Test
  void page_whileASectorIsSealed_followsItToProving() throws Exception {
    Path repo = directory.resolve("miner");
    List<String> complaints = Collections.synchronizedList(new ArrayList<>());
    try (Chromium chromium = Chromium.launch();
        NodeProcess node =
            NodeProcess.start(repo, "--sector-size", "2KiB", "--block-time", "50ms")) {
      Page page = chromium.browser().newPage();
      page.onConsoleMessage(message -> complaints.add(message.type() + ": " + message.text()));
      page.onPageError(complaints::add);
      page.navigate(
          MinerEndpoint.parse(Files.readString(repo.resolve("api")).strip()).base() + "/");
      page.locator("#token").fill(Files.readString(repo.resolve("token")).strip());
      page.keyboard().press("Enter");
      assertThat(page.locator("#connection")).hasText("Live");

      node.sectors().pledgeSector();
      Locator row = page.locator("tbody tr").first();
      assertThat(row)
          .containsText(
              "Proving", new LocatorAssertions.ContainsTextOptions().setTimeout(PROVING_MS));
      row.getByRole(AriaRole.LINK).first().click();
      page.waitForTimeout(1500);
      page.screenshot(
          new Page.ScreenshotOptions()
              .setPath(Path.of("target", "dashboard-of-the-node.png"))
              .setFullPage(true));
      assertThat(page.locator("body")).containsText("PreCommitLanded");
      assertThat(complaints).isEmpty();
    }
  }
}
