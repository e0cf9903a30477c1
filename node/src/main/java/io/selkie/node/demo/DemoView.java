package io.selkie.node.demo;

import io.selkie.abi.Cid;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.node.MinerNode;
import io.selkie.node.NodeEvents;
import io.selkie.node.console.Output;
import io.selkie.node.console.ProgressBars;
import io.selkie.node.repo.GoDuration;
import io.selkie.node.repo.ListenAddress;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorOffset;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What somebody who watches the demonstration sees; or, with {@code --json}, what a machine reads
 * at its end.
 */
final class DemoView implements NodeEvents, AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Longer texts of a status are cut for reading; the API gives them whole. */
  private static final int MAX_SHOWN = 100;

  private final boolean json;
  private final ProgressBars bars = new ProgressBars();
  private final Map<String, Object> result = new LinkedHashMap<>();
  private final long startedNs = System.nanoTime();

  DemoView(boolean json) {
    this.json = json;
  }

  @Override
  public synchronized void moved(SectorId sector, String from, String to) {
    bars.close();
    line(
        "  "
            + String.format("%6.1f s  ", (System.nanoTime() - startedNs) / 1e9)
            + "sector "
            + sector.number()
            + "  "
            + to);
  }

  @Override
  public synchronized void progressed(SectorId sector, String phase, long done, long total) {
    if (!json) {
      bars.update(phase, done, total);
    }
  }

  synchronized void started(MinerNode node, Path file, long bytes, SectorSize size) {
    line(
        "A miner and its devnet: "
            + node.minerAddress()
            + ", sectors of "
            + size
            + ", an epoch every "
            + GoDuration.text(node.config().devnet().blockDelay())
            + ", in "
            + node.root());
    line("The file: " + file.getFileName() + ", " + bytes + " bytes");
    result.put("file", file.toString());
    result.put("bytes", bytes);
    result.put("sector_size", size.bytes());
  }

  synchronized void piece(Cid cid, UnpaddedPieceSize size) {
    line("Padded into a piece of " + size.padded() + " bytes: " + cid);
    result.put("piece_cid", cid.toString());
    result.put("piece_size", size.padded().bytes());
  }

  synchronized void deal(PieceDealInfo deal) {
    line("Deal " + deal.dealId() + " is on chain: " + deal.publishCid());
    result.put("deal_id", deal.dealId());
  }

  synchronized void added(SectorOffset place) {
    line("Laid into sector " + place.sector() + " at offset " + place.offset());
    result.put("sector", place.sector());
  }

  synchronized void status(JsonNode status, SectorInfo proven) {
    bars.close();
    line(
        "Proven to the chain, which verified the proof itself: active since epoch "
            + proven.activation()
            + ", expires at "
            + proven.expiration());
    line("Filecoin.SectorsStatus says:");
    if (!json) {
      System.out.println(
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(shortened(status)));
    }
    result.put("state", proven.state());
    result.put("activation", proven.activation());
    result.put("expiration", proven.expiration());
    result.put("status", JSON.convertValue(status, Map.class));
  }

  synchronized void unsealing() {
    line("Only the replica is left. Unsealing it:");
  }

  synchronized void compared(boolean equal, long bytes, String expected, String found) {
    bars.close();
    result.put("equal", equal);
    result.put("sha256", found);
    result.put("seconds", (System.nanoTime() - startedNs) / 1e9);
    if (equal) {
      line("The " + bytes + " bytes that came back are equal to the file (SHA-256 " + found + ").");
    } else {
      line("NOT EQUAL: the file has SHA-256 " + expected + ", what came back " + found);
    }
    finish();
  }

  synchronized void failed(String why) {
    bars.close();
    result.put("equal", false);
    result.put("error", why);
    System.err.println("ERROR: " + why);
    finish();
  }

  synchronized void staying(MinerNode node) {
    line("");
    line("The miner stays up until Ctrl-C.");
    line(
        "  dashboard  http://"
            + ListenAddress.text(node.address())
            + "/   (token: "
            + node.root().resolve("token")
            + ")");
    line("  try        ./selkie sectors status 0 --log --repo " + node.root());
  }

  private void finish() {
    if (json) {
      System.out.println(Output.toJson(result));
    }
  }

  /** The same status with long texts and lists cut, for reading. */
  private static JsonNode shortened(JsonNode node) {
    JsonNode copy = node.deepCopy();
    cut(copy);
    return copy;
  }

  private static void cut(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String name : object.propertyNames().toArray(String[]::new)) {
        JsonNode value = object.get(name);
        if (value.isString() && value.asString().length() > MAX_SHOWN) {
          String text = value.asString();
          object.put(name, text.substring(0, MAX_SHOWN) + "… (" + text.length() + " characters)");
        } else {
          cut(value);
        }
      }
    } else if (node instanceof ArrayNode array) {
      array.forEach(DemoView::cut);
    }
  }

  private void line(String text) {
    if (!json) {
      System.out.println(text);
    }
  }

  @Override
  public synchronized void close() {
    bars.close();
  }
}
