package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.Sealer;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorRef;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Doctor, backup, restore and rebuild on a repository with real sectors, by their commands. */
final class RecoveryTest {

  @TempDir private static Path home;

  private static SealedRepo origin = SealedRepo.none();

  @BeforeAll
  static void seal() throws Exception {
    origin = SealedRepo.make(home);
  }

  private static CommandRun doctor(SealedRepo repo, Object... more) {
    Object[] line = new Object[more.length + 3];
    line[0] = "doctor";
    line[1] = "--repo";
    line[2] = repo.root;
    System.arraycopy(more, 0, line, 3, more.length);
    return CommandRun.of(line);
  }

  // ------------------------------------------------------------------ rebuild

  @Test
  void rebuild_afterTheJournalIsLost_answersUnsealsAndGoesOnToProving() throws Exception {
    SealedRepo repo = origin.copy("rebuild");
    SectorInfo before;
    try (SealedRepo.Running node = repo.start()) {
      before = node.sectors().sectorsStatus(0, true);
    }
    repo = origin.copy("rebuild-lost");
    repo.loseJournal();

    CommandRun run = CommandRun.of("rebuild", "--repo", repo.root);

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("sector 0: ").contains("sector 1: WaitSeed");
    try (SealedRepo.Running node = repo.start()) {
      SectorInfo after = node.untilProving(0);
      assertSame(after, before);
      assertThat(after.log().getFirst().kind()).isEqualTo("event;sealing.SectorRebuilt");
      assertThat(after.log().getFirst().message()).contains("the journal was lost");
      assertThat(unsealed(node, after, 1016)).isEqualTo(SealedRepo.FIRST);

      SectorInfo second = node.untilProving(1);
      assertThat(second.deals()).containsExactly(2L);
      assertThat(second.dealWeight().toString()).isNotEqualTo("0");
      assertThat(unsealed(node, second, 2032)).isEqualTo(SealedRepo.SECOND);
      SectorInfo pledged = node.untilProving(2);
      assertThat(pledged.pieces()).hasSize(1);
      node.sectors().pledgeSector();
      assertThat(node.sectors().sectorsList()).contains(3L);
    }
    assertThat(doctor(repo, "--sector", 0, "--deep").status()).isZero();
  }

  private static void assertSame(SectorInfo after, SectorInfo before) {
    assertThat(after.state()).isEqualTo(before.state());
    assertThat(after.commD()).isEqualTo(before.commD());
    assertThat(after.commR()).isEqualTo(before.commR());
    assertThat(after.proof()).isEqualTo(before.proof());
    assertThat(after.deals()).isEqualTo(before.deals());
    assertThat(after.pieces()).isEqualTo(before.pieces());
    assertThat(after.ticket().value()).isEqualTo(before.ticket().value());
    assertThat(after.ticket().epoch()).isEqualTo(before.ticket().epoch());
    assertThat(after.seed().value()).isEqualTo(before.seed().value());
    assertThat(after.seed().epoch()).isEqualTo(before.seed().epoch());
    assertThat(after.preCommitMsg()).isEqualTo(before.preCommitMsg());
    assertThat(after.commitMsg()).isEqualTo(before.commitMsg());
    assertThat(after.lastErr()).isEmpty();
    assertThat(after.activation()).isEqualTo(before.activation());
    assertThat(after.expiration()).isEqualTo(before.expiration());
    assertThat(after.dealWeight()).isEqualTo(before.dealWeight());
    assertThat(after.initialPledge()).isEqualTo(before.initialPledge());
    assertThat(after.onTime()).isEqualTo(before.onTime());
  }

  private static byte[] unsealed(SealedRepo.Running node, SectorInfo sector, int bytes)
      throws Exception {
    node.sectors()
        .sectorsUnsealPiece(
            new SectorRef(new WireSectorId(1000, sector.sectorId()), sector.sealProof()),
            0,
            bytes,
            sector.ticket().value(),
            sector.commD());
    Sealer.SectorRef ref =
        new Sealer.SectorRef(
            SectorId.of(1000, sector.sectorId()), RegisteredSealProof.ofNumber(sector.sealProof()));
    try (InputStream in = node.node().sealer().readPiece(ref, new Sealer.UnpaddedRange(0, bytes))) {
      return in.readAllBytes();
    }
  }

  @Test
  void rebuild_whileTheJournalCanBeRead_isRefusedUnlessItMayBeMovedAside() throws IOException {
    SealedRepo repo = origin.copy("rebuild-refused");
    SortedMap<String, String> before = FileTree.of(repo.root);

    CommandRun refused = CommandRun.of("rebuild", "--repo", repo.root);

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("can be read");
    assertThat(FileTree.of(repo.root)).isEqualTo(before);
    CommandRun replaced = CommandRun.of("rebuild", "--repo", repo.root, "--replace", "--json");
    assertThat(replaced.out()).startsWith("{\"Done\":[\"").endsWith("\"]}\n");
    assertThat(replaced.err()).isEmpty();
    try (var kept = Files.walk(repo.root)) {
      assertThat(kept.filter(each -> each.endsWith("journal.db"))).hasSize(2);
    }
  }

  @Test
  void rebuild_withoutTheChain_isRefused() throws IOException {
    SealedRepo repo = origin.copy("rebuild-no-chain");
    repo.loseJournal();
    Files.delete(repo.root.resolve("devnet/chain.sqlite"));

    CommandRun refused = CommandRun.of("rebuild", "--repo", repo.root);

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("chain.sqlite is missing");
    assertThat(repo.journal()).doesNotExist();
  }

  @Test
  void rebuild_ofADamagedJournalAndFilesAlone_keepsBothAndParksTheSector() throws IOException {
    SealedRepo repo = origin.copy("rebuild-damaged");
    repo.loseJournal();
    Files.writeString(repo.journal(), "this is no database".repeat(100));
    Files.write(repo.root.resolve("unsealed/s-t01000-40"), new byte[3000]);

    CommandRun run = CommandRun.of("rebuild", "--repo", repo.root);

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("sector 40: FailedUnrecoverable; not known: CommD, its pieces, its ticket")
        .contains("The journal that was there is in");
    assertThat(repo.root.resolve("unsealed/s-t01000-40")).exists();
    CommandRun again = doctor(repo, "--sector", 40);
    assertThat(again.status()).as(again.out()).isZero();
  }

  // ------------------------------------------------------------------ doctor

  @Test
  void doctor_ofASoundRepository_findsNothingAndChangesNothing() throws IOException {
    SealedRepo repo = origin.copy("sound");
    assertThat(doctor(repo).status()).isZero();
    SortedMap<String, String> before = FileTree.of(repo.root);

    CommandRun run = doctor(repo, "--deep");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("3 sectors, 0 findings");
    assertThat(FileTree.of(repo.root)).isEqualTo(before);
  }

  @Test
  void doctor_ofDamagedFiles_namesThemAndAsks() throws IOException {
    SealedRepo repo = origin.copy("damaged-files");
    Path sealed = repo.root.resolve("sealed/s-t01000-0");
    byte[] replica = Files.readAllBytes(sealed);
    for (int i = 0; i < replica.length; i += 32) {
      replica[i] ^= 1;
    }
    Files.write(sealed, replica);
    Files.delete(repo.root.resolve("cache/s-t01000-1/p_aux"));

    assertThat(doctor(repo, "--sector", 0).status()).isZero();
    CommandRun run = doctor(repo, "--deep");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("CRITICAL")
        .contains("ContentWrong")
        .contains(sealed + ": node ")
        .contains("SizeWrong");
    JsonNode json =
        JsonMapper.builder()
            .build()
            .readTree(doctor(repo, "--deep", "--json", "--only", "ContentWrong").out());
    assertThat(json.get("Findings").size()).isEqualTo(1);
    assertThat(json.get("Findings").get(0).get("Sector").asLong()).isZero();
    assertThat(json.get("Findings").get(0).get("Step").asString()).isEqualTo("AskOperator");
  }

  @Test
  void doctor_toldToReadReplicasWhole_findsOneChangedBit() throws IOException {
    SealedRepo repo = origin.copy("changed-bit");
    Path sealed = repo.root.resolve("sealed/s-t01000-0");
    assertThat(doctor(repo, "--whole").status()).isZero();
    byte[] replica = Files.readAllBytes(sealed);
    replica[1_001] ^= 16;
    Files.write(sealed, replica);

    CommandRun run = doctor(repo, "--whole");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("ContentWrong").contains("is not what was sealed");
  }

  @Test
  void doctor_toldToApply_setsCopiesAsideAndReplaysARecord() throws IOException {
    SealedRepo repo = origin.copy("apply");
    Path other = Files.createDirectories(home.resolve("other-path"));
    io.selkie.storage.LocalPaths.init(
        other, io.selkie.storage.SectorStoreMeta.of(java.util.UUID.randomUUID(), true, true));
    new io.selkie.storage.StoragePathsFile(repo.root).add(other);
    Path twin = other.resolve("sealed/s-t01000-0");
    Files.createDirectories(other.resolve("sealed"));
    Files.copy(repo.root.resolve("sealed/s-t01000-0"), twin);
    breakRecord(repo, 0);

    CommandRun look = doctor(repo, "--deep");
    assertThat(look.status()).isEqualTo(1);
    assertThat(look.out()).contains("UndecodableRecord").contains("replay the record");
    assertThat(twin).exists();
    CommandRun applied = doctor(repo, "--deep", "--apply");

    assertThat(applied.err()).isEmpty();
    assertThat(applied.out()).contains("done");
    CommandRun second = doctor(repo, "--deep", "--apply");
    assertThat(second.out()).contains("DuplicateCopy").contains("Nothing is left.");
    assertThat(second.status()).isZero();
    assertThat(twin).doesNotExist();
    assertThat(repo.root.resolve("sealed/s-t01000-0")).exists();
    try (var trash = Files.list(other.resolve("trash"))) {
      assertThat(trash).hasSize(1);
    }
  }

  /** A row that cannot be read, as a bad disk leaves it. */
  private static void breakRecord(SealedRepo repo, long number) throws IOException {
    SectorId sector = SectorId.of(1000, number);
    try (SqliteJournal journal = SqliteJournal.open(repo.journal())) {
      Snapshot row = journal.load(sector).orElseThrow();
      byte[] garbage = "{\"V\":77}".getBytes(StandardCharsets.UTF_8);
      long next = row.sequence() + 1;
      journal.append(
          List.of(
              new Entry(
                  sector,
                  next,
                  Instant.EPOCH,
                  "error;*xerrors.noWrapError",
                  "",
                  "",
                  new byte[0],
                  new Snapshot(sector, next, row.state(), garbage, Optional.empty(), List.of()))));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.toml", "storage.json", "sectorstore.json"})
  void doctor_withADamagedFileOfTheRepository_saysWhich(String name) throws IOException {
    SealedRepo repo = origin.copy("broken-" + name);
    Files.writeString(repo.root.resolve(name), "}garbage");

    CommandRun run = doctor(repo);

    assertThat(run.status()).isNotZero();
    assertThat(run.out() + run.err()).contains(repo.root.resolve(name).toString());
  }

  @Test
  void doctor_ofWhatItDoesNotKnow_isRefused() {
    assertThat(doctor(origin, "--only", "Nonsense").status()).isEqualTo(2);
    assertThat(doctor(origin, "--only", "Nonsense").err()).contains("OnChainButNotInJournal");
    CommandRun none = CommandRun.of("doctor", "--repo", home.resolve("nowhere"));
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).contains("is no repository");
    assertThat(home.resolve("nowhere")).doesNotExist();
  }

  @Test
  void doctorAndBackup_ofARunningNode_goOverItsApi() throws Exception {
    SealedRepo repo = origin.copy("running");
    try (SealedRepo.Running node = repo.start()) {
      node.untilProving(1);
      node.untilProving(2);
      Files.move(repo.root.resolve("sealed/s-t01000-0"), repo.root.resolve("sealed/s-t01000-50"));

      CommandRun look = doctor(repo);

      assertThat(look.status()).as(look.err()).isEqualTo(1);
      assertThat(look.out()).contains("FileMissing").contains("NotIndexed");
      Files.move(repo.root.resolve("sealed/s-t01000-50"), repo.root.resolve("sealed/s-t01000-0"));
      assertThat(doctor(repo).status()).isZero();

      CommandRun backup = CommandRun.of("backup", "--repo", repo.root, "--to", "today");
      assertThat(backup.err()).isEmpty();
      assertThat(backup.out()).contains("journal.db").contains("Verified");
      assertThat(repo.root.resolve("backups/today/MANIFEST")).exists();
      for (String name : List.of("today", "../today", "/tmp/x", "", ".hidden", "a/b")) {
        CommandRun refused = CommandRun.of("backup", "--repo", repo.root, "--to", name);
        assertThat(refused.status()).as(name).isEqualTo(1);
      }
    }
  }
}
