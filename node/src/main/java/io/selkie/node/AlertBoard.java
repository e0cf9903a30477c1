package io.selkie.node;

import io.selkie.rpc.api.Alert;
import io.selkie.rpc.api.AlertEvent;
import io.selkie.rpc.api.AlertType;
import io.selkie.rpc.json.JsonValue;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator should look at: conditions that are looked at again and again, raised when they
 * come and resolved when they go. All of them are listed, the quiet ones too, in the reference's
 * order (lotus journal/alerting). Thread-safe.
 */
final class AlertBoard {

  private static final Logger LOG = LoggerFactory.getLogger(AlertBoard.class);

  private static final Comparator<Watched> ORDER =
      Comparator.comparing((Watched each) -> each.type.system())
          .thenComparing(each -> each.type.subsystem());

  /** Something that is well, or is not. */
  @FunctionalInterface
  interface Condition {

    /** What is wrong; empty if nothing is. */
    Optional<JsonValue> wrong() throws IOException;
  }

  /** A condition with what was last seen of it. */
  private static final class Watched {
    private final AlertType type;
    private final Condition condition;
    private boolean active;
    private @Nullable AlertEvent lastActive;
    private @Nullable AlertEvent lastResolved;

    Watched(AlertType type, Condition condition) {
      this.type = type;
      this.condition = condition;
    }
  }

  private final InstantSource clock;
  private final List<Watched> all = new ArrayList<>();

  AlertBoard(InstantSource clock) {
    this.clock = clock;
  }

  /** Adds a condition; it is not looked at yet. */
  synchronized void watch(String system, String subsystem, Condition condition) {
    all.add(new Watched(new AlertType(system, subsystem), condition));
    all.sort(ORDER);
  }

  /** Looks at every condition. One that cannot be looked at is wrong. */
  synchronized void look() {
    for (Watched each : all) {
      Optional<JsonValue> wrong;
      try {
        wrong = each.condition.wrong();
      } catch (IOException | RuntimeException e) {
        LOG.debug("{}:{} cannot be looked at", each.type.system(), each.type.subsystem(), e);
        wrong = Optional.of(message("it cannot be looked at: " + e.getMessage()));
      }
      if (wrong.isPresent()) {
        raise(each, wrong.get());
      } else if (each.active) {
        resolve(each);
      }
    }
  }

  private void raise(Watched alert, JsonValue why) {
    AlertEvent last = alert.lastActive;
    if (alert.active && last != null && last.message().equals(why)) {
      return;
    }
    LOG.error("alert {}:{}: {}", alert.type.system(), alert.type.subsystem(), why.toJson());
    alert.active = true;
    alert.lastActive = new AlertEvent("raised", why, now());
  }

  private void resolve(Watched alert) {
    LOG.info("alert {}:{} is over", alert.type.system(), alert.type.subsystem());
    alert.active = false;
    alert.lastResolved = new AlertEvent("resolved", message("it is over"), now());
  }

  private Instant now() {
    return clock.instant();
  }

  /** Every condition as it was when it was last looked at. */
  synchronized List<Alert> list() {
    return all.stream()
        .map(each -> new Alert(each.type, each.active, each.lastActive, each.lastResolved))
        .toList();
  }

  /** A text as the message of an alert. */
  static JsonValue message(String text) {
    return JsonValue.object().put("message", text).build();
  }
}
