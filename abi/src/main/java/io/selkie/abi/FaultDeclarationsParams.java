package io.selkie.abi;

import io.selkie.abi.TerminateSectorsParams.Declaration;
import java.util.List;

/**
 * The parameters of {@code DeclareFaults} and of {@code DeclareFaultsRecovered}: sectors by where
 * they are proven, encoded as those of {@code TerminateSectors} are.
 *
 * <p>Source: go-state-types builtin/v16/miner, DeclareFaultsParams, DeclareFaultsRecoveredParams.
 *
 * @param declarations at most {@link TerminateSectorsParams#MAX_DECLARATIONS} when read
 */
public record FaultDeclarationsParams(List<Declaration> declarations) {

  /** The number of {@code DeclareFaults} on the miner actor. */
  public static final long DECLARE_FAULTS = 10;

  /** The number of {@code DeclareFaultsRecovered} on the miner actor. */
  public static final long DECLARE_FAULTS_RECOVERED = 11;

  /** Copies the list. */
  public FaultDeclarationsParams {
    declarations = List.copyOf(declarations);
  }

  /** The DAG-CBOR. */
  public byte[] encode() {
    return new TerminateSectorsParams(declarations).encode();
  }

  /**
   * Reads {@link #encode}.
   *
   * @throws DagCborException for anything else
   */
  public static FaultDeclarationsParams decode(byte[] params) {
    return new FaultDeclarationsParams(TerminateSectorsParams.decode(params).declarations());
  }
}
