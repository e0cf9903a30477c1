package io.selkie.pipeline;

import io.selkie.abi.Cid;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.ProveCommitSectors3Params.Activation;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.MessageBatcher.Member;
import java.util.List;
import java.util.OptionalLong;

/** The two messages of sealing: PreCommitSectorBatch2 (28) and ProveCommitSectors3 (34). */
final class BatchKinds {

  /** What is promised of a sector, and what is deposited for it. */
  record PreCommitItem(PreCommitSectorBatch2Params.Sector sector, TokenAmount deposit) {}

  /** What is proven of a sector, and what is pledged for it. */
  record CommitItem(Activation activation, OpaqueBytes proof, TokenAmount collateral) {}

  private BatchKinds() {}

  static MessageBatcher.Kind<PreCommitItem> preCommit(PipelineParts parts) {
    return new MessageBatcher.Kind<>() {
      @Override
      public String name() {
        return "pre-commit";
      }

      @Override
      public SealingConfig.Batch limits() {
        SealingConfig.Batch set = parts.config().get().preCommitBatch();
        return new SealingConfig.Batch(
            Math.min(set.max(), PreCommitSectorBatch2Params.MAX_SECTORS),
            set.longestWait(),
            set.slack());
      }

      @Override
      public OutMessage message(List<Member<PreCommitItem>> members) {
        TokenAmount value = TokenAmount.ZERO;
        for (Member<PreCommitItem> member : members) {
          value = value.plus(member.content().deposit());
        }
        return new OutMessage(
            parts.miner(),
            PreCommitSectorBatch2Params.METHOD,
            new PreCommitSectorBatch2Params(
                    members.stream().map(m -> m.content().sector()).toList())
                .encode(),
            fromMinerBalance(parts) ? TokenAmount.ZERO : value);
      }

      @Override
      public SectorEvent sent(Cid message) {
        return new SectorEvent.SectorPreCommitBatchSent(message);
      }

      @Override
      public SectorEvent failed(String why) {
        return new SectorEvent.SectorChainPreCommitFailed(why);
      }
    };
  }

  static MessageBatcher.Kind<CommitItem> commit(PipelineParts parts) {
    return new MessageBatcher.Kind<>() {
      @Override
      public String name() {
        return "commit";
      }

      @Override
      public SealingConfig.Batch limits() {
        SealingConfig.Batch set = parts.config().get().commitBatch();
        return new SealingConfig.Batch(
            Math.min(set.max(), ProveCommitSectors3Params.MAX_SECTORS),
            set.longestWait(),
            set.slack());
      }

      @Override
      public OutMessage message(List<Member<CommitItem>> members) {
        TokenAmount value = TokenAmount.ZERO;
        for (Member<CommitItem> member : members) {
          value = value.plus(member.content().collateral());
        }
        SealingConfig.Collateral rules = parts.config().get().collateral();
        byte[] params =
            new ProveCommitSectors3Params(
                    members.stream().map(m -> m.content().activation()).toList(),
                    members.stream().map(m -> m.content().proof().bytes()).toList(),
                    new byte[0],
                    OptionalLong.empty(),
                    rules.requireActivationSuccess(),
                    rules.requireNotificationSuccess())
                .encode();
        return new OutMessage(
            parts.miner(),
            ProveCommitSectors3Params.METHOD,
            params,
            fromMinerBalance(parts) ? TokenAmount.ZERO : value);
      }

      @Override
      public SectorEvent sent(Cid message) {
        return new SectorEvent.SectorCommitAggregateSent(message);
      }

      @Override
      public SectorEvent failed(String why) {
        return new SectorEvent.SectorCommitFailed(why);
      }
    };
  }

  private static boolean fromMinerBalance(PipelineParts parts) {
    SealingConfig.Collateral rules = parts.config().get().collateral();
    return rules.fromMinerBalance() && rules.disableFallback();
  }
}
