package io.selkie.node.recovery;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.JournalReplay;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.recovery.Diagnosis;
import io.selkie.pipeline.recovery.FileSeen;
import io.selkie.pipeline.recovery.Finding;
import io.selkie.pipeline.recovery.Remedy;
import io.selkie.pipeline.recovery.SectorEvidence;
import io.selkie.pipeline.recovery.Trouble;
import io.selkie.rpc.api.DoctorFilter;
import io.selkie.rpc.api.DoctorFinding;
import io.selkie.rpc.api.DoctorReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares journal, disk and chain, and carries out what was planned, when told to. Each step looks
 * again at its sector first, and is left undone if what it was planned for is no longer so.
 */
public final class Doctor {

  private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);

  /** The plan is no longer what it was. */
  static final class PlanChanged extends Exception {
    private static final long serialVersionUID = 1;

    PlanChanged() {
      super("the plan has changed meanwhile; nothing was done: look again");
    }
  }

  private final RecoverySite site;
  private final DoctorSteps steps;

  public Doctor(RecoverySite site, DoctorSteps steps) {
    this.site = site;
    this.steps = steps;
  }

  /** The names of all findings that there are. */
  static List<String> kinds() {
    return Arrays.stream(Trouble.class.getPermittedSubclasses()).map(Class::getSimpleName).toList();
  }

  /** What was found, and what was seen for it. */
  private record Look(List<Finding> findings, EvidenceReader.Seen seen) {}

  /**
   * What does not fit, and the plan.
   *
   * @throws IOException if the journal cannot be read
   */
  DoctorReport look(DoctorFilter filter) throws IOException {
    Look look = find(filter);
    return report(look, look.findings().stream().map(each -> wire(each, "")).toList());
  }

  /**
   * Carries out the plan of this name.
   *
   * @throws PlanChanged if a look finds another one
   */
  DoctorReport apply(DoctorFilter filter, String plan) throws IOException, PlanChanged {
    Look look = find(filter);
    if (!name(look.findings()).equals(plan)) {
      throw new PlanChanged();
    }
    Optional<RecordRebuilder> rebuilder = Optional.empty();
    List<DoctorFinding> done = new ArrayList<>();
    for (Finding finding : look.findings()) {
      String outcome = "";
      if (finding.remedy().isStep()) {
        try {
          if (rebuilder.isEmpty()) {
            rebuilder = Optional.of(new RecordRebuilder(site));
          }
          outcome = carryOut(finding, filter, rebuilder.get());
        } catch (ChainFault | IOException | RuntimeException failed) {
          // The other sectors' steps do not wait for this one's cause.
          LOG.error("step failed: {}", finding.remedy().text(), failed);
          outcome = "failed: " + failed.getMessage();
        }
        LOG.info("{}: {}: {}", finding.trouble().text(), finding.remedy().text(), outcome);
      }
      done.add(wire(finding, outcome));
    }
    return report(look, done);
  }

  private Look find(DoctorFilter filter) throws IOException {
    Set<String> kinds = Set.copyOf(filter.kinds());
    EvidenceReader.Seen seen = EvidenceReader.read(site, filter);
    List<Finding> found = Diagnosis.of(seen.sectors(), seen.strays());
    if (site.index().isPresent()) {
      found = confirmed(found, filter);
    }
    return new Look(
        found.stream()
            .filter(each -> kinds.isEmpty() || kinds.contains(each.trouble().name()))
            .filter(each -> filter.sectors().isEmpty() || each.sector().isPresent())
            .toList(),
        seen);
  }

  /** What is found twice: sectors at work move between the looks at the three sources. */
  private List<Finding> confirmed(List<Finding> first, DoctorFilter filter) throws IOException {
    Set<Long> sectors =
        first.stream()
            .flatMap(each -> each.sector().stream())
            .map(SectorNumber::value)
            .collect(Collectors.toSet());
    if (sectors.isEmpty()) {
      return first;
    }
    DoctorFilter again =
        new DoctorFilter(filter.kinds(), List.copyOf(sectors), filter.deep(), filter.whole());
    Set<String> second = new HashSet<>();
    Diagnosis.of(EvidenceReader.read(site, again).sectors(), List.of())
        .forEach(each -> second.add(each.identity()));
    return first.stream()
        .filter(each -> each.sector().isEmpty() || second.contains(each.identity()))
        .toList();
  }

  private String carryOut(Finding finding, DoctorFilter filter, RecordRebuilder rebuilder)
      throws IOException, ChainFault {
    SectorNumber number = finding.sector().orElseThrow();
    SectorId sector = new SectorId(site.miner(), number);
    DoctorFilter only =
        new DoctorFilter(List.of(), List.of(number.value()), filter.deep(), filter.whole());
    List<SectorEvidence> now = EvidenceReader.read(site, only).sectors();
    boolean stillSo =
        now.stream()
            .flatMap(each -> Diagnosis.of(each).stream())
            .anyMatch(each ->
                each.trouble().equals(finding.trouble()) && each.remedy().equals(finding.remedy()));
    if (!stillSo) {
      return "not needed any more";
    }
    List<FileSeen> files = now.getFirst().files();
    switch (finding.remedy()) {
      case Remedy.ForceState to -> steps.forceState(sector, to.state());
      case Remedy.AllocateNumber _ -> steps.allocate(sector);
      case Remedy.Redeclare path -> steps.redeclare(path.pathId());
      case Remedy.MoveToTrash file ->
          steps.quarantine(sector, DiskLook.type(file.kind()), file.file());
      case Remedy.Untrash file -> steps.untrash(pathOf(file.file(), files), file.file());
      case Remedy.ReplayRecord _ -> steps.rebuild(replayed(sector), finding.trouble().text());
      case Remedy.RebuildRecord to -> {
        RecordRebuilder.Rebuilt rebuilt =
            rebuilder.rebuild(number, to.state(), EvidenceReader.stored(site, number), files);
        steps.rebuild(rebuilt.record(), finding.trouble().text());
        if (!rebuilt.unknown().isEmpty()) {
          return "done; not known: " + String.join(", ", rebuilt.unknown());
        }
      }
      case Remedy.Nothing _, Remedy.AskOperator _ ->
          throw new IllegalStateException("no step: " + finding.remedy());
    }
    return "done";
  }

  private SectorRecord replayed(SectorId sector) throws IOException {
    return switch (JournalReplay.replay(site.journal(), sector)) {
      case JournalReplay.Result.Made made -> made.sector();
      case JournalReplay.Result.Broken broken ->
          throw new IOException("entry " + broken.sequence() + ": " + broken.reason());
    };
  }

  private static String pathOf(Path file, List<FileSeen> files) throws IOException {
    return files.stream()
        .filter(each -> each.file().equals(file))
        .map(FileSeen::pathId)
        .findFirst()
        .orElseThrow(() -> new IOException(file + " is on no storage path"));
  }

  private static DoctorReport report(Look look, List<DoctorFinding> findings) {
    return new DoctorReport(
        name(look.findings()), look.seen().sectors().size(), findings, look.seen().notes());
  }

  private static DoctorFinding wire(Finding finding, String outcome) {
    return new DoctorFinding(
        finding.sector().map(SectorNumber::value).orElse(null),
        finding.trouble().name(),
        finding.severity().name(),
        finding.trouble().text(),
        finding.seen().journal(),
        finding.seen().disk(),
        finding.seen().chain(),
        finding.remedy().getClass().getSimpleName(),
        finding.remedy().text(),
        outcome);
  }

  /** A name that another plan does not have; empty if there is nothing to carry out. */
  private static String name(List<Finding> findings) {
    List<String> planned =
        findings.stream().filter(f -> f.remedy().isStep()).map(Finding::identity).toList();
    if (planned.isEmpty()) {
      return "";
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\n", planned).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
