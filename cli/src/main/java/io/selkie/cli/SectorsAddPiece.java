package io.selkie.cli;

import io.selkie.abi.Cid;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.rpc.api.DealSchedule;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.WirePiece;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code sectors add-piece}. The file is sent twice: once for its commitment, which the node
 * computes ({@code ComputeDataCid}), once into the sector.
 */
@Command(
    name = "add-piece",
    description = {
      "Put a file into a sector.",
      "The file is filled up with zeros to the next piece size and, unless --publish-deal is given,"
          + " onboarded directly, without a market deal."
    },
    footer = {
      "",
      "Examples:",
      "  selkie sectors add-piece photo.car",
      "  selkie sectors add-piece photo.car --start-epoch 5000 --duration 1051200 --json"
    })
final class SectorsAddPiece extends ApiCommand {

  @Parameters(paramLabel = "FILE", description = "The file to store.")
  Path file = Path.of("");

  @Option(
      names = "--start-epoch",
      paramLabel = "EPOCH",
      description = "The sector must be proven by then (default: two days of epochs from now).")
  @Nullable Long startEpoch;

  @Option(
      names = "--start-in",
      paramLabel = "EPOCHS",
      defaultValue = "5760",
      description = "The same, counted from now (default ${DEFAULT-VALUE}).")
  long startIn;

  @Option(
      names = "--duration",
      paramLabel = "EPOCHS",
      defaultValue = "518400",
      description = "How long the data is kept from its start (default ${DEFAULT-VALUE}).")
  long duration;

  @Option(
      names = "--no-keep-unsealed",
      description = "Let the node drop the unsealed copy once the sector is sealed.")
  boolean dropUnsealed;

  @Option(
      names = "--piece-cid",
      paramLabel = "CID",
      description = "The piece's commitment, if it is known; saves one of two uploads.")
  @Nullable String pieceCid;

  @Option(
      names = "--publish-deal",
      description = "On a devnet: publish a storage deal for the piece first, and fulfil it.")
  boolean publishDeal;

  SectorsAddPiece(CliEnvironment environment) {
    super(environment);
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    long length = length();
    UnpaddedPieceSize size = pieceSize(length);
    Cid cid = pieceCid == null ? computeCid(api, length, size) : parse(pieceCid);
    PieceDealInfo info = dealInfo(api, cid, size.padded());
    JsonNode place;
    try (InputStream data = open(length, size, "storing")) {
      place = api.call("SectorAddPieceToAny", size.bytes(), data, info);
    } catch (IOException e) {
      throw CommandFailed.ofFile("reading " + file, e);
    }
    report(out, place, cid, size, length);
  }

  private void report(
      PrintWriter out, JsonNode place, Cid cid, UnpaddedPieceSize size, long length) {
    String sector = place.path("Sector").asString();
    if (json()) {
      ObjectNode added = mapper().createObjectNode();
      added.set("Sector", place.path("Sector"));
      added.set("Offset", place.path("Offset"));
      added.put("PieceCID", cid.toString());
      added.put("PieceSize", size.padded().bytes());
      added.put("FileSize", length);
      print(out, added);
    } else {
      out.println("Piece " + cid + " (" + Format.size(size.padded().bytes()) + ")");
      out.println(
          "is in sector " + sector + " at padded offset " + place.path("Offset").asString());
    }
  }

  private long length() throws CommandFailed {
    try {
      if (!Files.isRegularFile(file)) {
        throw new CommandFailed(file + " is not a file");
      }
      return Files.size(file);
    } catch (IOException e) {
      throw CommandFailed.ofFile("reading " + file, e);
    }
  }

  private UnpaddedPieceSize pieceSize(long length) throws CommandFailed {
    if (length == 0) {
      throw new CommandFailed(file + " is empty; a piece has at least one byte");
    }
    return UnpaddedPieceSize.fitting(length);
  }

  private long start(Api api) throws CommandFailed {
    if (startEpoch != null) {
      return startEpoch;
    }
    try {
      return Math.addExact(ChainHeight.of(api), startIn);
    } catch (CommandFailed e) {
      throw new CommandFailed(e.getMessage() + "; give --start-epoch", e);
    }
  }

  private Cid computeCid(Api api, long length, UnpaddedPieceSize size) throws CommandFailed {
    try (InputStream data = open(length, size, "computing")) {
      return parse(
          api.call("ComputeDataCid", size.bytes(), data).path("PieceCID").path("/").asString(""));
    } catch (IOException e) {
      throw CommandFailed.ofFile("reading " + file, e);
    }
  }

  private InputStream open(long length, UnpaddedPieceSize size, String what) throws IOException {
    return ProgressStream.over(
        new ZeroFilled(Files.newInputStream(file), length, size.bytes(), file.toString()),
        progress(what, size.bytes()));
  }

  private PieceDealInfo dealInfo(Api api, Cid cid, PaddedPieceSize size) throws CommandFailed {
    if (publishDeal) {
      DealSchedule chosenByNode = new DealSchedule(startEpoch == null ? 0 : startEpoch, 0);
      return api.publishDeal(cid, size, String.valueOf(file.getFileName()), chosenByNode);
    }
    long start = start(api);
    DealSchedule schedule = new DealSchedule(start, Math.addExact(start, duration));
    return PieceDealInfo.direct(new WirePiece(size.bytes(), cid), schedule, !dropUnsealed);
  }

  private static Cid parse(String text) throws CommandFailed {
    try {
      return Cid.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("piece CID " + text + ": " + e.getMessage(), e);
    }
  }
}
