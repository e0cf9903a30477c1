package io.selkie.node.query;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TokenAmount;
import io.selkie.node.OwnApi;
import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorEvent;
import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.pipeline.SectorEvent.SectorStartCC;
import io.selkie.pipeline.SectorFsm;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorRecord;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.Tokens;
import io.selkie.storage.SectorIndex;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server of Selkie's own methods on a real journal, with a chain and an index to be filled. */
public abstract class OwnApiServer {

  public static final ActorId MINER = new ActorId(1000);
  private static final RegisteredSealProof PROOF = RegisteredSealProof.STACKED_DRG_2KIB_V1_1;
  public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  public static final String PATH_ID = UUID.nameUUIDFromBytes(new byte[] {1}).toString();
  public static final long HEIGHT = 1_000;

  /** Every 30 s: 2,880 epochs a day. */
  private static final long BLOCK_DELAY_MS = 30_000;

  public @TempDir Path directory;

  private final Map<Long, SectorRecord> records = new TreeMap<>();
  private final Map<Long, Long> sequences = new TreeMap<>();
  private final List<ChainSnapshot.Live> onChain = new ArrayList<>();
  public final SectorIndex index = new SectorIndex(InstantSource.fixed(START));

  public SqliteJournal journal;
  OwnApi own;
  JsonRpcServer server;
  public JsonRpcClient client;
  String token = "";

  @BeforeEach
  void start() throws IOException {
    journal = SqliteJournal.open(directory.resolve("journal.db"));
    own =
        new OwnApi(
            MINER,
            journal,
            new FakeChainSectors(HEIGHT, START, BLOCK_DELAY_MS, onChain),
            index,
            InstantSource.fixed(START.plus(Duration.ofDays(10))),
            Address.Network.TESTNET);
    Tokens tokens = Tokens.of(new byte[Tokens.SECRET_BYTES]);
    token = tokens.create(Permission.READ);
    server =
        own.addTo(JsonRpcServer.builder(Address.Network.TESTNET, tokens))
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .start();
    client =
        new JsonRpcClient(
            new MinerEndpoint(server.endpoint().base(), Optional.of(token)),
            Address.Network.TESTNET);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    own.close();
    server.close();
    journal.close();
  }

  /** As the pipeline records it. */
  void happen(long number, SectorEvent event, Instant at) throws IOException {
    journal.append(List.of(entry(number, event, at)));
  }

  private Entry entry(long number, SectorEvent event, Instant at) {
    SectorId sector = SectorId.of(MINER.value(), number);
    SectorRecord before = records.getOrDefault(number, SectorRecord.fresh(sector, PROOF));
    SectorFsm.Step step = SectorFsm.next(before, event, at);
    LogLine line = step.log().getFirst();
    long sequence = sequences.merge(number, 1L, Long::sum);
    SectorRecord after = step.record();
    records.put(number, after);
    return new Entry(
        sector,
        sequence,
        at,
        line.kind(),
        line.message(),
        line.trace(),
        RecordCodec.encodeEvent(event),
        new Snapshot(
            sector,
            sequence,
            after.state(),
            RecordCodec.encode(after),
            Optional.empty(),
            List.of()));
  }

  /** Sectors 0 to {@code count} - 1, recorded together, for every append is forced. */
  void sectors(int count, String state) throws IOException {
    List<Entry> together = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      together.add(entry(number, new SectorStartCC(new SectorNumber(number), PROOF), START));
      together.add(entry(number, new SectorForceState(state), START));
    }
    journal.append(together);
  }

  /** A sector that came to its state {@code days} after the start. */
  void sector(long number, String state, int days) throws IOException {
    happen(number, new SectorStartCC(new SectorNumber(number), PROOF), START);
    happen(number, new SectorForceState(state), START.plus(Duration.ofDays(days)));
  }

  void proven(long number, long expiration, long pledge) {
    onChain.add(
        live(
            new SectorOnChain(
                new SectorNumber(number),
                PROOF,
                Cid.ofSealed(new Commitment(new byte[32])),
                ChainEpoch.ZERO,
                new ChainEpoch(expiration),
                TokenAmount.ZERO,
                TokenAmount.ZERO,
                TokenAmount.of(pledge))));
  }

  private static ChainSnapshot.Live live(SectorOnChain info) {
    ChainEpoch early = new ChainEpoch(info.expiration().value() / 2);
    return new ChainSnapshot.Live(info, new SectorExpiration(info.expiration(), early));
  }
}
