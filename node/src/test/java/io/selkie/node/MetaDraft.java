package io.selkie.node;

import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import io.selkie.rpc.api.HttpField;
import io.selkie.rpc.api.RemoteSectorMeta;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorLocation;
import io.selkie.rpc.api.SectorPiece;
import io.selkie.rpc.api.WireSectorId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said of a sector that was sealed elsewhere, to be changed by tests. */
final class MetaDraft {

  String state;
  long miner = 1000;
  long number;
  long type;
  @Nullable List<SectorPiece> pieces;
  byte @Nullable [] ticket;
  long ticketEpoch;
  @Nullable Cid commD;
  @Nullable Cid commR;
  @Nullable TokenAmount deposit = TokenAmount.ZERO;
  byte @Nullable [] seed;
  long seedEpoch;
  byte @Nullable [] proof;
  @Nullable Cid commitMessage;
  @Nullable SectorLocation unsealed;
  @Nullable SectorLocation sealed;
  @Nullable SectorLocation cache;
  String commit1 = "";
  String commit2 = "";
  String done = "";

  /** Everything that the sector's miner says of it. */
  MetaDraft(String state, SectorInfo info) {
    this.state = state;
    number = info.sectorId();
    type = info.sealProof();
    pieces = info.pieces();
    ticket = info.ticket().value();
    ticketEpoch = info.ticket().epoch();
    commD = info.commD();
    commR = info.commR();
    seed = info.seed().value();
    seedEpoch = info.seed().epoch();
    proof = info.proof();
    commitMessage = info.commitMsg();
  }

  /** The files below a miner's {@code /remote}. */
  MetaDraft from(String remote, String header, String value) {
    List<HttpField> headers = List.of(new HttpField(header, value));
    String name = "/s-t0" + miner + "-" + number;
    unsealed = new SectorLocation(false, remote + "/unsealed" + name, headers);
    sealed = new SectorLocation(false, remote + "/sealed" + name, headers);
    cache = new SectorLocation(false, remote + "/cache" + name, headers);
    return this;
  }

  MetaDraft local() {
    unsealed = sealed = cache = new SectorLocation(true, null, null);
    return this;
  }

  RemoteSectorMeta meta() {
    return new RemoteSectorMeta(
        state,
        new WireSectorId(miner, number),
        type,
        pieces,
        ticket,
        ticketEpoch,
        null,
        commD,
        commR,
        null,
        deposit,
        null,
        null,
        seed,
        seedEpoch,
        proof,
        commitMessage,
        null,
        unsealed,
        sealed,
        cache,
        commit1,
        commit2,
        done);
  }
}
