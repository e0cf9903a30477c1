package io.selkie.cli;

import io.selkie.abi.Cid;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.DealSchedule;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.ProvingViewApi;
import io.selkie.rpc.api.StatusRequest;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.client.RpcSubscription;
import io.selkie.rpc.json.JsonValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The node a command speaks to. */
final class Api implements AutoCloseable {

  /** An address or a token is one short line; anything longer is another file. */
  private static final int LINE_LIMIT_BYTES = 16 << 10;

  private final MinerEndpoint endpoint;
  private final JsonRpcClient client;

  private Api(MinerEndpoint endpoint) {
    this.endpoint = endpoint;
    this.client = new JsonRpcClient(endpoint);
  }

  /**
   * Finds the node: {@code --repo}, else {@code MINER_API_INFO}, else the default directory.
   *
   * @throws CommandFailed if none of them names one
   */
  static Api open(CliEnvironment environment, ApiOptions options) throws CommandFailed {
    if (options.repo != null) {
      return new Api(ofRepo(options.repo));
    }
    if (environment.minerApiInfo().isPresent()) {
      try {
        return new Api(MinerEndpoint.parse(environment.minerApiInfo().get()));
      } catch (IllegalArgumentException e) {
        throw new CommandFailed("MINER_API_INFO: " + e.getMessage(), e);
      }
    }
    return new Api(ofRepo(environment.defaultRepo()));
  }

  MinerEndpoint endpoint() {
    return endpoint;
  }

  /**
   * Calls {@code Filecoin.<method>}.
   *
   * @throws CommandFailed with the method's error text, or that the node cannot be reached
   */
  JsonNode call(String method, @Nullable Object... params) throws CommandFailed {
    return exchange(() -> client.call("Filecoin." + method, params));
  }

  /**
   * The sector numbers that {@code Filecoin.<method>} lists, of which there may be millions.
   *
   * @throws CommandFailed as {@link #call}, and if it lists something else
   */
  long[] sectorNumbers(String method, @Nullable Object... params) throws CommandFailed {
    JsonValue found = exchange(() -> client.value("Filecoin." + method, params));
    return switch (found) {
      case JsonValue.Null _ -> new long[0];
      case JsonValue.Arr(List<JsonValue> items) -> {
        long[] numbers = new long[items.size()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = sectorNumber(items.get(i), method);
        }
        yield numbers;
      }
      default -> throw new CommandFailed(method + " answered no list of sector numbers");
    };
  }

  private static long sectorNumber(JsonValue item, String method) throws CommandFailed {
    try {
      if (item instanceof JsonValue.Num(String literal)) {
        return Long.parseUnsignedLong(literal);
      }
    } catch (NumberFormatException e) {
      throw new CommandFailed(method + " lists a sector " + e.getMessage(), e);
    }
    throw new CommandFailed(method + " lists " + item.toJson() + " among sector numbers");
  }

  /**
   * Calls {@code Selkie.<method>}, which a lotus-miner does not have.
   *
   * @throws CommandFailed with the method's error text, or that the node cannot be reached
   */
  JsonNode callSelkie(String method, @Nullable Object... params) throws CommandFailed {
    return exchange(() -> client.call("Selkie." + method, params));
  }

  /**
   * Gives every sector that is proven and not terminated, by number, some thousand at a time.
   *
   * @throws CommandFailed as {@link #callSelkie}
   */
  void eachChainSector(Consumer<JsonNode> each) throws CommandFailed {
    long from = 0;
    JsonNode page;
    do {
      page = callSelkie("ChainSectors", from, ProvingViewApi.SECTORS_LIMIT);
      page.forEach(each);
      from = page.path(page.size() - 1).path("SectorNumber").asLong(0) + 1;
    } while (page.size() >= ProvingViewApi.SECTORS_LIMIT);
  }

  /** The chain's height, where the node is asked by Selkie's own method. */
  JsonNode chainHeight() throws CommandFailed {
    return exchange(() -> client.call("Selkie.ChainHeight"));
  }

  /** Calls {@code Selkie.<method>}, which answers nothing. */
  void command(String method, Object... params) throws CommandFailed {
    JsonNode nothing = exchange(() -> client.call("Selkie." + method, params));
    if (!nothing.isNull()) {
      throw new CommandFailed("Selkie." + method + " answered " + nothing);
    }
  }

  /** Why a sector is where it is. */
  JsonNode sectorExplain(Object number) throws CommandFailed {
    return exchange(() -> client.call("Selkie.SectorExplain", number));
  }

  /** Publishes a deal on a devnet; the answer is what adding its piece needs. */
  PieceDealInfo publishDeal(Cid piece, PaddedPieceSize size, String label, DealSchedule schedule)
      throws CommandFailed {
    return exchange(() ->
        client.call(
            PieceDealInfo.class,
            "Selkie.DevnetPublishDeal",
            piece,
            size.bytes(),
            label,
            schedule.startEpoch(),
            schedule.endEpoch()));
  }

  /**
   * Gives each value of a channel of {@code Selkie.<method>}, until the node ends it.
   *
   * @throws CommandFailed with the method's error text, or that the connection was lost
   */
  void follow(String method, Consumer<JsonNode> values, Object... params) throws CommandFailed {
    JsonMapper trees = ApiCommand.mapper();
    boolean _ =
        exchange(() -> {
          try (RpcSubscription subscription =
              client.subscribe(
                  "Selkie." + method,
                  value -> values.accept(trees.readTree(value.toJson())),
                  params)) {
            subscription.ended().get();
            return true;
          } catch (ExecutionException e) {
            throw new IOException("the connection was lost: " + e.getCause(), e);
          }
        });
  }

  /**
   * Prints a line of JSON per sector, as the node writes it.
   *
   * @return whether the node serves this, and to this token; if not, nothing was printed
   */
  boolean printStatuses(StatusRequest request, PrintWriter out) throws CommandFailed {
    return exchange(() -> new StatusLines(endpoint).print(request, out));
  }

  private interface Exchange<T> {
    T run() throws RpcFault, CommandFailed, IOException, InterruptedException;
  }

  private <T> T exchange(Exchange<T> exchange) throws CommandFailed {
    try {
      return exchange.run();
    } catch (RpcFault e) {
      throw new CommandFailed(e.text(), e);
    } catch (IOException e) {
      throw new CommandFailed(
          "no answer from the node at " + endpoint.base() + ": " + reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static MinerEndpoint ofRepo(Path repo) throws CommandFailed {
    String address =
        line(
            repo.resolve("api"),
            "no node runs in "
                + repo
                + " (it writes the file api there while it does); start one"
                + " with `selkie run --repo "
                + repo
                + "`, or set MINER_API_INFO");
    String token = line(repo.resolve("token"), "no token in " + repo);
    try {
      return MinerEndpoint.of(address, token);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(repo.resolve("api") + ": " + e.getMessage(), e);
    }
  }

  private static String line(Path file, String ifMissing) throws CommandFailed {
    try {
      if (Files.size(file) > LINE_LIMIT_BYTES) {
        throw new CommandFailed(file + " is longer than " + LINE_LIMIT_BYTES + " bytes");
      }
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      throw new CommandFailed(ifMissing, e);
    } catch (IOException e) {
      throw new CommandFailed("reading " + file + ": " + reason(e), e);
    }
  }
}
