package io.selkie.node.demo;

import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.cli.ZeroFilled;
import io.selkie.node.MinerNode;
import io.selkie.node.repo.ListenAddress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.DevnetApi;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorLog;
import io.selkie.rpc.api.SectorOffset;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;

/** The steps of the demonstration, each through the miner's own API over a real socket. */
final class Demo {

  /** How often the status is asked for; a person sees no difference below. */
  private static final Duration POLL = Duration.ofMillis(100);

  /** From which a sector does not come by itself; the demonstration has failed then. */
  private static final Set<String> HOPELESS =
      Set.of("FailedUnrecoverable", "Removing", "Removed", "DealsExpired", "RemoveFailed");

  private final MinerNode node;
  private final DemoView view;
  private final Path file;
  private final SectorSize size;

  Demo(MinerNode node, DemoView view, Path file, SectorSize size) {
    this.node = node;
    this.view = view;
    this.file = file;
    this.size = size;
  }

  /** Runs every step; false if one did not hold, which the view has said. */
  boolean run() throws IOException, RpcFault, InterruptedException, SealFault {
    String token = Files.readString(node.root().resolve("token")).strip();
    MinerEndpoint endpoint =
        MinerEndpoint.of("http://" + ListenAddress.text(node.address()), token);
    try (JsonRpcClient client = new JsonRpcClient(endpoint, Address.Network.TESTNET)) {
      return run(client, client.api(SectorsApi.class), client.api(DevnetApi.class));
    }
  }

  private boolean run(JsonRpcClient client, SectorsApi sectors, DevnetApi devnet)
      throws IOException, RpcFault, InterruptedException, SealFault {
    long bytes = Files.size(file);
    UnpaddedPieceSize pieceSize = UnpaddedPieceSize.fitting(bytes);
    view.started(node, file, bytes, size);

    WirePiece piece;
    try (InputStream data = ZeroFilled.open(file, pieceSize.bytes())) {
      piece = sectors.computeDataCid(pieceSize.bytes(), data);
    }
    Cid pieceCid = Objects.requireNonNull(piece.pieceCid());
    view.piece(pieceCid, pieceSize);
    PieceDealInfo deal =
        devnet.devnetPublishDeal(pieceCid, piece.size(), String.valueOf(file.getFileName()), 0, 0);
    view.deal(deal);

    SectorOffset place;
    try (InputStream data = ZeroFilled.open(file, pieceSize.bytes())) {
      place = sectors.sectorAddPieceToAny(pieceSize.bytes(), data, keepingNothingUnsealed(deal));
    }
    view.added(place);
    SectorInfo proven = awaitProving(sectors, place.sector());
    if (!proven.state().equals("Proving")) {
      view.failed(
          "sector "
              + place.sector()
              + " ended in "
              + proven.state()
              + ": "
              + proven.lastErr()
              + "\n"
              + lastTrace(proven));
      return false;
    }
    view.status(client.call("Filecoin.SectorsStatus", place.sector(), true), proven);
    return unsealAndCompare(sectors, proven, place, pieceSize, bytes);
  }

  /** What the last failure in the log says. */
  private static String lastTrace(SectorInfo info) {
    return info.log().reversed().stream()
        .map(SectorLog::trace)
        .filter(trace -> !trace.isEmpty())
        .findFirst()
        .orElse("its log names no cause");
  }

  /** Only the replica is kept, so that unsealing has something to do. */
  private static PieceDealInfo keepingNothingUnsealed(PieceDealInfo deal) {
    return new PieceDealInfo(
        deal.publishCid(),
        deal.dealId(),
        deal.dealProposal(),
        deal.dealSchedule(),
        deal.pieceActivationManifest(),
        false);
  }

  private SectorInfo awaitProving(SectorsApi sectors, long sector)
      throws RpcFault, InterruptedException {
    boolean told = false;
    while (true) {
      SectorInfo now = sectors.sectorsStatus(sector, true);
      boolean parked = !now.lastErr().isEmpty() && now.state().endsWith("Failed");
      if ((now.state().equals("Proving") && now.activation() > 0)
          || parked
          || HOPELESS.contains(now.state())) {
        return now;
      }
      if (now.state().equals("WaitDeals") && !told) {
        // A full sector starts by itself; this one would wait for more pieces.
        sectors.sectorStartSealing(sector);
        told = true;
      }
      Thread.sleep(POLL);
    }
  }

  private boolean unsealAndCompare(
      SectorsApi sectors,
      SectorInfo proven,
      SectorOffset place,
      UnpaddedPieceSize pieceSize,
      long bytes)
      throws IOException, RpcFault, InterruptedException, SealFault {
    SectorId id =
        new SectorId(
            node.config().devnet().miner(), new io.selkie.abi.SectorNumber(place.sector()));
    Sealer.SectorRef ref =
        new Sealer.SectorRef(id, RegisteredSealProof.ofNumber(proven.sealProof()));
    long offset = place.offset() / 128 * 127;
    Sealer.UnpaddedRange range = new Sealer.UnpaddedRange(offset, pieceSize.bytes());
    if (node.sealer().isUnsealed(ref, range)) {
      view.failed("the unsealed copy was kept, so unsealing would prove nothing");
      return false;
    }
    view.unsealing();
    sectors.sectorsUnsealPiece(
        new io.selkie.rpc.api.SectorRef(
            new io.selkie.rpc.api.WireSectorId(id.miner().value(), id.number().value()),
            proven.sealProof()),
        offset,
        pieceSize.bytes(),
        proven.ticket().value(),
        proven.commD());
    String expected;
    try (InputStream original = Files.newInputStream(file)) {
      expected = sha256(original, bytes);
    }
    String found;
    try (InputStream unsealed = node.sealer().readPiece(ref, range)) {
      found = sha256(unsealed, bytes);
    }
    boolean equal = expected.equals(found);
    view.compared(equal, bytes, expected, found);
    return equal;
  }

  /** The digest of the first {@code bytes} bytes. */
  private static String sha256(InputStream in, long bytes) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
    byte[] buffer = new byte[1 << 16];
    long left = bytes;
    try (DigestInputStream hashed = new DigestInputStream(in, digest)) {
      while (left > 0) {
        int count = hashed.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          throw new IOException("the data ends " + left + " bytes early");
        }
        left -= count;
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
