package io.selkie.node.recovery;

import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.recovery.FileKind;
import io.selkie.pipeline.recovery.FileSeen;
import io.selkie.pipeline.recovery.FileSeen.Condition;
import io.selkie.pipeline.recovery.FileSeen.Content;
import io.selkie.pipeline.recovery.Stray;
import io.selkie.proofs.merkle.TreeShape;
import io.selkie.proofs.seal.CacheFiles;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.StorageInventory;
import io.selkie.storage.StorageInventory.PathContents;
import io.selkie.storage.StorageInventory.SectorFile;
import io.selkie.storage.StorageInventory.Trashed;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an inventory of the storage paths says of each sector. */
final class DiskLook {

  /** comm_c and comm_r_last. */
  private static final long P_AUX_BYTES = 64;

  private static final long NODE_BYTES = 32;

  private final RecoverySite site;

  DiskLook(RecoverySite site) {
    this.site = site;
  }

  SortedMap<SectorNumber, List<FileSeen>> files(StorageInventory disk, List<String> notes) {
    SortedMap<SectorNumber, List<FileSeen>> all = new TreeMap<>();
    for (PathContents path : disk.paths()) {
      for (SectorFile file : path.files()) {
        if (!file.sector().miner().equals(site.miner())) {
          notes.add(file.file() + " is of miner " + file.sector().miner() + ", not looked at");
          continue;
        }
        add(all, file.sector().number(), inPlace(path, file));
      }
      for (SectorFile file : path.unfinished()) {
        if (file.sector().miner().equals(site.miner())) {
          add(all, file.sector().number(), seen(path, file, Condition.UNFINISHED, Content.BROKEN));
        }
      }
      for (Trashed trashed : path.trash()) {
        if (trashed.entry().sector().miner().equals(site.miner())) {
          add(all, trashed.entry().sector().number(), inTrash(path, trashed, disk.takenAt()));
        }
      }
    }
    return all;
  }

  /** What lies there and belongs to no sector, and paths that cannot be looked into. */
  static List<Stray> strays(StorageInventory disk) {
    List<Stray> strays = new ArrayList<>();
    for (PathContents path : disk.paths()) {
      path.unknown().forEach(each -> strays.add(new Stray(each, "")));
      for (String problem : path.problems()) {
        if (path.unknown().stream().noneMatch(each -> problem.startsWith(each.toString()))) {
          strays.add(new Stray(path.root(), problem));
        }
      }
    }
    return strays;
  }

  private static void add(
      Map<SectorNumber, List<FileSeen>> all, SectorNumber number, FileSeen file) {
    all.computeIfAbsent(number, _ -> new ArrayList<>()).add(file);
  }

  private FileSeen inPlace(PathContents path, SectorFile file) {
    return seen(path, file, Condition.IN_PLACE, content(file));
  }

  private FileSeen seen(PathContents path, SectorFile file, Condition condition, Content content) {
    boolean indexed =
        condition != Condition.IN_PLACE
            || site.index()
                .map(index -> index.held(path.id(), file.sector()).contains(file.type()))
                .orElse(true);
    return new FileSeen(
        kind(file.type()),
        path.id(),
        file.file(),
        file.bytes(),
        condition,
        content,
        path.canStore(),
        indexed,
        Optional.empty());
  }

  private FileSeen inTrash(PathContents path, Trashed trashed, Instant now) {
    boolean due = trashed.entry().removedAt().plus(site.trashRetention()).isBefore(now);
    Path file = path.root().resolve("trash").resolve(trashed.entry().name());
    return new FileSeen(
        kind(trashed.entry().type()),
        path.id(),
        file,
        trashed.bytes(),
        due ? Condition.TRASH_DUE : Condition.TRASHED,
        trashed.entry().type() == SectorFileType.SEALED
                && trashed.bytes() != site.sectorSize().bytes()
            ? Content.BROKEN
            : Content.WHOLE,
        path.canStore(),
        true,
        Optional.empty());
  }

  static FileKind kind(SectorFileType type) {
    return switch (type) {
      case UNSEALED -> FileKind.UNSEALED;
      case SEALED -> FileKind.SEALED;
      case CACHE -> FileKind.CACHE;
      case UPDATE -> FileKind.UPDATE;
      case UPDATE_CACHE -> FileKind.UPDATE_CACHE;
      case PIECE -> FileKind.PIECE;
    };
  }

  static SectorFileType type(FileKind kind) {
    return SectorFileType.ofName(kind.directory())
        .orElseThrow(() -> new IllegalStateException("no kind of file: " + kind));
  }

  private Content content(SectorFile file) {
    return switch (file.type()) {
      case SEALED, UPDATE ->
          file.bytes() == site.sectorSize().bytes() ? Content.WHOLE : Content.BROKEN;
      case CACHE -> cache(file.members());
      // Their size depends on what is present, and on the upgrade.
      case UNSEALED, UPDATE_CACHE, PIECE -> Content.WHOLE;
    };
  }

  private Content cache(Map<String, Long> members) {
    TreeShape shape = TreeShape.of(site.sectorSize());
    boolean proves = Long.valueOf(P_AUX_BYTES).equals(members.get(CacheFiles.P_AUX));
    for (int i = 0; i < shape.baseTrees(); i++) {
      Long bytes = members.get(CacheFiles.treeRLast(i, shape.baseTrees()));
      proves &= bytes != null && bytes == shape.keptNodeCount() * NODE_BYTES;
    }
    if (!proves) {
      return Content.BROKEN;
    }
    long treeD = (2 * shape.leafCount() - 1) * NODE_BYTES;
    boolean seals =
        Long.valueOf(treeD).equals(members.get(CacheFiles.TREE_D))
            && (members.containsKey(CacheFiles.layer(1))
                || members.containsKey(CacheFiles.SYNTHETIC_PROOFS));
    return seals ? Content.WHOLE : Content.FINALIZED;
  }
}
