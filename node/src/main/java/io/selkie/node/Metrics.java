package io.selkie.node;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.selkie.node.workers.WorkersService;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.WorkPool;
import io.selkie.rpc.server.CallWatch;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebHandler;
import io.selkie.rpc.server.WebRequest;
import io.selkie.rpc.token.Permission;
import io.selkie.storage.FsStat;
import io.selkie.storage.SectorIndex;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the node counts and measures, as Prometheus reads it at {@code /debug/metrics}. Labels are
 * states, methods, tasks and paths, of which there are few; never sectors, of which there are
 * millions. Thread-safe.
 */
public final class Metrics implements WebHandler, CallWatch, AutoCloseable {

  public static final String PATH = "/debug/metrics";

  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** A call, by what it is counted under. */
  private record Call(String method, CallWatch.Outcome outcome) {}

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Map<Call, Timer> calls = new ConcurrentHashMap<>();
  private final Timer appends =
      Timer.builder("selkie.journal.append")
          .description("from handing entries to the journal until they are durable")
          .publishPercentileHistogram()
          .register(registry);
  private final MultiGauge sectors =
      MultiGauge.builder("selkie.sectors").description("sectors by state").register(registry);
  private final MultiGauge storage =
      MultiGauge.builder("selkie.storage.bytes")
          .description("room on each storage path")
          .baseUnit("bytes")
          .register(registry);

  /** The JVM's own figures are there from the start. */
  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** Where states, work and room are looked up when somebody asks. */
  record Sources(SectorPipeline pipeline, WorkPool work, SectorIndex index) {}

  private volatile Optional<Sources> sources = Optional.empty();

  /** Begins to show these. */
  void show(Sources shown) {
    sources = Optional.of(shown);
    for (WorkPool.Task task : WorkPool.Task.values()) {
      String name = WorkersService.name(task);
      Gauge.builder("selkie.work.running", () -> count(shown.work(), task, true))
          .description("long work that is being done")
          .tag("task", name)
          .register(registry);
      Gauge.builder("selkie.work.waiting", () -> count(shown.work(), task, false))
          .description("long work that waits for a slot")
          .tag("task", name)
          .register(registry);
    }
  }

  private static long count(WorkPool work, WorkPool.Task task, boolean running) {
    return work.jobs().stream()
        .filter(each -> each.task() == task && each.startedAt().isPresent() == running)
        .count();
  }

  /** An append to the journal took this long. */
  void appended(long nanos) {
    appends.record(Duration.ofNanos(nanos));
  }

  @Override
  public void answered(String method, CallWatch.Outcome outcome, long nanos) {
    calls.computeIfAbsent(new Call(method, outcome), this::timer).record(Duration.ofNanos(nanos));
  }

  private Timer timer(Call call) {
    return Timer.builder("selkie.rpc.call")
        .description("calls of the API")
        .tag("method", call.method())
        .tag("outcome", call.outcome().name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  /** Open to whoever may read; the reference lets everybody. */
  @Override
  public Optional<WebAnswer> answer(WebRequest request) throws IOException {
    if (!request.path().equals(PATH)) {
      return Optional.empty();
    }
    if (!request.caller().may(Permission.READ)) {
      return Optional.of(WebAnswer.text(401, "text/plain; charset=utf-8", ""));
    }
    if (sources.isPresent()) {
      refresh(sources.get());
    }
    return Optional.of(WebAnswer.text(200, CONTENT_TYPE, registry.scrape()));
  }

  private synchronized void refresh(Sources shown) throws IOException {
    List<MultiGauge.Row<?>> states = new ArrayList<>();
    shown
        .pipeline()
        .summary()
        .forEach((state, count) -> states.add(MultiGauge.Row.of(Tags.of("state", state), count)));
    sectors.register(states, true);
    List<MultiGauge.Row<?>> room = new ArrayList<>();
    for (String id : shown.index().list().keySet()) {
      shown.index().health(id).ifPresent(health -> addRoom(room, id, health.stat()));
    }
    storage.register(room, true);
  }

  private static void addRoom(List<MultiGauge.Row<?>> room, String id, FsStat stat) {
    Map.of(
            "capacity", stat.capacity(),
            "available", stat.available(),
            "reserved", stat.reserved(),
            "used", stat.used())
        .forEach(
            (kind, bytes) -> room.add(MultiGauge.Row.of(Tags.of("path", id, "kind", kind), bytes)));
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
