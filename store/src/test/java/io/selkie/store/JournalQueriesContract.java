package io.selkie.store;

import static io.selkie.store.JournalEntries.START;
import static io.selkie.store.JournalEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ActorId;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DealId;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorJournal.DealRef;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorPiece;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.query.EventFeed.Happened;
import io.selkie.pipeline.query.SectorFilter;
import io.selkie.pipeline.query.SectorView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What queries over many sectors answer, held against records in memory. */
abstract class JournalQueriesContract {

  private static final ActorId MINER = new ActorId(1000);
  private static final List<String> STATES =
      List.of("Packing", "PreCommit1", "WaitSeed", "Proving");
  private static final List<String> ERRORS = List.of("", "", "no Space left", "ticket expired");

  private SqlJournal journal;
  private final Map<SectorNumber, SectorRecord> records = new TreeMap<>();
  private final Map<SectorNumber, Long> sequences = new TreeMap<>();
  private final List<Entry> recorded = new ArrayList<>();

  /** An empty journal, or the one of before. */
  abstract SqlJournal open() throws IOException;

  abstract String url();

  @BeforeEach
  void openJournal() throws IOException {
    journal = open();
  }

  @AfterEach
  void closeJournal() throws IOException {
    journal.close();
  }

  private void reopen() throws IOException {
    journal.close();
    journal = open();
  }

  private static Commitment commitment(int of) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) of;
    return new Commitment(bytes);
  }

  private static Cid piece(int of) {
    return Cid.ofUnsealed(commitment(of));
  }

  /** Sectors that change at random; every entry is kept for comparison. */
  private void happen(Random random, int events) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      SectorNumber number = new SectorNumber(random.nextInt(60));
      SectorId sector = new SectorId(MINER, number);
      List<SectorPiece> pieces = new ArrayList<>();
      List<DealRef> refs = new ArrayList<>();
      for (int k = 0; k < random.nextInt(3); k++) {
        int of = random.nextInt(5);
        PieceInfo info = new PieceInfo(new PaddedPieceSize(128), commitment(of));
        pieces.add(SectorPiece.filler(info));
        refs.add(new DealRef(new DealId(of + 1), number, 128L * k, 127));
      }
      SectorRecord fresh = SectorRecord.fresh(sector, RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
      SectorRecord record =
          new SectorRecord(
              sector,
              STATES.get(random.nextInt(STATES.size())),
              fresh.sealProof(),
              0,
              pieces,
              fresh.ticket(),
              fresh.preCommit(),
              fresh.commit(),
              fresh.upgrade(),
              fresh.termination(),
              fresh.failures(),
              "",
              ERRORS.get(random.nextInt(ERRORS.size())),
              random.nextInt(1_000),
              i);
      long sequence = sequences.merge(number, 1L, Long::sum);
      records.put(number, record);
      Entry entry =
          new Entry(
              sector,
              sequence,
              START.plusSeconds(i),
              "event;" + i,
              "message " + i,
              "",
              new byte[] {1},
              new Snapshot(
                  sector,
                  sequence,
                  record.state(),
                  RecordCodec.encode(record),
                  Optional.empty(),
                  refs));
      entries.add(entry);
      recorded.add(entry);
      if (entries.size() == 10 || i == events - 1) {
        // Together, for every append is forced.
        journal.append(entries);
        entries.clear();
      }
    }
  }

  private List<SectorNumber> found(SectorFilter filter, int limit) throws IOException {
    List<SectorNumber> all = new ArrayList<>();
    List<SectorView> page;
    long after = -1;
    do {
      page = journal.page(MINER, filter, after, limit);
      page.forEach(row -> all.add(row.number()));
      after = page.isEmpty() ? after : page.getLast().number().value();
    } while (page.size() == limit);
    return all;
  }

  private List<SectorNumber> expected(Predicate<SectorRecord> wanted) {
    return records.values().stream().filter(wanted).map(each -> each.sector().number()).toList();
  }

  private static boolean fits(SectorFilter filter, SectorRecord sector) {
    return (filter.states().isEmpty() || filter.states().contains(sector.state()))
        && sector.enteredAtMs() >= filter.enteredFromMs()
        && sector.enteredAtMs() <= filter.enteredToMs()
        && filter
            .numbers()
            .map(some -> List.of(some).stream().anyMatch(each -> holds(each, sector)))
            .orElse(true)
        && filter.deal().map(deal -> holdsPiece(sector, (int) deal.value() - 1)).orElse(true)
        && filter
            .piece()
            .map(cid ->
                sector.pieceInfos().stream()
                    .anyMatch(each -> Cid.ofUnsealed(each.commP()).equals(cid)))
            .orElse(true)
        && filter
            .lastError()
            .map(text ->
                !sector.lastError().isEmpty()
                    && sector
                        .lastError()
                        .toLowerCase(Locale.ROOT)
                        .contains(text.toLowerCase(Locale.ROOT)))
            .orElse(true);
  }

  private static boolean holds(long[] numbers, SectorRecord sector) {
    for (long number : numbers) {
      if (number == sector.sector().number().value()) {
        return true;
      }
    }
    return false;
  }

  private static boolean holdsPiece(SectorRecord sector, int of) {
    return sector.pieceInfos().stream().anyMatch(each -> each.commP().equals(commitment(of)));
  }

  private static SectorFilter filter(Random random) {
    Set<String> states = new TreeSet<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      states.add(STATES.get(random.nextInt(STATES.size())));
    }
    Optional<long[]> numbers = Optional.empty();
    if (random.nextInt(4) == 0) {
      numbers = Optional.of(random.longs(random.nextInt(30), 0, 70).sorted().distinct().toArray());
    }
    return new SectorFilter(
        states,
        numbers,
        random.nextInt(4) == 0 ? Optional.of(new DealId(1 + random.nextInt(6))) : Optional.empty(),
        random.nextInt(4) == 0 ? Optional.of(piece(random.nextInt(6))) : Optional.empty(),
        random.nextBoolean() ? Long.MIN_VALUE : random.nextInt(1_000),
        random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(1_000),
        random.nextInt(3) == 0
            ? Optional.of(List.of("", "space", "TICKET", "xyz").get(random.nextInt(4)))
            : Optional.empty());
  }

  @Test
  void page_randomFilters_yieldsWhatTheRecordsSay() throws IOException {
    long seed = 7;
    Random random = new Random(seed);
    happen(random, 150);
    for (int i = 0; i < 150; i++) {
      SectorFilter filter = filter(random);
      assertThat(found(filter, 1 + random.nextInt(9)))
          .as("seed %d, filter %d: %s", seed, i, filter)
          .isEqualTo(expected(each -> fits(filter, each)));
    }
  }

  /** More numbers than are looked up one by one. */
  @Test
  void page_manyNumbers_yieldsThoseAmongThem() throws IOException {
    happen(new Random(8), 60);
    long[] even = new long[QueryReads.FEW + 10];
    for (int i = 0; i < even.length; i++) {
      even[i] = 2L * i;
    }
    assertThat(found(SectorFilter.ALL.withNumbers(even), 4))
        .isEqualTo(expected(each -> each.sector().number().value() % 2 == 0));
  }

  @Test
  void page_ofAnotherMiner_isEmpty() throws IOException {
    happen(new Random(9), 5);
    assertThat(journal.page(new ActorId(1001), SectorFilter.ALL, -1, 10)).isEmpty();
  }

  @Test
  void rows_carryWhatTheRecordSays() throws IOException {
    happen(new Random(10), 80);
    for (SectorView row : journal.page(MINER, SectorFilter.ALL, -1, 100)) {
      SectorRecord sector = Objects.requireNonNull(records.get(row.number()));
      assertThat(row)
          .isEqualTo(
              new SectorView(
                  row.number(),
                  sector.state(),
                  sector.enteredAtMs(),
                  sector.lastError(),
                  sector.sealProof().number(),
                  sector.pieces().size()));
      List<SectorNumber> one = List.of(row.number());
      Set<String> cids = new TreeSet<>();
      Set<Long> deals = new TreeSet<>();
      for (int of = 0; of < 5; of++) {
        if (holdsPiece(sector, of)) {
          cids.add(piece(of).toString());
          deals.add(of + 1L);
        }
      }
      assertThat(journal.pieces(MINER, one).getOrDefault(row.number(), new TreeSet<>()))
          .isEqualTo(cids);
      assertThat(journal.deals(MINER, one).getOrDefault(row.number(), new TreeSet<>()))
          .isEqualTo(deals);
      assertThat(
              RecordCodec.decode(
                  Objects.requireNonNull(journal.records(MINER, one).get(row.number()))))
          .isEqualTo(sector);
    }
  }

  /** A record that is none is found by its state. */
  @Test
  void page_sectorWithUnreadableRecord_isFoundByState() throws IOException {
    journal.append(List.of(entry(SectorId.of(1000, 5), 1, "Packing")));
    assertThat(journal.page(MINER, SectorFilter.ALL, -1, 10))
        .containsExactly(
            new SectorView(
                new SectorNumber(5), "Packing", START.plusSeconds(1).toEpochMilli(), "", -1, 0));
  }

  private List<Happened> everything() throws IOException {
    List<Happened> all = new ArrayList<>();
    List<Happened> page = journal.after(0, 7);
    while (!page.isEmpty()) {
      all.addAll(page);
      page = journal.after(page.getLast().position(), 7);
    }
    return all;
  }

  @Test
  void after_everyPosition_yieldsAllEntriesInTheOrderOfRecording() throws IOException {
    happen(new Random(11), 40);
    reopen();
    happen(new Random(12), 25);
    List<Happened> all = everything();
    assertThat(all).hasSameSizeAs(recorded);
    long before = 0;
    for (int i = 0; i < all.size(); i++) {
      Entry entry = recorded.get(i);
      Happened happened = all.get(i);
      assertThat(happened.position()).isGreaterThan(before);
      before = happened.position();
      assertThat(happened)
          .isEqualTo(
              new Happened(
                  happened.position(),
                  entry.sector(),
                  entry.sequence(),
                  entry.at(),
                  entry.kind(),
                  entry.after().state(),
                  entry.message()));
    }
    assertThat(journal.lastPosition()).isEqualTo(before);
  }

  @Test
  void summaryAt_everyPosition_equalsTheCountsOfThen() throws IOException {
    happen(new Random(13), 60);
    SortedMap<SectorNumber, String> states = new TreeMap<>();
    List<Happened> all = everything();
    assertThat(journal.summaryAt(MINER, 0)).isEmpty();
    for (Happened each : all) {
      states.put(each.sector().number(), each.state());
      Map<String, Long> counts = new TreeMap<>();
      states.values().forEach(state -> counts.merge(state, 1L, Long::sum));
      assertThat(journal.positionAt(each.at())).isEqualTo(each.position());
      assertThat(journal.positionAt(each.at().plusMillis(500))).isEqualTo(each.position());
      assertThat(journal.summaryAt(MINER, each.position())).isEqualTo(counts);
    }
    assertThat(journal.positionAt(START.minusSeconds(1))).isZero();
  }

  /** A journal from before there were these tables, and one whose filling was cut short. */
  @Test
  void open_withoutTheTables_fillsThem() throws IOException {
    happen(new Random(14), 50);
    List<SectorView> rows = journal.page(MINER, SectorFilter.ALL, -1, 100);
    List<Happened> all = everything();
    journal.close();
    JournalSql.execute(
        url(),
        "DELETE FROM read_model",
        "DELETE FROM sector_view WHERE number > 20",
        "DELETE FROM sector_piece",
        "DELETE FROM event_order");
    journal = open();
    assertThat(journal.page(MINER, SectorFilter.ALL, -1, 100)).isEqualTo(rows);
    assertThat(everything()).isEqualTo(all);
    SectorFilter filter =
        new SectorFilter(
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(piece(1)),
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            Optional.empty());
    assertThat(found(filter, 3)).isEqualTo(expected(each -> fits(filter, each)));
    happen(new Random(15), 5);
    assertThat(everything()).hasSize(55);
  }
}
