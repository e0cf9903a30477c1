package io.selkie.node.workers.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import io.selkie.node.storage.StorageService;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.OtherPaths;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.storage.SectorTransfer;
import io.selkie.storage.StoragePathsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WorkerPathsServiceTest {

  private static final String URL = "http://worker/remote";
  private static final String ID = UUID.nameUUIDFromBytes(new byte[] {1}).toString();
  private static final String MORE = UUID.nameUUIDFromBytes(new byte[] {2}).toString();

  private final RecordingNode node = new RecordingNode();
  @TempDir private Path directory;
  private IndexMirror mirror;
  private SectorIndex index;
  private LocalPaths paths;
  private WorkerPathsService service;

  @BeforeEach
  void open() throws Exception {
    // Which addresses the node knows is asked for; it knows none.
    node.refusing((method, _) ->
        method.equals("storageInfo")
            ? java.util.Optional.of(new RpcFault("sector store not found"))
            : java.util.Optional.empty());
    mirror = new IndexMirror(node.as(StorageApi.class), Duration.ofMillis(5));
    index = new SectorIndex(InstantSource.system(), mirror);
    paths = new LocalPaths(index, DiskSpace.ofSystem(), List.of(URL));
    paths.open(made("first", ID));
    SectorLocks locks = new SectorLocks();
    SectorTransfer transfer = new SectorTransfer(paths, index, new NoOthers());
    service =
        new WorkerPathsService(
            new StorageService(index, paths, locks, new StoragePathsFile(directory)),
            paths,
            index,
            mirror,
            transfer,
            locks);
  }

  /** Nobody else has anything. */
  private static final class NoOthers implements OtherPaths {
    @Override
    public List<Copy> copies(SectorId sector, SectorFileType type) {
      return List.of();
    }

    @Override
    public Incoming open(String url, SectorFileType type) throws IOException {
      throw new IOException("nobody is at " + url);
    }

    @Override
    public void delete(Copy copy, SectorId sector, SectorFileType type) throws IOException {
      throw new IOException("nobody has " + copy);
    }
  }

  private Path made(String name, String id) throws IOException {
    Path made = directory.resolve(name);
    LocalPaths.init(made, SectorStoreMeta.of(UUID.fromString(id), true, false));
    return made;
  }

  @AfterEach
  void close() {
    mirror.close();
  }

  @Test
  void path_addedAndDetached_isKeptAndTold() throws Exception {
    mirror.start(new SectorIndex(InstantSource.system()));
    Path more = made("more", MORE);
    service.storageAddLocal(more.toString());
    assertThat(service.storageLocal())
        .containsEntry(ID, directory.resolve("first").toString())
        .containsEntry(MORE, more.toString());
    assertThat(new StoragePathsFile(directory).read()).containsExactly(more);

    service.storageDetachLocal(more.toString());
    mirror.flush();
    assertThat(service.storageLocal()).containsOnlyKeys(ID);
    assertThat(new StoragePathsFile(directory).read()).isEmpty();
    assertThat(node.calls("storageDetach"))
        .extracting(RecordingNode.Came::arguments)
        .containsExactly(List.of(MORE, URL));
  }

  @Test
  void paths_allDetached_areOpenedAgainAtTheNextStart() throws Exception {
    mirror.start(new SectorIndex(InstantSource.system()));
    Path more = made("more", MORE);
    service.storageAddLocal(more.toString());
    service.storageDetachAll();
    mirror.flush();
    assertThat(service.storageLocal()).isEmpty();
    assertThat(node.calls("storageDetach")).hasSize(2);
    assertThat(new StoragePathsFile(directory).read()).containsExactly(more);
  }

  @Test
  void path_thatIsNone_isRefused() {
    assertThatThrownBy(() -> service.storageAddLocal(directory.resolve("none").toString()))
        .hasMessageStartingWith("opening local path: reading storage metadata for ");
    assertThatThrownBy(() -> service.storageDetachLocal("/none"))
        .hasMessage("no local paths match '/none'");
    assertThatThrownBy(() -> service.storageDetachLocal(directory.resolve("first").toString()))
        .as("the one that it was started with stays")
        .isInstanceOf(RpcFault.class);
  }

  @Test
  void sector_removed_isThereNoMore() throws Exception {
    mirror.start(new SectorIndex(InstantSource.system()));
    SectorId sector = SectorId.of(1000, 7);
    Path sealed = directory.resolve("first/sealed/s-t01000-7");
    Path cache = directory.resolve("first/cache/s-t01000-7");
    Files.write(sealed, new byte[2048]);
    Files.createDirectory(cache);
    Files.write(cache.resolve("p_aux"), new byte[64]);
    service.storageRedeclareLocal(null, false);
    assertThat(index.find(sector, EnumSet.of(SectorFileType.SEALED))).hasSize(1);
    service.remove(new WireSectorId(1000, 7));
    assertThat(sealed).doesNotExist();
    assertThat(cache).doesNotExist();
    assertThat(index.find(sector, EnumSet.of(SectorFileType.SEALED))).isEmpty();
    mirror.flush();
    assertThat(node.calls("storageDropSector")).isNotEmpty();
    assertThatThrownBy(() -> service.remove(new WireSectorId(-1, 7))).isInstanceOf(RpcFault.class);
  }
}
