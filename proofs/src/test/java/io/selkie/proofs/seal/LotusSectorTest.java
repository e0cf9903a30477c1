package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.proofs.Resources;
import io.selkie.proofs.pieces.PieceWriter;
import io.selkie.proofs.pieces.ZeroPieces;
import io.selkie.proofs.porep.ProofShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Goal: a sector of lotus-miner and ours are the same sector, in both directions. */
final class LotusSectorTest {
  private static final byte[] FIRST = Resources.stream("lotus:piece:0", 1016);
  private static final byte[] SECOND = Resources.stream("lotus:piece:1", 508);

  @TempDir Path dir;

  private final JsonNode json = Resources.json("sectors/lotus-sector-3.json");
  private final SealSector sector =
      new SealSector(
          RegisteredSealProof.STACKED_DRG_2KIB_V1_1,
          SectorId.of(1000, 3),
          Randomness.ofHex(json.get("ticket").stringValue()));

  @Test
  void phases_samePiecesAndTicket_giveLotusFiles() throws IOException {
    List<PieceInfo> pieces = new ArrayList<>();
    Path staged = dir.resolve("staged");
    try (FileChannel channel =
        FileChannel.open(staged, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long at = 0;
      for (byte[] data : List.of(FIRST, SECOND)) {
        PaddedPieceSize size = new PaddedPieceSize(data.length / 127 * 128L);
        Commitment commP =
            PieceWriter.write(new ByteArrayInputStream(data), size.unpadded(), channel, at);
        pieces.add(new PieceInfo(size, commP));
        at += size.bytes();
      }
    }
    PaddedPieceSize filler = new PaddedPieceSize(512);
    pieces.add(new PieceInfo(filler, ZeroPieces.commitment(filler)));
    SealContext context = SealedSector.context(dir, 2);
    Path sealed = dir.resolve("sealed");
    Path cache = dir.resolve("cache");
    PreCommit2Output output =
        SealPreCommit2.run(
            SealPreCommit1.run(sector, pieces, staged, sealed, cache, context),
            sealed,
            cache,
            context);
    CacheFiles.clear(cache);
    assertThat(Files.readAllBytes(sealed)).isEqualTo(Resources.hex(json, "sealed_hex"));
    assertThat(Files.readAllBytes(cache.resolve(CacheFiles.P_AUX)))
        .isEqualTo(Resources.hex(json, "p_aux_hex"));
    assertThat(Files.readAllBytes(cache.resolve(CacheFiles.treeRLast(0, 1))))
        .isEqualTo(Resources.hex(json, "tree_r_last_hex"));
    assertThat(TemporaryAux.toBytes(ProofShape.of(sector.proof()), "/sector/cache/s-t01000-3"))
        .isEqualTo(Resources.hex(json, "t_aux_hex_after_finalize"));
    assertThat(unseal(sealed, output.commD(), 0, 1016, context)).isEqualTo(FIRST);
  }

  @Test
  void unseal_lotusReplicaAlone_givesItsPieces() throws IOException {
    Path sealed = Files.write(dir.resolve("sealed"), Resources.hex(json, "sealed_hex"));
    Commitment commD = commD();
    SealContext context = SealedSector.context(dir, 2);
    assertThat(unseal(sealed, commD, 0, 1016, context)).isEqualTo(FIRST);
    assertThat(unseal(sealed, commD, 1016, 508, context)).isEqualTo(SECOND);
    assertThat(unseal(sealed, commD, 1524, 508, context)).isEqualTo(new byte[508]);
  }

  private Commitment commD() {
    return Cid.parse(json.get("comm_d_cid").stringValue()).commitment().orElseThrow();
  }

  private byte[] unseal(Path sealed, Commitment commD, long offset, long size, SealContext context)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Unseal.range(sector, commD, sealed, dir.resolve("work"), offset, size, out, context);
    return out.toByteArray();
  }
}
