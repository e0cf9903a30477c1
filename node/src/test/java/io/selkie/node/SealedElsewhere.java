package io.selkie.node;

import io.selkie.rpc.RpcFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A miner with real sectors, a service that serves their files, and other miners' repositories on
 * the same chain that know of none.
 */
final class SealedElsewhere implements AutoCloseable {

  static final String SECRET = "SECRET-KEY-OF-THE-SEALER";

  final SealedRepo made;
  final SealedRepo.Running origin;
  final SealingService service;

  private SealedElsewhere(SealedRepo made, SealedRepo.Running origin, SealingService service) {
    this.made = made;
    this.origin = origin;
    this.service = service;
  }

  static SealedElsewhere start(Path home) throws Exception {
    SealedRepo made = SealedRepo.make(home.resolve("made"));
    SealingService service = SealingService.start();
    service.serveSector(made.root, "s-t01000-0");
    service.serveSector(made.root, "s-t01000-1");
    return new SealedElsewhere(made, made.copy("serving").start(), service);
  }

  /** A repository on the same chain that knows of no sector; files of sector 2 are there. */
  SealedRepo target(String name) throws IOException {
    SealedRepo target = made.copy(name);
    target.loseJournal();
    Files.delete(target.root.resolve("datastore"));
    for (String kind : List.of("unsealed", "sealed", "cache")) {
      for (String sector : List.of("s-t01000-0", "s-t01000-1")) {
        Path place = target.root.resolve(kind).resolve(sector);
        if (Files.exists(place)) {
          try (Stream<Path> all = Files.walk(place)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
              Files.delete(each);
            }
          }
        }
      }
    }
    Path config = target.root.resolve("config.toml");
    String allowed =
        "[API]\nFetchFrom = [\"%s\", \"%s\"]\n"
            .formatted(service.url("/"), origin.client().endpoint().base().resolve("/remote"));
    Files.writeString(config, Files.readString(config).replace("[API]\n", allowed));
    return target;
  }

  /** What is said of a sector whose files the service has. */
  MetaDraft served(String state, long sector) throws RpcFault, InterruptedException {
    return new MetaDraft(state, origin.sectors().sectorsStatus(sector, false))
        .from(service.url("/remote"), SealingService.SECRET_HEADER, SECRET);
  }

  List<SealingService.Asked> asked(String path) {
    return service.asked().stream().filter(each -> each.path().equals(path)).toList();
  }

  @Override
  public void close() {
    origin.close();
    service.close();
  }
}
