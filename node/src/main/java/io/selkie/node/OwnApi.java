package io.selkie.node;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.node.query.ChainSectors;
import io.selkie.node.query.ChangeFeed;
import io.selkie.node.query.EventStream;
import io.selkie.node.query.SectorBatchService;
import io.selkie.node.query.SectorHistoryService;
import io.selkie.node.query.SectorQueryService;
import io.selkie.node.query.SectorSelection;
import io.selkie.node.query.StatusStream;
import io.selkie.rpc.api.SectorBatchApi;
import io.selkie.rpc.api.SectorFeedApi;
import io.selkie.rpc.api.SectorHistoryApi;
import io.selkie.rpc.api.SectorQueryApi;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.storage.SectorIndex;
import io.selkie.store.SqlJournal;
import java.time.InstantSource;

/** Selkie's own questions about many sectors, about the past and about what happens, together. */
public final class OwnApi implements AutoCloseable {

  private final SectorQueryService queries;
  private final SectorHistoryService history;
  private final SectorBatchService batches;
  private final ChangeFeed feed;
  private final EventStream stream;
  private final StatusStream statuses;

  public OwnApi(
      ActorId miner,
      SqlJournal journal,
      ChainSectors chain,
      SectorIndex index,
      InstantSource clock,
      Address.Network network) {
    SectorSelection.Maker selections = new SectorSelection.Maker(miner, chain, index, clock);
    queries = new SectorQueryService(miner, journal, selections);
    batches = new SectorBatchService(miner, journal, journal, selections, network);
    history = new SectorHistoryService(miner, journal, journal, network);
    feed = new ChangeFeed(miner, journal);
    stream = new EventStream(feed, network);
    statuses = new StatusStream(batches, network);
  }

  public JsonRpcServer.Builder addTo(JsonRpcServer.Builder builder) {
    return builder
        .serve(SectorQueryApi.class, queries)
        .serve(SectorHistoryApi.class, history)
        .serve(SectorBatchApi.class, batches)
        .serve(SectorFeedApi.class, feed)
        .mount(EventStream.PATH, stream)
        .mount(StatusStream.PATH, statuses);
  }

  /** Ends the readers of the feed, who would keep the server from stopping. */
  @Override
  public void close() {
    feed.close();
  }
}
