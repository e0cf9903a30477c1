package io.selkie.pipeline.unseal;

import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.WorkThreads;
import io.selkie.pipeline.unseal.UnsealJob.Reached;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One try of a job, on a thread of its own. */
final class UnsealTry {

  private static final Logger LOG = LoggerFactory.getLogger(UnsealTry.class);

  /** How a try ends. */
  sealed interface End {

    /** All of the range is there. */
    record Present(UnpaddedRange range) implements End {}

    /** Something that is expected in operation. */
    record Fault(SealFault.Kind kind, String reason) implements End {}

    /** A bug. */
    record Broken(String reason) implements End {}
  }

  private final long job;
  private final PipelineParts parts;
  private volatile Reached reached = Reached.NOTHING;
  private WorkThreads.@Nullable Run run;

  UnsealTry(long job, PipelineParts parts) {
    this.job = job;
    this.parts = parts;
  }

  long job() {
    return job;
  }

  /** How far it is. */
  Reached reached() {
    return reached;
  }

  /** Called once, under the lock that {@code work} takes first. */
  void start(String name, Runnable work) {
    run = parts.threads().start(name, null, work);
  }

  void interrupt() {
    if (run != null) {
      run.interrupt();
    }
  }

  boolean join(Duration longest) throws InterruptedException {
    return run == null || run.join(longest);
  }

  End run(UnsealRequest request) {
    try {
      return parts
          .work()
          .run(WorkPool.Task.UNSEAL, request.sector().id(), true, () -> unseal(request));
    } catch (SealFault e) {
      return new End.Fault(e.kind(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      LOG.debug("unsealing job {} interrupted", job, e);
      return new End.Fault(SealFault.Kind.CANCELLED, "interrupted");
    } catch (RuntimeException | Error e) {
      LOG.error("unsealing job {} broke", job, e);
      return new End.Broken("unsealing broke: " + e);
    }
  }

  private End unseal(UnsealRequest request) throws SealFault {
    if (!request.isWhole() && isPresent(request)) {
      return new End.Present(request.range());
    }
    Progress progress =
        (phase, done, total) -> {
          reached = new Reached(phase, done, total);
          parts.listener().progressed(request.sector().id(), phase, done, total);
        };
    parts.sealer().unseal(request.sector(), request.ticket(), request.commD(), progress);
    return new End.Present(UnsealRequest.whole(request.sector()));
  }

  /** A damaged unsealed file is none: unsealing replaces it. */
  private boolean isPresent(UnsealRequest request) throws SealFault {
    try {
      return parts.sealer().isUnsealed(request.sector(), request.range());
    } catch (SealFault e) {
      if (e.kind() == SealFault.Kind.DAMAGED_FILE) {
        LOG.warn("unsealing job {}: {}", job, e.getMessage());
        return false;
      }
      throw e;
    }
  }

  /** Whether all of {@code inner} lies in {@code outer}. */
  static boolean covers(UnpaddedRange outer, UnpaddedRange inner) {
    return outer.offsetBytes() <= inner.offsetBytes()
        && outer.offsetBytes() + outer.sizeBytes() >= inner.offsetBytes() + inner.sizeBytes();
  }
}
