package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.api.StorageApi;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is asked for below /remote, bytes over a socket: nothing but sectors' files comes. */
final class RemotePathsTest {

  private static final String SECRET = "SECRET-OF-THE-OPERATOR";
  private static final int TIMEOUT_MS = 30_000;

  @TempDir private static Path home;

  private static SealedRepo repo = SealedRepo.none();
  private static SealedRepo.@Nullable Running node;
  private static String admin = "";

  @BeforeAll
  static void start() throws Exception {
    repo = SealedRepo.inDirectory(home.resolve("repo"));
    node = repo.start();
    admin = Files.readString(repo.root.resolve("token"));
    Files.writeString(home.resolve("secret"), SECRET);
    Files.writeString(repo.root.resolve("sealed").resolve("note"), SECRET);
    Path outside = Files.createDirectories(home.resolve("outside"));
    Files.writeString(outside.resolve("s-t01000-53"), SECRET);
    Path sealed = Files.createDirectories(repo.root.resolve("sealed"));
    Path cache = Files.createDirectories(repo.root.resolve("cache"));
    Files.writeString(sealed.resolve("s-t01000-7"), "a sealed file");
    Files.createSymbolicLink(sealed.resolve("s-t01000-50"), home.resolve("secret"));
    Files.createSymbolicLink(cache.resolve("s-t01000-51"), outside);
    Path mixed = Files.createDirectories(cache.resolve("s-t01000-52"));
    Files.writeString(mixed.resolve("p_aux"), "an honest file");
    Files.createSymbolicLink(mixed.resolve("t_aux"), home.resolve("secret"));
    Files.createSymbolicLink(mixed.resolve("up"), outside);
    // The node was started with the directory; now a link is in its place.
    Path unsealed = repo.root.resolve("unsealed");
    Files.deleteIfExists(unsealed.resolve("fetching"));
    Files.delete(unsealed);
    Files.createSymbolicLink(unsealed, outside);
    Objects.requireNonNull(node).client().api(StorageApi.class).storageList();
  }

  @AfterAll
  static void stop() {
    Objects.requireNonNull(node).close();
  }

  /** The whole answer to one request line. */
  private static String ask(String verb, String target) throws IOException {
    URI base = Objects.requireNonNull(node).client().endpoint().base();
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(TIMEOUT_MS);
      String head =
          verb
              + " "
              + target
              + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
              + admin
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void fileOfASector_isServed_andNothingLinkedFromItsCache() throws IOException {
    assertThat(ask("GET", "/remote/sealed/s-t01000-7")).contains(" 200 ", "a sealed file");
    assertThat(ask("GET", "/remote/cache/s-t01000-52"))
        .contains(" 200 ", "an honest file")
        .doesNotContain(SECRET, "t_aux");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/remote/sealed/note",
        "/remote/sealed/s-t01000-50",
        "/remote/cache/s-t01000-51",
        "/remote/unsealed/s-t01000-53",
        "/remote/sealed/../token",
        "/remote/sealed/../../token",
        "/remote/../token",
        "/remote/sealed/..%2ftoken",
        "/remote/sealed/..%2F..%2Fsecret",
        "/remote/sealed/%2e%2e/token",
        "/remote/sealed/%2e%2e%2ftoken",
        "/remote/sealed/.%2e/token",
        "/remote/sealed/%252e%252e%252ftoken",
        "/remote/sealed/%25252e%25252e/token",
        "/remote/sealed/..%5ctoken",
        "/remote/sealed/..\\token",
        "/remote/sealed/%c0%ae%c0%ae/token",
        "/remote/sealed/%u002e%u002e/token",
        "/remote/sealed/s-t01000-7%00",
        "/remote/sealed/s-t01000-7%00/../../token",
        "/remote/sealed/s-t01000-7%0a",
        "/remote/sealed/s-t01000-7%20",
        "/remote/sealed/s-t01000-07",
        "/remote/sealed/s-t0%d9%a1000-7",
        "/remote/sealed/s-t01000%e2%88%927",
        "/remote/sealed/%ff%fe",
        "/remote/sealed/s-t01000-7/",
        "/remote/sealed/s-t01000-7/../../secret",
        "/remote/sealed/..;/token",
        "/remote/sealed;x=/../token",
        "/remote//etc/passwd",
        "/remote/keystore/token",
        "/remote/%2e%2e/token",
        "/remote/sealed%2f..%2f/token",
        "/remote/fetching/s-t01000-7",
        "/remote/sealed/fetching",
        "//remote/sealed/../token",
        "/remote/stat/../../token",
        "/remote/vanilla/..%2ftoken",
        "http://elsewhere/remote/sealed/../token",
        "*",
        "/remote/sealed/#/../token"
      })
  void path_thatIsNoSectorsFile_yieldsNothing(String target) throws IOException {
    for (String verb : new String[] {"GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "OPTIONS"}) {
      String answer = ask(verb, target);
      assertThat(answer).as(verb).doesNotContain(SECRET, admin, "root:").doesNotContain(" 200 ");
      assertThat(answer).as(verb).startsWith("HTTP/1.1 ");
    }
    assertThat(home.resolve("secret")).hasContent(SECRET);
    assertThat(repo.root.resolve("sealed/note")).hasContent(SECRET);
    assertThat(repo.root.resolve("sealed/s-t01000-50")).isSymbolicLink();
    assertThat(home.resolve("outside/s-t01000-53")).hasContent(SECRET);
  }
}
