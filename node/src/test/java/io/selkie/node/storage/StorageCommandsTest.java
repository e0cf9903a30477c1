package io.selkie.node.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Address;
import io.selkie.node.CommandRun;
import io.selkie.node.repo.ListenAddress;
import io.selkie.node.repo.Repo;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.StoragePathApi;
import io.selkie.rpc.api.TrashApi;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.Tokens;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.TrashEntry;
import io.selkie.storage.TrashPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on storage paths, over HTTP, against a node's storage on a real directory. */
final class StorageCommandsTest {

  private static final UUID ID = UUID.fromString("11111111-2222-3333-4444-555555555555");

  @TempDir private Path home;
  private Path root;
  private Path disk;
  private Repo repo;
  private NodeStorage storage;
  private JsonRpcServer server;

  @BeforeEach
  void start() throws IOException {
    root = home.resolve("repo");
    disk = home.resolve("disk");
    repo = Repo.open(root);
    open();
  }

  private void open() throws IOException {
    storage =
        NodeStorage.open(
            repo,
            ListenAddress.parse("127.0.0.1:4711"),
            TrashPolicy.DEFAULT,
            home.resolve("parents"));
    Tokens tokens = Tokens.of(new byte[Tokens.SECRET_BYTES]);
    server =
        JsonRpcServer.builder(Address.Network.TESTNET, tokens)
            .serve(StorageApi.class, storage.service())
            .serve(TrashApi.class, new TrashService(storage.removed()))
            .serve(StoragePathApi.class, new StoragePathService(() -> ID))
            .listen(ListenAddress.parse("127.0.0.1:0"))
            .start();
    Files.writeString(root.resolve("api"), server.endpoint().multiaddress());
    Files.writeString(root.resolve("token"), tokens.create(Permission.ADMIN));
  }

  @AfterEach
  void stop() throws Exception {
    close();
    repo.close();
  }

  private void close() throws Exception {
    server.close();
    storage.close();
  }

  private CommandRun storage(String command, Object... arguments) {
    Object[] all = new Object[arguments.length + 3];
    all[0] = "storage";
    all[1] = command;
    all[2] = "--repo=" + root;
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return CommandRun.of(all);
  }

  @Test
  void attach_newDirectory_isMadeOpenedAndThereAfterARestart() throws Exception {
    CommandRun refused = storage("attach", "--init", disk);
    assertThat(refused.err()).contains("must specify at least one of --store or --seal");
    assertThat(disk).doesNotExist();

    CommandRun attached =
        storage(
            "attach",
            "--init",
            "--store",
            "--weight",
            7,
            "--max-storage=3KiB",
            "--groups=a,b",
            disk);
    assertThat(attached.err()).isEmpty();
    assertThat(attached.status()).isZero();
    assertThat(storage("list").out())
        .contains(ID + ":", "Weight: 7; Use: Store", "Groups: a, b", "Local: " + disk, "3 KiB");
    assertThat(storage("attach", disk).err())
        .contains("path with ID " + ID + " already opened: '" + disk + "'");

    close();
    open();
    assertThat(storage.service().storageLocal()).containsEntry(ID.toString(), disk.toString());
  }

  @Test
  void attach_directoryThatIsNoPath_isRefusedAndNotKept() throws Exception {
    Files.createDirectories(disk);
    assertThat(storage("attach", disk).err()).contains("opening local path", "sectorstore.json");
    Files.writeString(disk.resolve("sectorstore.json"), "{\"ID\":\"" + ID + "\",\"Weight\":\"x\"}");
    assertThat(storage("attach", disk).err()).contains("sectorstore.json", "'Weight'");
    assertThat(storage("attach", "--init", "--seal", disk).err()).contains("exists already");
    assertThat(Files.readString(root.resolve("storage.json"))).doesNotContain(disk.toString());
  }

  @Test
  void detach_withTheFlagOnly_forgetsThePathAndKeepsItsFiles() throws Exception {
    storage("attach", "--init", "--store", disk);
    Path file = Files.write(disk.resolve("sealed/s-t01000-7"), new byte[5]);
    assertThat(storage("detach", disk).err()).contains("pass --really-do-it");
    assertThat(storage.service().storageLocal()).containsKey(ID.toString());
    assertThat(storage("detach", "--really-do-it", disk).status()).isZero();
    assertThat(storage.service().storageLocal()).doesNotContainKey(ID.toString());
    assertThat(file).exists();
    assertThat(Files.readString(root.resolve("storage.json"))).doesNotContain(disk.toString());
    assertThat(storage("detach", "--really-do-it", disk).err())
        .contains("no local paths match '" + disk + "'");
  }

  @Test
  void redeclare_filesThatCameAndWent_areDeclaredAndDropped() throws Exception {
    storage("attach", "--init", "--store", disk);
    Path file = Files.write(disk.resolve("sealed/s-t01000-7"), new byte[5]);
    assertThat(storage("redeclare").err()).contains("either --id ID or --all");
    assertThat(storage("redeclare", "--id=nope").err())
        .contains("this node has no storage path 'nope' of its own");
    assertThat(storage("redeclare", "--id=" + ID).status()).isZero();
    assertThat(storage("list").out()).contains("Sealed: 1;");
    Files.delete(file);
    storage("redeclare", "--all");
    assertThat(storage("list").out()).contains("Sealed: 1;");
    // Without its description the directory may be a mount point: nothing is taken for missing.
    Path description = disk.resolve("sectorstore.json");
    Files.move(description, home.resolve("kept.json"));
    assertThat(storage("redeclare", "--all", "--drop-missing").err()).contains("is it mounted?");
    Files.move(home.resolve("kept.json"), description);
    storage("redeclare", "--all", "--drop-missing");
    assertThat(storage("list").out()).doesNotContain("Sealed: 1;");
  }

  @Test
  void trash_removedFile_isListedPutBackAndPurged() throws Exception {
    storage("attach", "--init", "--store", disk);
    TrashEntry entry =
        new TrashEntry(
            Instant.now(), SectorFileType.SEALED, io.selkie.abi.SectorId.of(1000, 7), "second-key");
    Path trashed = Files.write(disk.resolve("trash").resolve(entry.name()), new byte[5]);
    assertThat(storage("trash").out()).contains(entry.name(), "5 B");
    assertThat(storage("trash", "--json").out())
        .contains("\"Kind\":\"sealed\"", "\"Why\":\"second-key\"", "\"Number\":7");
    assertThat(storage("untrash", "nothing").err()).contains("no entry 'nothing'");

    assertThat(storage("untrash", entry.name()).status()).isZero();
    assertThat(disk.resolve("sealed/s-t01000-7")).hasSize(5);
    assertThat(storage("list").out()).contains("Sealed: 1;");
    assertThat(storage("trash").out()).isEmpty();

    Files.write(trashed, new byte[5]);
    assertThat(storage("untrash", entry.name()).err())
        .contains(disk.resolve("sealed/s-t01000-7") + " is there");
    assertThat(storage("trash", "--purge", entry.name()).status()).isZero();
    assertThat(trashed).doesNotExist();
    assertThat(disk.resolve("sealed/s-t01000-7")).hasSize(5);
  }
}
