package io.selkie.chain;

import static io.selkie.chain.DevnetFixture.ENTROPY;
import static io.selkie.chain.DevnetFixture.MINER;
import static io.selkie.chain.DevnetFixture.PROOF;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params.Activation;
import io.selkie.abi.ProveCommitSectors3Params.Piece;
import io.selkie.abi.Randomness;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.proofs.pieces.PieceWriter;
import io.selkie.proofs.pieces.ZeroPieces;
import io.selkie.proofs.seal.PreCommit1Output;
import io.selkie.proofs.seal.PreCommit2Output;
import io.selkie.proofs.seal.SealCommit1;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealPreCommit1;
import io.selkie.proofs.seal.SealPreCommit2;
import io.selkie.proofs.seal.SealSector;
import io.selkie.proofs.seal.VanillaVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sector of 2 KiB, really sealed with the chain's ticket and proven for the chain's seed. */
class RealSectorTest {

  private static final PaddedPieceSize KIB = new PaddedPieceSize(1024);

  @TempDir Path directory;

  @Test
  void sector_sealedAndProven_isActiveAndNoFlippedBitIs() throws Exception {
    DevnetEnvironment environment = DevnetFixture.environment(VanillaVerifier::verify);
    try (DevnetFixture net =
        new DevnetFixture(
            Devnet.open(directory.resolve("chain"), DevnetParams.ofLotus2k(), environment))) {
      Sealing sealing = new Sealing(net);
      assertThat(net.preCommit(sealing.preCommit()).exitCode()).isZero();
      net.awaitSeed(1);
      byte[] proof = sealing.prove();
      for (int at : new int[] {0, 8, 100, proof.length / 2, proof.length - 1}) {
        byte[] flipped = proof.clone();
        flipped[at] ^= 1;
        MessageLookup refused = net.prove(List.of(sealing.activation()), List.of(flipped));
        assertThat(refused.exitCode()).as("byte %d", at).isEqualTo(16);
        assertThat(net.chain.failureReason(refused.message()).orElseThrow())
            .as("byte %d", at)
            .contains("invalid seal: ");
      }
      byte[] cutOff = Arrays.copyOf(proof, proof.length - 1);
      assertThat(net.prove(List.of(sealing.activation()), List.of(cutOff)).exitCode())
          .isEqualTo(16);
      MessageLookup accepted = net.prove(List.of(sealing.activation()), List.of(proof));
      assertThat(accepted.exitCode()).isZero();
      assertThat(net.chain.sectorInfo(MINER, new SectorNumber(1)).orElseThrow().sealedCid())
          .isEqualTo(sealing.preCommit().sealedCid());
    }
  }

  private final class Sealing {
    private final DevnetFixture net;
    private final Path sealed = directory.resolve("sealed");
    private final Path cache = directory.resolve("cache");
    private final SealContext context =
        new SealContext(2, directory.resolve("parents"), (phase, done, total) -> {});
    private final List<PieceInfo> pieces;
    private final SealSector sector;
    private final ChainEpoch ticketEpoch;
    private final PreCommit2Output phase2;

    Sealing(DevnetFixture net) throws IOException, ChainFault {
      this.net = net;
      byte[] data = new byte[1016];
      new Random(11).nextBytes(data);
      Path staged = directory.resolve("staged");
      try (FileChannel target =
          FileChannel.open(
              staged,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        PieceInfo piece =
            new PieceInfo(
                KIB,
                PieceWriter.write(
                    new ByteArrayInputStream(data), new UnpaddedPieceSize(1016), target, 0));
        pieces = List.of(piece, new PieceInfo(KIB, ZeroPieces.commitment(KIB)));
      }
      ticketEpoch = net.chain.head().height().plus(-900);
      Randomness ticket = net.chain.ticketRandomness(RandomnessTag.SEAL, ticketEpoch, ENTROPY);
      sector = new SealSector(PROOF, new SectorId(MINER, new SectorNumber(1)), ticket);
      PreCommit1Output phase1 = SealPreCommit1.run(sector, pieces, staged, sealed, cache, context);
      phase2 = SealPreCommit2.run(phase1, sealed, cache, context);
    }

    PreCommitSectorBatch2Params.Sector preCommit() {
      return new PreCommitSectorBatch2Params.Sector(
          PROOF,
          new SectorNumber(1),
          Cid.ofSealed(phase2.commR()),
          ticketEpoch,
          new ChainEpoch(DevnetFixture.EXPIRATION),
          Optional.of(Cid.ofUnsealed(phase2.commD())));
    }

    Activation activation() {
      return DevnetFixture.activation(
          1,
          new Piece(Cid.ofUnsealed(pieces.getFirst().commP()), KIB, Optional.empty(), List.of()));
    }

    byte[] prove() throws IOException, ChainFault {
      Randomness seed =
          net.chain.beaconRandomness(
              RandomnessTag.INTERACTIVE_SEAL_CHALLENGE, new ChainEpoch(net.seedEpoch(1)), ENTROPY);
      return SealCommit1.run(sector, seed, phase2, pieces, sealed, cache, context).toBincode();
    }
  }
}
