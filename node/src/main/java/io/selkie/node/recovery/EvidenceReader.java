package io.selkie.node.recovery;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.JournalReplay;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.recovery.ChainSight;
import io.selkie.pipeline.recovery.FileSeen;
import io.selkie.pipeline.recovery.JournalSight;
import io.selkie.pipeline.recovery.SectorEvidence;
import io.selkie.pipeline.recovery.Stray;
import io.selkie.rpc.api.DoctorFilter;
import io.selkie.storage.StorageInventory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks at journal, disk and chain and says what each says of each sector. Changes nothing. */
final class EvidenceReader {

  /** Numbers of the chain that are looked at one by one; more than any miner has used. */
  static final long MAX_NUMBERS = 4_000_000;

  /** How often a sector that moves all the time is looked at again. */
  private static final int MAX_LOOKS = 5;

  /** What was seen. */
  record Seen(List<SectorEvidence> sectors, List<Stray> strays, List<String> notes) {}

  private final RecoverySite site;
  private final DoctorFilter filter;
  private final List<String> notes = new ArrayList<>();
  private final Map<SectorNumber, Snapshot> rows = new TreeMap<>();

  private EvidenceReader(RecoverySite site, DoctorFilter filter) {
    this.site = site;
    this.filter = filter;
  }

  /**
   * Looks.
   *
   * @throws IOException if the journal cannot be read
   */
  static Seen read(RecoverySite site, DoctorFilter filter) throws IOException {
    return new EvidenceReader(site, filter).read();
  }

  private Seen read() throws IOException {
    site.journal()
        .forEach(row -> {
          if (row.sector().miner().equals(site.miner())) {
            rows.put(row.sector().number(), row);
          }
        });
    Set<SectorNumber> allocated = new HashSet<>(site.journal().allocatedNumbers(site.miner()));
    StorageInventory disk = site.disk().apply(site.clock().instant());
    SortedMap<SectorNumber, List<FileSeen>> files = new DiskLook(site).files(disk, notes);
    SortedMap<SectorNumber, ChainSight> onChain = chain();
    Set<SectorNumber> numbers = new TreeSet<>(rows.keySet());
    numbers.addAll(allocated);
    numbers.addAll(files.keySet());
    numbers.addAll(onChain.keySet());
    DeepLook deep = new DeepLook(site, filter.whole());
    List<SectorEvidence> all = new ArrayList<>();
    for (SectorNumber number : numbers) {
      if (!filter.sectors().isEmpty() && !filter.sectors().contains(number.value())) {
        continue;
      }
      ChainSight chain = onChain.getOrDefault(number, absent());
      JournalSight journal = journal(number);
      List<FileSeen> held = files.getOrDefault(number, List.of());
      all.add(
          new SectorEvidence(
              number,
              allocated.contains(number),
              journal,
              filter.deep() ? deep.look(journal, chain, held) : held,
              chain));
    }
    return new Seen(all, DiskLook.strays(disk), List.copyOf(notes));
  }

  private JournalSight journal(SectorNumber number) throws IOException {
    Snapshot row = rows.get(number);
    if (row == null) {
      return new JournalSight.Absent();
    }
    return switch (examine(row)) {
      case JournalReplay.Finding.Same same -> known(same.sector(), JournalSight.Replay.SAME);
      case JournalReplay.Finding.Different different ->
          known(different.stored(), JournalSight.Replay.DIFFERENT);
      case JournalReplay.Finding.Unknown unknown -> {
        notes.add(
            "sector "
                + number
                + ": its record can be read, its entries cannot be replayed: "
                + unknown.replay().reason());
        yield known(unknown.stored(), JournalSight.Replay.UNKNOWN);
      }
      case JournalReplay.Finding.Undecodable broken ->
          new JournalSight.Undecodable(
              broken.reason(), broken.replay() instanceof JournalReplay.Result.Made);
    };
  }

  /** Row and entries of one moment: a sector at work may move between the two looks. */
  private JournalReplay.Finding examine(Snapshot row) throws IOException {
    Snapshot before = row;
    for (int i = 0; i < MAX_LOOKS; i++) {
      JournalReplay.Finding finding = JournalReplay.examine(site.journal(), before);
      Snapshot after = site.journal().load(row.sector()).orElse(before);
      if (after.sequence() == before.sequence()) {
        return finding;
      }
      before = after;
    }
    return JournalReplay.examine(site.journal(), before);
  }

  private static JournalSight known(SectorRecord record, JournalSight.Replay replay) {
    return new JournalSight.Known(
        record.state(),
        record.sealProof(),
        record.preCommit().commR(),
        record.pieces().size(),
        replay);
  }

  private ChainSight absent() {
    return site.chain().isEmpty()
        ? new ChainSight.Unreachable(site.chainTrouble())
        : new ChainSight.Unused();
  }

  private SortedMap<SectorNumber, ChainSight> chain() {
    SortedMap<SectorNumber, ChainSight> seen = new TreeMap<>();
    if (site.chain().isEmpty()) {
      notes.add("the chain: " + site.chainTrouble());
      return seen;
    }
    ChainNode chain = site.chain().get();
    try {
      ChainEpoch head = chain.head().height();
      long left = MAX_NUMBERS;
      for (long[] range : chain.allocatedSectors(site.miner())) {
        long count = Math.min(range[1], left);
        left -= count;
        for (long n = range[0]; n < range[0] + count; n++) {
          SectorNumber number = new SectorNumber(n);
          seen.put(number, chain(chain, number, head));
        }
      }
      if (left == 0) {
        notes.add("of the chain's numbers only the first " + MAX_NUMBERS + " were looked at");
      }
    } catch (ChainFault fault) {
      notes.add("the chain: " + fault.getMessage());
      ChainSight unknown = new ChainSight.Unreachable(String.valueOf(fault.getMessage()));
      rows.keySet().forEach(number -> seen.put(number, unknown));
    }
    return seen;
  }

  private ChainSight chain(ChainNode chain, SectorNumber number, ChainEpoch head)
      throws ChainFault {
    Optional<SectorOnChain> live = chain.sectorInfo(site.miner(), number);
    if (live.isPresent()) {
      SectorOnChain info = live.get();
      return info.expiration().isAfter(head)
          ? new ChainSight.Live(info.sealedCid(), info.expiration())
          : new ChainSight.Expired(info.sealedCid(), info.expiration());
    }
    Optional<PreCommitOnChain> preCommit = chain.preCommitInfo(site.miner(), number);
    return preCommit.isPresent()
        ? new ChainSight.PreCommitted(preCommit.get().sealedCid())
        : new ChainSight.Gone();
  }

  /** The record as it is stored, if it can be read. */
  static Optional<SectorRecord> stored(RecoverySite site, SectorNumber number) throws IOException {
    Optional<Snapshot> row = site.journal().load(new SectorId(site.miner(), number));
    try {
      return row.map(each -> RecordCodec.decode(each.record()));
    } catch (IllegalArgumentException _) { // it is rebuilt from the other sources
      return Optional.empty();
    }
  }

  /** The proof that sectors of this size are sealed under, where nothing else says. */
  static RegisteredSealProof usualProof(RecoverySite site) {
    return RegisteredSealProof.of(site.sectorSize(), RegisteredSealProof.Kind.V1_1);
  }
}
