package io.selkie.conformance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.selkie.abi.Address;
import io.selkie.dashboard.Dashboard;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.Tokens;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The dashboard in a real browser, against the real server with a fake node behind it.
 *
 * <p>Needs the distribution's Chromium. Where there is none the tests are reported as skipped, or
 * fail if {@code SELKIE_REQUIRE_BROWSER} is 1.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardBrowserTest {

  private final Tokens tokens = Tokens.of(new byte[Tokens.SECRET_BYTES]);

  private Chromium chromium;

  private FakeSectors node;
  private JsonRpcServer server;
  private BrowserContext context;
  private Page page;
  private String base;
  private List<String> complaints;
  private List<String> requests;

  @BeforeAll
  void launch() {
    chromium = Chromium.launch();
  }

  @AfterAll
  void quit() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    node = new FakeSectors();
    server =
        node.serveOn(JsonRpcServer.builder(Address.Network.TESTNET, tokens))
            .mount("/", Dashboard.load())
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .start();
    base = server.endpoint().base().toString();
    complaints = Collections.synchronizedList(new ArrayList<>());
    requests = Collections.synchronizedList(new ArrayList<>());
    context = chromium.browser().newContext(new Browser.NewContextOptions().setLocale("en-GB"));
    page = context.newPage();
    page.onConsoleMessage(message -> complaints.add(message.type() + ": " + message.text()));
    page.onPageError(complaints::add);
    page.onRequest(request -> requests.add(request.url()));
  }

  @AfterEach
  void close() throws Exception {
    context.close();
    server.close();
  }

  /** One walk through the page, as an operator would take it. */
  @Test
  void page_tokenPasted_showsSectorsLiveAndWithoutComplaint() {
    node.put(1, "Proving", "Start", "PreCommit1", "Proving");
    node.put(2, "PreCommit1", "Start", "Ticket");
    node.putFailed(3, "SealPreCommit1Failed", "disk <b>full</b>");
    page.navigate(base + "/");
    signIn(tokens.create(Permission.READ));

    Locator rows = page.locator("tbody tr");
    assertThat(rows).hasCount(3);
    assertThat(rows.nth(0)).containsText("SealPreCommit1Failed");
    assertThat(page.locator(".states")).containsText("All3");
    assertThat(page.locator("#node")).containsText("4,321");
    assertThat(page.locator("#connection")).hasText("Live");

    node.put(2, "PreCommit2", "Start", "Ticket", "PreCommit1");
    node.put(4, "WaitDeals", "Start");
    assertThat(rows).hasCount(4);
    assertThat(rows.nth(2)).containsText("PreCommit2");

    link("! SealPreCommit1Failed 1").click();
    assertThat(rows).hasCount(1);
    link("3").click();
    assertThat(page.getByRole(AriaRole.HEADING, level(1))).hasText("Sector 3");
    assertThat(page.locator(".log .trace")).hasText("disk <b>full</b>");
    assertThat(page.locator(".log b")).hasCount(0);
    assertThat(page.locator(".timeline li")).hasCount(2);
    assertThat(page.getByText(FakeSectors.PIECE.toString()).first()).isVisible();

    node.put(3, "PreCommit1", "Start", "SealPreCommit1Failed", "RetrySealPreCommit1");
    assertThat(page.locator(".title")).containsText("PreCommit1");
    assertThat(page.locator(".timeline li")).hasCount(3);

    page.reload();
    assertThat(page.getByRole(AriaRole.HEADING, level(1))).hasText("Sector 3");
    assertThat(complaints).isEmpty();
    assertThat(requests).allMatch(url -> url.startsWith(base + "/"));
    assertThat(requests).noneMatch(url -> url.contains("token"));
  }

  @Test
  void page_tokenRefusedOrTooWeak_asksAgainAndForgets() {
    page.navigate(base + "/");
    signIn("not.a.token");
    assertThat(page.getByRole(AriaRole.ALERT).first())
        .hasText("The node does not accept this token.");
    assertThat(page.locator("#token")).isFocused();

    signIn(tokens.create(List.of("write"), Optional.empty()));
    assertThat(page.getByRole(AriaRole.ALERT).first()).containsText("need 'read'");

    signIn(tokens.create(Permission.READ));
    assertThat(page.getByText("No sectors yet.")).isVisible();
    page.getByText("Forget token").click();
    assertThat(page.locator("#token")).isVisible();
    assertThat(page.evaluate("sessionStorage.length")).isEqualTo(0);
  }

  @Test
  void page_unknownSector_saysSo() {
    page.navigate(base + "/#/sector/99");
    signIn(tokens.create(Permission.READ));
    assertThat(page.locator(".error").getByText("No state for /99")).isVisible();
  }

  /** More sectors than one page of the table holds, turned with the keyboard. */
  @Test
  void table_manySectors_isTurnedPageByPage() {
    for (long number = 0; number < 60; number++) {
      node.put(number, "Proving", "Start");
    }
    page.navigate(base + "/");
    signIn(tokens.create(Permission.READ));
    assertThat(page.locator("tbody th").first()).hasText("59");
    page.getByText("Older").focus();
    page.keyboard().press("Enter");
    assertThat(page.locator("tbody th").first()).hasText("34");
    assertThat(page.getByText("Older")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator("tbody tr")).hasCount(10);
    assertThat(page.getByText("Older")).isDisabled();
    assertThat(complaints).isEmpty();
  }

  /** Every control has a name, and the page its language and landmarks. */
  @Test
  void page_controls_haveNames() {
    node.put(1, "Proving", "Start");
    page.navigate(base + "/");
    signIn(tokens.create(Permission.READ));
    assertThat(page.locator("tbody tr")).hasCount(1);
    assertThat(page.locator("html")).hasAttribute("lang", Pattern.compile("[a-z]+"));
    Stream.of("main", "header", "h1")
        .forEach(tag -> assertThat(page.locator(tag)).not().hasCount(0));
    for (Locator control : page.locator("a:visible, button:visible, input:visible").all()) {
      assertThat(control).hasAccessibleName(Pattern.compile(".+"));
    }
  }

  private void signIn(String token) {
    page.locator("#token").fill(token);
    page.keyboard().press("Enter");
  }

  private Locator link(String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Page.GetByRoleOptions level(int level) {
    return new Page.GetByRoleOptions().setLevel(level);
  }
}
