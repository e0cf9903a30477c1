package io.selkie.pipeline;

import io.selkie.abi.Cid;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.Outbox.Member;
import java.util.List;

/**
 * What a batcher sends.
 *
 * @param <T> what the message says of one sector
 */
interface MessageKind<T> {
  /** For keys and the log. */
  String name();

  SealingConfig.Batch limits();

  /** So few sectors are not worth a message. */
  default int least() {
    return 1;
  }

  /** The message for these sectors, which come in the order of their numbers. */
  OutMessage message(List<Member<T>> members);

  SectorEvent sent(Cid message);

  SectorEvent failed(String why);

  /** Whether a sector in that state has no use for such a message, nor ever will. */
  boolean isDone(SectorState state);
}
