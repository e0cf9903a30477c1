package io.selkie.chain;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.Blake2b;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.ProveCommitSectors3Params.Activation;
import io.selkie.abi.ProveCommitSectors3Params.Piece;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.proofs.seal.Verdict;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A devnet with one miner, blocks by hand, and proofs that are hashes of what they prove. */
final class DevnetFixture implements AutoCloseable {

  static final ActorId MINER = new ActorId(1000);
  static final RegisteredSealProof PROOF = RegisteredSealProof.STACKED_DRG_2KIB_V1_1;
  static final long EXPIRATION = 700_000;
  static final byte[] ENTROPY = new DagCborWriter().address(Address.ofId(MINER)).toByteArray();

  final Devnet chain;
  private final String keyPrefix;
  private int keys;

  DevnetFixture(Path directory) throws IOException, ChainFault {
    this(open(directory));
  }

  DevnetFixture(Devnet chain) throws ChainFault {
    this(chain, "key ");
  }

  /** A fixture whose messages have keys of their own, for a chain that was used before. */
  DevnetFixture(Devnet chain, String keyPrefix) throws ChainFault {
    this.chain = chain;
    this.keyPrefix = keyPrefix;
    chain.ensureMiner(MINER, SectorSize.KIB_2);
  }

  static Devnet open(Path directory) throws IOException {
    return Devnet.open(directory, DevnetParams.ofLotus2k(), environment(DevnetFixture::verify));
  }

  static DevnetEnvironment environment(PoRepVerifier verifier) {
    return new DevnetEnvironment(
        () -> Instant.ofEpochSecond(1_800_000_000), new Random(7), verifier);
  }

  /** A proof that binds everything a real one binds. */
  static byte[] proofOf(
      RegisteredSealProof type,
      SectorId sector,
      Commitment commR,
      Commitment commD,
      Randomness ticket,
      Randomness seed) {
    byte[] names = new DagCborWriter().text(type + " " + sector).toByteArray();
    return Blake2b.digest256(names, commR.bytes(), commD.bytes(), ticket.bytes(), seed.bytes());
  }

  private static Verdict verify(
      RegisteredSealProof type,
      SectorId sector,
      Commitment commR,
      Commitment commD,
      Randomness ticket,
      Randomness seed,
      byte[] proof) {
    byte[] expected = proofOf(type, sector, commR, commD, ticket, seed);
    return Arrays.equals(proof, expected)
        ? new Verdict.Valid()
        : new Verdict.Invalid("not the expected hash");
  }

  static Commitment commR(long number) {
    return new Commitment(Blake2b.digest256(new byte[] {(byte) number, 1}));
  }

  /** A pre-commit as it should be, at the current head. */
  PreCommitSectorBatch2Params.Sector sector(long number, Optional<Commitment> commD)
      throws ChainFault {
    return new PreCommitSectorBatch2Params.Sector(
        PROOF,
        new SectorNumber(number),
        Cid.ofSealed(commR(number)),
        chain.head().height().plus(-900),
        new ChainEpoch(EXPIRATION),
        commD.map(Cid::ofUnsealed));
  }

  /** Pushes, makes a block, and returns what became of the message. */
  MessageLookup execute(long method, byte[] params, TokenAmount value) throws ChainFault {
    Cid cid = chain.push(new OutMessage(MINER, method, params, value), keyPrefix + keys++);
    chain.step();
    return chain.searchMessage(cid).orElseThrow();
  }

  MessageLookup preCommit(PreCommitSectorBatch2Params.Sector... sectors) throws ChainFault {
    return execute(
        PreCommitSectorBatch2Params.METHOD,
        new PreCommitSectorBatch2Params(List.of(sectors)).encode(),
        TokenAmount.ZERO);
  }

  MessageLookup prove(List<Activation> activations, List<byte[]> proofs) throws ChainFault {
    return execute(
        ProveCommitSectors3Params.METHOD,
        ProveCommitSectors3Params.ofProofs(activations, proofs).encode(),
        TokenAmount.ZERO);
  }

  /** Makes blocks until a pre-commit's seed is known. */
  void awaitSeed(long number) throws ChainFault {
    skipTo(seedEpoch(number));
  }

  long seedEpoch(long number) throws ChainFault {
    return preCommitOf(number).preCommitEpoch().value() + 10;
  }

  void skipTo(long epoch) throws ChainFault {
    if (chain.head().height().value() < epoch) {
      chain.skipTo(new ChainEpoch(epoch));
    }
  }

  PreCommitOnChain preCommitOf(long number) throws ChainFault {
    return chain.preCommitInfo(MINER, new SectorNumber(number)).orElseThrow();
  }

  /** The proof that the verifier wants, once the seed is known. */
  byte[] proof(long number, Commitment commD) throws ChainFault {
    Randomness ticket =
        chain.ticketRandomness(RandomnessTag.SEAL, preCommitOf(number).sealRandEpoch(), ENTROPY);
    Randomness seed =
        chain.beaconRandomness(
            RandomnessTag.INTERACTIVE_SEAL_CHALLENGE, new ChainEpoch(seedEpoch(number)), ENTROPY);
    return proofOf(
        PROOF, new SectorId(MINER, new SectorNumber(number)), commR(number), commD, ticket, seed);
  }

  static Activation activation(long number, Piece... pieces) {
    return new Activation(new SectorNumber(number), List.of(pieces));
  }

  static TokenAmount fil(long amount) {
    return new TokenAmount(BigInteger.TEN.pow(18).multiply(BigInteger.valueOf(amount)));
  }

  @Override
  public void close() throws IOException {
    chain.close();
  }
}
