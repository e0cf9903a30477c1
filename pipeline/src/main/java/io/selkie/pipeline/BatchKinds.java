package io.selkie.pipeline;

import io.selkie.abi.BitField;
import io.selkie.abi.Cid;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.ProveCommitSectors3Params.Activation;
import io.selkie.abi.TerminateSectorsParams;
import io.selkie.abi.TerminateSectorsParams.Declaration;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.ChainNode.SectorPlace;
import io.selkie.pipeline.Outbox.Member;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The messages about several sectors: PreCommitSectorBatch2 (28), ProveCommitSectors3 (34) and
 * TerminateSectors (9).
 */
final class BatchKinds {

  /** What is promised of a sector, and what is deposited for it. */
  record PreCommitItem(PreCommitSectorBatch2Params.Sector sector, TokenAmount deposit) {}

  /** What is proven of a sector, and what is pledged for it. */
  record CommitItem(Activation activation, OpaqueBytes proof, TokenAmount collateral) {}

  private BatchKinds() {}

  static MessageKind<PreCommitItem> preCommit(PipelineParts parts) {
    return new MessageKind<>() {
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

      @Override
      public boolean isDone(SectorState state) {
        return isProvenOrGone(state);
      }
    };
  }

  static MessageKind<CommitItem> commit(PipelineParts parts) {
    return new MessageKind<>() {
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

      @Override
      public boolean isDone(SectorState state) {
        return isProvenOrGone(state);
      }
    };
  }

  static MessageKind<SectorPlace> terminate(PipelineParts parts) {
    return new MessageKind<>() {
      @Override
      public String name() {
        return "terminate";
      }

      @Override
      public SealingConfig.Batch limits() {
        SealingConfig.TerminateBatch set = parts.config().get().terminateBatch();
        return new SealingConfig.Batch(
            Math.min(set.max(), TerminateSectorsParams.MAX_DECLARATIONS),
            set.longestWait(),
            Duration.ZERO);
      }

      @Override
      public int least() {
        return parts.config().get().terminateBatch().min();
      }

      @Override
      public OutMessage message(List<Member<SectorPlace>> members) {
        return new OutMessage(
            parts.miner(),
            TerminateSectorsParams.METHOD,
            new TerminateSectorsParams(declarations(members)).encode(),
            TokenAmount.ZERO);
      }

      @Override
      public SectorEvent sent(Cid message) {
        return new SectorEvent.SectorTerminating(Optional.of(message));
      }

      @Override
      public SectorEvent failed(String why) {
        return new SectorEvent.SectorTerminateFailed(why);
      }

      @Override
      public boolean isDone(SectorState state) {
        return state == SectorState.Removed;
      }
    };
  }

  /** One declaration per partition, in the order of deadlines and partitions. */
  private static List<Declaration> declarations(List<Member<SectorPlace>> members) {
    SortedMap<SectorPlace, BitField> byPlace =
        new TreeMap<>(
            Comparator.comparingLong(SectorPlace::deadline)
                .thenComparingLong(SectorPlace::partition));
    for (Member<SectorPlace> member : members) {
      BitField one = BitField.of(member.sector().number().value());
      byPlace.merge(member.content(), one, BitField::plus);
    }
    return byPlace.entrySet().stream()
        .map(e -> new Declaration(e.getKey().deadline(), e.getKey().partition(), e.getValue()))
        .toList();
  }

  private static boolean fromMinerBalance(PipelineParts parts) {
    SealingConfig.Collateral rules = parts.config().get().collateral();
    return rules.fromMinerBalance() && rules.disableFallback();
  }

  private static boolean isProvenOrGone(SectorState state) {
    return state == SectorState.Proving
        || state == SectorState.Available
        || state == SectorState.Removed;
  }
}
