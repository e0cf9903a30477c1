package io.selkie.rpc.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.rpc.client.MinerEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The repository's files of the API. */
class RepoFilesTest {

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void secret_theFirstTime_isDrawnAndATokenWritten(@TempDir Path dir) throws Exception {
    Path repo = dir.resolve("repo");
    byte[] secret = new RepoFiles(repo).secret(new SecureRandom());
    Path key = repo.resolve("keystore").resolve(RepoFiles.SECRET_FILE);
    Path token = repo.resolve("token");
    assertThat(secret).hasSize(32);
    assertThat(mode(key)).isEqualTo("rw-------");
    assertThat(mode(token)).isEqualTo("rw-------");
    assertThat(mode(repo.resolve("keystore"))).isEqualTo("rwx------");
    assertThat(Files.readString(key))
        .matches("\\{\"Type\":\"jwt-hmac-secret\",\"PrivateKey\":\"[A-Za-z0-9+/]{43}=\"}");
    assertThat(Tokens.of(secret).verify(Files.readString(token)))
        .isEqualTo(List.of("read", "write", "sign", "admin"));
    assertThat(new RepoFiles(repo).secret(new SecureRandom())).isEqualTo(secret);
    try (var files = Files.walk(repo)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  @Test
  void secret_readableByOthers_isRefused(@TempDir Path repo) throws IOException {
    new RepoFiles(repo).secret(new SecureRandom());
    Path key = repo.resolve("keystore").resolve(RepoFiles.SECRET_FILE);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> new RepoFiles(repo).secret(new SecureRandom()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "permissions of key: 'auth-jwt-private' are too relaxed, required: 0600, got: 0644");
  }

  @Test
  void secret_thatIsDamaged_isRefused(@TempDir Path repo) throws IOException {
    new RepoFiles(repo).secret(new SecureRandom());
    Path key = repo.resolve("keystore").resolve(RepoFiles.SECRET_FILE);
    for (String damaged :
        new String[] {
          "",
          "{}",
          "[",
          "{\"Type\":\"bls\",\"PrivateKey\":\"AAAA\"}",
          "{\"Type\":\"jwt-hmac-secret\",\"PrivateKey\":\"AAAA\"}",
          "{\"Type\":\"jwt-hmac-secret\",\"PrivateKey\":\"!\"}"
        }) {
      Files.writeString(key, damaged);
      assertThatThrownBy(() -> new RepoFiles(repo).secret(new SecureRandom()))
          .as(damaged)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("auth-jwt-private");
    }
  }

  @Test
  void address_isWrittenFoundAndRemoved(@TempDir Path repo) throws IOException {
    RepoFiles files = new RepoFiles(repo);
    assertThat(files.endpoint()).isEmpty();
    files.secret(new SecureRandom());
    files.writeAddress("/ip4/127.0.0.1/tcp/2345/http");
    assertThat(mode(repo.resolve("api"))).isEqualTo("rw-r--r--");
    assertThat(files.endpoint().map(MinerEndpoint::multiaddress))
        .contains("/ip4/127.0.0.1/tcp/2345/http");
    assertThat(files.endpoint().flatMap(MinerEndpoint::token))
        .isEqualTo(Optional.of(Files.readString(repo.resolve("token"))));
    files.removeAddress();
    files.removeAddress();
    assertThat(files.endpoint()).isEmpty();
  }
}
