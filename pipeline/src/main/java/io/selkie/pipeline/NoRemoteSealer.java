package io.selkie.pipeline;

import io.selkie.abi.Cid;
import java.util.Optional;

/** Refuses everything. */
final class NoRemoteSealer implements RemoteSealer {

  private static SealFault refusal() {
    return new SealFault(
        SealFault.Kind.BAD_REQUEST, "this program takes no sectors that were sealed elsewhere");
  }

  @Override
  public void fetch(SectorRecord sector, ImportSources from, Progress progress) throws SealFault {
    throw refusal();
  }

  @Override
  public byte[] commit1(String endpoint, PoRep what) throws SealFault {
    throw refusal();
  }

  @Override
  public byte[] commit2(String endpoint, Sealer.SectorRef sector, byte[] commit1Out)
      throws SealFault {
    throw refusal();
  }

  @Override
  public Optional<String> objection(PoRep what, byte[] proof) {
    return Optional.of("there is nobody who could verify it");
  }

  @Override
  public void sealingDone(
      String endpoint, boolean successful, String state, Optional<Cid> commitMessage)
      throws SealFault {
    throw refusal();
  }
}
