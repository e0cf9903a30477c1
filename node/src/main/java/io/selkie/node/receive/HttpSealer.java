package io.selkie.node.receive;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.SectorSize;
import io.selkie.node.receive.RemoteRequests.NotAllowed;
import io.selkie.pipeline.ImportSources;
import io.selkie.pipeline.ImportSources.Location;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.RemoteSealer;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.SectorRecord;
import io.selkie.proofs.pieces.DataCommitment;
import io.selkie.proofs.seal.VanillaVerifier;
import io.selkie.proofs.seal.Verdict;
import io.selkie.rpc.json.JsonValue;
import io.selkie.storage.PathType;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorImport;
import io.selkie.storage.SectorImport.Expected;
import io.selkie.storage.SectorImport.Origin;
import io.selkie.storage.SectorImport.Source;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Those who sealed sectors elsewhere, over HTTP: files as {@code /remote} serves them, proofs and
 * news as lotus 1.36 posts them (storage/pipeline/states_sealing.go, fsm.go). Thread-safe.
 */
public final class HttpSealer implements RemoteSealer {

  /** The first half of the largest sector's proof is some 60 MB of JSON. */
  private static final int MAX_PROOF_BYTES = 256 << 20;

  /** Nobody reads what is answered to news. */
  private static final int MAX_REPORT_BYTES = 64 << 10;

  private static final String FILE = "application/octet-stream";
  private static final String ARCHIVE = "application/x-tar";

  private final RemoteRequests requests;
  private final SectorImport files;
  private final FetchLimits limits;

  public HttpSealer(RemoteRequests requests, SectorImport files, FetchLimits limits) {
    this.requests = requests;
    this.files = files;
    this.limits = limits;
  }

  @Override
  public void fetch(SectorRecord sector, ImportSources from, Progress progress) throws SealFault {
    // Who computes the proof has kept what it takes, so what comes is finished (as in lotus).
    PathType use = from.commit1().isEmpty() ? PathType.SEALING : PathType.STORAGE;
    SectorRef ref = new SectorRef(sector.sector(), sector.sealProof());
    Expected expected = expected(sector);
    fetchData(ref, from.unsealed(), use, expected, progress);
    if (from.sealed().isPresent() != from.cache().isPresent()) {
      throw new SealFault(
          SealFault.Kind.BAD_REQUEST, "it has a replica or its cache, but not both");
    }
    if (from.sealed().isPresent() && from.cache().isPresent()) {
      files.bringReplica(
          ref,
          origin(from.sealed().get(), FILE),
          origin(from.cache().get(), ARCHIVE),
          use,
          expected,
          progress);
    }
  }

  private static Expected expected(SectorRecord sector) {
    Optional<Commitment> commD =
        sector.commD().or(() -> ofPieces(sector.sealProof().sectorSize(), sector.pieceInfos()));
    return new Expected(commD, sector.commR());
  }

  /** CommD of pieces that fill the sector; those that do not yet are checked when they do. */
  private static Optional<Commitment> ofPieces(SectorSize size, List<PieceInfo> pieces) {
    long bytes = pieces.stream().mapToLong(piece -> piece.size().bytes()).sum();
    return bytes == size.bytes()
        ? Optional.of(DataCommitment.ofPieces(size, pieces))
        : Optional.empty();
  }

  private void fetchData(
      SectorRef sector, Optional<Location> from, PathType use, Expected expected, Progress progress)
      throws SealFault {
    if (from.isEmpty()) {
      return;
    }
    SectorFileType type = SectorFileType.UNSEALED;
    switch (origin(from.get(), FILE)) {
      case Origin.Local _ -> {
        // Data beside a replica may have been dropped: it can be unsealed.
        if (expected.commR().isEmpty() || files.isHere(sector.id(), type)) {
          files.check(sector, type, expected, progress);
        }
      }
      case Origin.Remote(Source source) ->
          files.bring(sector, type, use, source, expected, progress);
    }
  }

  private Origin origin(Location place, String contentType) throws SealFault {
    if (place.local()) {
      return new Origin.Local();
    }
    Optional<String> objection = requests.objection(place.url(), place.headers());
    if (objection.isPresent()) {
      throw new SealFault(SealFault.Kind.BAD_REQUEST, objection.get());
    }
    return new Origin.Remote(at -> requests.get(place.url(), place.headers(), at, contentType));
  }

  @Override
  public byte[] commit1(String endpoint, PoRep what) throws SealFault {
    return post(
        "commit 1",
        endpoint,
        JsonValue.object()
            .put("Ticket", base64(what.ticket()))
            .put("Seed", base64(what.seed()))
            .put("Unsealed", cid(Cid.ofUnsealed(what.sealed().commD())))
            .put("Sealed", cid(Cid.ofSealed(what.sealed().commR())))
            .put("ProofType", JsonValue.number(what.sector().proof().number()))
            .build(),
        limits.proof(),
        MAX_PROOF_BYTES);
  }

  @Override
  public byte[] commit2(String endpoint, SectorRef sector, byte[] commit1Out) throws SealFault {
    return post(
        "commit 2",
        endpoint,
        JsonValue.object()
            .put(
                "Sector",
                JsonValue.object()
                    .put("Miner", JsonValue.number(sector.id().miner().value()))
                    .put("Number", JsonValue.number(sector.id().number().value()))
                    .build())
            .put("ProofType", JsonValue.number(sector.proof().number()))
            .put("Commit1Out", Base64.getEncoder().encodeToString(commit1Out))
            .build(),
        limits.proof(),
        MAX_PROOF_BYTES);
  }

  @Override
  public Optional<String> objection(PoRep what, byte[] proof) {
    return switch (verify(what, proof)) {
      case Verdict.Valid _ -> Optional.empty();
      case Verdict.Invalid invalid -> Optional.of(invalid.reason());
    };
  }

  /** The proof on this devnet is the vanilla proof, so that is what is verified. */
  static Verdict verify(PoRep what, byte[] proof) {
    return VanillaVerifier.verify(
        what.sector().proof(),
        what.sector().id(),
        what.sealed().commR(),
        what.sealed().commD(),
        what.ticket(),
        what.seed(),
        proof);
  }

  @Override
  public void sealingDone(
      String endpoint, boolean successful, String state, Optional<Cid> commitMessage)
      throws SealFault {
    byte[] _ =
        post(
            "the news",
            endpoint,
            JsonValue.object()
                .put("Successful", new JsonValue.Bool(successful))
                .put("State", state)
                .put(
                    "CommitMessage",
                    commitMessage.map(HttpSealer::cid).orElse(JsonValue.Null.VALUE))
                .build(),
            limits.report(),
            MAX_REPORT_BYTES);
  }

  private byte[] post(String what, String endpoint, JsonValue body, Duration patience, int most)
      throws SealFault {
    try {
      return requests.post(endpoint, body, patience, most);
    } catch (NotAllowed refused) {
      throw new SealFault(SealFault.Kind.BAD_REQUEST, what + ": " + refused.getMessage(), refused);
    } catch (InterruptedIOException cancelled) {
      boolean _ = Thread.interrupted();
      throw new SealFault(
          SealFault.Kind.CANCELLED, what + ": " + cancelled.getMessage(), cancelled);
    } catch (IOException failed) {
      throw new SealFault(SealFault.Kind.IO, what + ": " + failed.getMessage(), failed);
    }
  }

  private static JsonValue cid(Cid cid) {
    return JsonValue.object().put("/", cid.toString()).build();
  }

  private static String base64(Randomness value) {
    return Base64.getEncoder().encodeToString(value.bytes());
  }
}
