package io.selkie.rpc.token;

import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.json.GoBase64;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The files of a repository that concern the API: the token secret, an operator's token, and the
 * address the node listens at. Names, modes and contents are those of a {@code lotus-miner}
 * repository, so that its tools find the node.
 */
public final class RepoFiles {

  /** The token secret's file below {@code keystore/}: base32 of {@code auth-jwt-private}. */
  public static final String SECRET_FILE = "MF2XI2BNNJ3XILLQOJUXMYLUMU";

  private static final String SECRET_NAME = "auth-jwt-private";
  private static final String SECRET_TYPE = "jwt-hmac-secret";
  static final String OWNER_ONLY = "rw-------";

  /** The longest of these files, bytes; all are far shorter. */
  private static final int MAX_FILE = 65536;

  private final Path repo;

  /**
   * @param repo the repository's directory; made if it is missing
   */
  public RepoFiles(Path repo) {
    this.repo = repo;
  }

  /**
   * The token secret. The first time it is drawn, and a token for everything is written beside it.
   *
   * @param random a source fit for keys
   * @throws IOException if the file is readable by others, damaged, or cannot be written
   */
  public byte[] secret(RandomGenerator random) throws IOException {
    Path file = repo.resolve("keystore").resolve(SECRET_FILE);
    if (Files.exists(file)) {
      return readSecret(file);
    }
    byte[] secret = new byte[Tokens.SECRET_BYTES];
    random.nextBytes(secret);
    Files.createDirectories(repo);
    Files.createDirectories(file.getParent(), mode("rwx------"));
    write(repo.resolve("token"), Tokens.of(secret).create(Permission.ADMIN), OWNER_ONLY);
    write(
        file,
        "{\"Type\":\""
            + SECRET_TYPE
            + "\",\"PrivateKey\":\""
            + Base64.getEncoder().encodeToString(secret)
            + "\"}",
        OWNER_ONLY);
    return secret;
  }

  private static byte[] readSecret(Path file) throws IOException {
    requireOwnerOnly("key: '" + SECRET_NAME + "'", file);
    JsonReader.Outcome read = new JsonReader(MAX_FILE).read(readText(file));
    if (read instanceof JsonReader.Outcome.Value(JsonValue.Obj key)
        && key.get("Type").orElse(JsonValue.Null.VALUE) instanceof JsonValue.Str(String type)
        && type.equals(SECRET_TYPE)
        && key.get("PrivateKey").orElse(JsonValue.Null.VALUE)
            instanceof JsonValue.Str(String base64)) {
      try {
        byte[] secret = GoBase64.decode(base64);
        if (secret.length >= Tokens.SECRET_BYTES) {
          return secret;
        }
      } catch (WireReader.Mismatch e) {
        throw new IOException("key '" + SECRET_NAME + "' in " + file + ": " + e.getMessage(), e);
      }
    }
    throw new IOException(
        "key '%s' in %s is no %s of at least %d bytes"
            .formatted(SECRET_NAME, file, SECRET_TYPE, Tokens.SECRET_BYTES));
  }

  /**
   * Refuses a file that others may look into.
   *
   * @param what it is, for the error's text
   */
  static void requireOwnerOnly(String what, Path file) throws IOException {
    int mode = octal(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    if ((mode & 0077) != 0) {
      throw new IOException(
          "permissions of %s are too relaxed, required: 0600, got: %04o".formatted(what, mode));
    }
  }

  /** The operator's token, which the repository's own tools use; empty if there is none. */
  public Optional<String> operatorToken() throws IOException {
    Path file = repo.resolve("token");
    return Files.exists(file) ? Optional.of(readText(file).strip()) : Optional.empty();
  }

  /** Puts another operator's token in the place of the present one. */
  public void replaceOperatorToken(String token) throws IOException {
    write(repo.resolve("token"), token, OWNER_ONLY);
  }

  /** Where the list of tokens lies. */
  public Path tokenList() {
    return repo.resolve("keystore").resolve("tokens.json");
  }

  /** Writes the address the node listens at, as a multiaddress. */
  public void writeAddress(String multiaddress) throws IOException {
    Files.createDirectories(repo);
    write(repo.resolve("api"), multiaddress, "rw-r--r--");
  }

  /** Removes the address at shutdown. */
  public void removeAddress() throws IOException {
    Files.deleteIfExists(repo.resolve("api"));
  }

  /**
   * Where the node of this repository listens, and its token; empty if it does not run.
   *
   * @throws IOException if the files cannot be read
   * @throws IllegalArgumentException if the address is none
   */
  public Optional<MinerEndpoint> endpoint() throws IOException {
    Path address = repo.resolve("api");
    if (!Files.exists(address)) {
      return Optional.empty();
    }
    Path token = repo.resolve("token");
    MinerEndpoint at = MinerEndpoint.parse(readText(address).strip());
    return Optional.of(
        Files.exists(token)
            ? new MinerEndpoint(at.base(), Optional.of(readText(token).strip()))
            : at);
  }

  private static String readText(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE) {
      throw new IOException(file + " is longer than " + MAX_FILE + " bytes");
    }
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static int octal(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission permission : permissions) {
      // The enum lists owner, group, others, each read, write, execute: bits 8 down to 0.
      mode |= 1 << (8 - permission.ordinal());
    }
    return mode;
  }

  private static FileAttribute<Set<PosixFilePermission>> mode(String symbolic) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(symbolic));
  }

  /** Writes beside the target, forces, renames: a torn file is never seen. */
  static void write(Path target, String text, String symbolic) throws IOException {
    Path directory = target.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException("no directory above " + target);
    }
    Path fresh = directory.resolve(String.format(Locale.ROOT, ".%s.tmp", target.getFileName()));
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, mode(symbolic));
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(symbolic));
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
