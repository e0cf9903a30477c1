package io.selkie.pipeline;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorRecord.Commit;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.pipeline.SectorRecord.Failures;
import io.selkie.pipeline.SectorRecord.PreCommit;
import io.selkie.pipeline.SectorRecord.Termination;
import io.selkie.pipeline.SectorRecord.Upgrade;
import java.util.List;
import java.util.Optional;

/** A sector's record while it is being changed; lives for the length of one call. */
final class SectorDraft {
  final SectorId sector;
  String state;
  RegisteredSealProof sealProof;
  long createdAtS;
  List<SectorPiece> pieces;
  Optional<Drawn> ticket;
  PreCommit preCommit;
  Commit commit;
  Upgrade upgrade;
  Termination termination;
  Failures failures;
  String returnState;
  String lastError;
  long enteredAtMs;
  long moves;
  Optional<SectorNumber> removalKey;
  Optional<SectorRecord.Imported> imported;

  SectorDraft(SectorRecord from) {
    sector = from.sector();
    state = from.state();
    sealProof = from.sealProof();
    createdAtS = from.createdAtS();
    pieces = from.pieces();
    ticket = from.ticket();
    preCommit = from.preCommit();
    commit = from.commit();
    upgrade = from.upgrade();
    termination = from.termination();
    failures = from.failures();
    returnState = from.returnState();
    lastError = from.lastError();
    enteredAtMs = from.enteredAtMs();
    moves = from.moves();
    removalKey = from.removalKey();
    imported = from.imported();
  }

  SectorRecord done() {
    return new SectorRecord(
        sector,
        state,
        sealProof,
        createdAtS,
        pieces,
        ticket,
        preCommit,
        commit,
        upgrade,
        termination,
        failures,
        returnState,
        lastError,
        enteredAtMs,
        moves,
        removalKey,
        imported);
  }
}
