package io.selkie.node.workers.program;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.server.Caller;
import io.selkie.rpc.token.TokenJudge;
import io.selkie.rpc.token.TokenScope;
import io.selkie.rpc.token.Tokens;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has tokens judged by the node, whose secret a worker does not know. Narrowed ones are refused,
 * but for that by which the node shows who it is. Thread-safe.
 */
final class NodeJudge implements TokenJudge {

  /** How long a token that was good is taken without asking again. */
  static final Duration TRUST = Duration.ofMinutes(1);

  private static final int MAX_KNOWN = 256;
  private static final Logger LOG = LoggerFactory.getLogger(NodeJudge.class);

  private record Known(Set<String> allow, long untilNs) {}

  private final AuthApi node;
  private final Map<String, Known> known = new LinkedHashMap<>();

  NodeJudge(AuthApi node) {
    this.node = node;
  }

  @Override
  public Optional<Caller> admit(String token, String remote) {
    synchronized (known) {
      Known before = known.get(token);
      if (before != null && before.untilNs - System.nanoTime() > 0) {
        return Optional.of(new Caller(before.allow, remote));
      }
    }
    try {
      TokenScope scope = Tokens.unverifiedScope(token);
      if (!scope.isEmpty() && !scope.equals(TokenScope.OF_WORKERS)) {
        // Its scope is held against calls at the node; here it would allow everything.
        LOG.info("a token of {} is refused: it is narrowed", remote);
        return Optional.empty();
      }
      List<String> allow = node.authVerify(token);
      Set<String> names = allow == null ? Set.of() : Set.copyOf(allow);
      synchronized (known) {
        known.put(token, new Known(names, System.nanoTime() + TRUST.toNanos()));
        if (known.size() > MAX_KNOWN) {
          known.remove(known.keySet().iterator().next());
        }
      }
      return Optional.of(new Caller(names, remote));
    } catch (Tokens.Rejected unreadable) {
      LOG.info("a token of {} is refused: {}", remote, unreadable.getMessage());
      return Optional.empty();
    } catch (RpcFault refused) {
      LOG.info("a token of {} is refused: {}", remote, refused.text());
      return Optional.empty();
    } catch (InterruptedException _) { // the caller went away
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
