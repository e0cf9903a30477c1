package io.selkie.pipeline.recovery;

import io.selkie.pipeline.SectorState;
import io.selkie.pipeline.recovery.FileSeen.Condition;
import io.selkie.pipeline.recovery.FileSeen.Content;
import io.selkie.pipeline.recovery.Finding.Seen;
import io.selkie.pipeline.recovery.Remedy.AskOperator;
import io.selkie.pipeline.recovery.Remedy.MoveToTrash;
import io.selkie.pipeline.recovery.Remedy.Nothing;
import io.selkie.pipeline.recovery.Remedy.RebuildRecord;
import io.selkie.pipeline.recovery.Remedy.Redeclare;
import io.selkie.pipeline.recovery.Remedy.Untrash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is wrong with one sector's files. */
final class FileFindings {

  private final SectorEvidence seen;
  private final Seen words;
  private final List<Finding> found = new ArrayList<>();

  FileFindings(SectorEvidence seen, Seen words) {
    this.seen = seen;
    this.words = words;
  }

  List<Finding> all() {
    Optional<JournalSight.Known> record = record();
    Optional<SectorState> state = record.flatMap(r -> SectorState.ofWireName(r.state()));
    if (seen.journal() instanceof JournalSight.Absent
        || state.equals(Optional.of(SectorState.Removed))) {
      withoutSector();
    }
    if (record.isPresent() && state.isPresent()) {
      Set<FileKind> needed = StateNeeds.files(state.get(), record.get().pieces());
      needed.forEach(this::missing);
      if (StateNeeds.filesAreWritten(state.get())) {
        broken(needed, StateNeeds.proves(state.get()));
      }
      wrongClass(state.get());
      if (state.get() != SectorState.Removed) {
        flawed();
      }
    }
    duplicates(state);
    for (FileSeen file : seen.files()) {
      leftover(file, state);
      if (file.inPlace() && !file.indexed()) {
        add(
            new Trouble.NotIndexed(file.kind(), file.file()),
            Severity.ERROR,
            new Redeclare(file.pathId()));
      }
    }
    return found;
  }

  private Optional<JournalSight.Known> record() {
    return seen.journal() instanceof JournalSight.Known known
        ? Optional.of(known)
        : Optional.empty();
  }

  private void add(Trouble trouble, Severity severity, Remedy remedy) {
    found.add(new Finding(Optional.of(seen.number()), trouble, severity, words, remedy));
  }

  /** The journal knows no sector that these could be of. */
  private void withoutSector() {
    if (seen.chain().isAlive()) {
      // The record is what is missing; with it, these are the sector's files.
      return;
    }
    boolean first = true;
    for (FileSeen file : seen.files()) {
      if (!file.inPlace()) {
        continue;
      }
      Remedy remedy =
          switch (seen.chain()) {
            case ChainSight.Gone _, ChainSight.Expired _ ->
                new MoveToTrash(file.kind(), file.file());
            case ChainSight.Unused _ -> {
              if (!(seen.journal() instanceof JournalSight.Absent)) {
                yield new MoveToTrash(file.kind(), file.file());
              }
              // Perhaps the only copy of data that somebody was told is safe.
              yield first
                  ? new RebuildRecord(Diagnosis.PARKED)
                  : new Nothing("it is listed again with the sector's record");
            }
            case ChainSight.Unreachable _, ChainSight.PreCommitted _, ChainSight.Live _ ->
                new AskOperator("look again when the chain answers");
          };
      add(new Trouble.FileWithoutSector(file.kind(), file.file()), Severity.WARNING, remedy);
      first = false;
    }
  }

  private void missing(FileKind kind) {
    boolean upgraded =
        (kind == FileKind.SEALED && !seen.inPlace(FileKind.UPDATE).isEmpty())
            || (kind == FileKind.CACHE && !seen.inPlace(FileKind.UPDATE_CACHE).isEmpty());
    if (upgraded || !seen.inPlace(kind).isEmpty()) {
      return;
    }
    Remedy remedy =
        seen.files().stream()
            .filter(f -> f.kind() == kind && isTrash(f) && f.content() != Content.BROKEN)
            .findFirst()
            .<Remedy>map(f -> new Untrash(kind, f.file()))
            .orElseGet(() ->
                new AskOperator(
                    "attach the path that holds it, or bring it back from a copy; without it the"
                        + " sector cannot go on"));
    add(
        new Trouble.FileMissing(kind),
        seen.chain().isAlive() ? Severity.CRITICAL : Severity.ERROR,
        remedy);
  }

  private void broken(Set<FileKind> needed, boolean proves) {
    for (FileKind kind : needed) {
      for (FileSeen file : seen.inPlace(kind)) {
        boolean tooLittle =
            proves
                && kind == FileKind.CACHE
                && file.content() == Content.FINALIZED
                && !(seen.chain() instanceof ChainSight.Live);
        if (file.content() != Content.BROKEN && !tooLittle) {
          continue;
        }
        boolean other = seen.inPlace(kind).stream().anyMatch(f -> isSound(f) && !f.equals(file));
        add(
            new Trouble.SizeWrong(kind, file.file(), file.bytes()),
            seen.chain().isAlive() ? Severity.CRITICAL : Severity.ERROR,
            other && !tooLittle
                ? new MoveToTrash(kind, file.file())
                : new AskOperator("bring the whole file back from a copy"));
      }
    }
  }

  private void flawed() {
    for (FileSeen file : seen.files()) {
      if (!file.inPlace() || file.flaw().isEmpty()) {
        continue;
      }
      boolean other = seen.inPlace(file.kind()).stream().anyMatch(FileFindings::isSound);
      add(
          new Trouble.ContentWrong(file.kind(), file.file(), file.flaw().get()),
          seen.chain().isAlive() ? Severity.CRITICAL : Severity.ERROR,
          other
              ? new MoveToTrash(file.kind(), file.file())
              : new AskOperator("bring the file back from a copy"));
    }
  }

  private void duplicates(Optional<SectorState> state) {
    if (state.isEmpty() || state.get() == SectorState.Removed) {
      return;
    }
    for (FileKind kind : EnumSet.allOf(FileKind.class)) {
      List<FileSeen> copies =
          seen.inPlace(kind).stream()
              .filter(FileFindings::isSound)
              .sorted(Comparator.comparing(f -> f.content() == Content.TWIN))
              .toList();
      for (FileSeen copy : copies.subList(Math.min(1, copies.size()), copies.size())) {
        Remedy remedy;
        if (!state.get().isResting()) {
          remedy = new Nothing("work on the sector may be under way");
        } else if (copy.content() == Content.TWIN) {
          remedy = new MoveToTrash(kind, copy.file());
        } else {
          remedy =
              new AskOperator("look again with --deep: what is the same is moved to the trash");
        }
        add(new Trouble.DuplicateCopy(kind, copy.file()), Severity.WARNING, remedy);
      }
    }
  }

  private void wrongClass(SectorState state) {
    if (state != SectorState.Proving && state != SectorState.Available) {
      return;
    }
    for (FileKind kind : EnumSet.of(FileKind.SEALED, FileKind.CACHE)) {
      List<FileSeen> copies = seen.inPlace(kind);
      if (!copies.isEmpty() && copies.stream().noneMatch(FileSeen::mayStore)) {
        add(
            new Trouble.WrongPathClass(kind, copies.getFirst().file()),
            Severity.WARNING,
            new AskOperator("force FinalizeSector to move it, or let the path store sectors"));
      }
    }
  }

  private void leftover(FileSeen file, Optional<SectorState> state) {
    switch (file.condition()) {
      case IN_PLACE, TRASHED -> {}
      case TRASH_DUE ->
          add(
              new Trouble.TrashDue(file.kind(), file.file()),
              Severity.INFO,
              new Nothing("the running node deletes it in time"));
      case UNFINISHED -> {
        boolean idle =
            !(seen.chain() instanceof ChainSight.Unreachable)
                && (seen.journal() instanceof JournalSight.Absent
                    || state.map(SectorState::isResting).orElse(false));
        add(
            new Trouble.UnfinishedCopy(file.kind(), file.file()),
            Severity.INFO,
            idle
                ? new MoveToTrash(file.kind(), file.file())
                : new Nothing("work on the sector may be under way"));
      }
    }
  }

  private static boolean isTrash(FileSeen file) {
    return file.condition() == Condition.TRASHED || file.condition() == Condition.TRASH_DUE;
  }

  private static boolean isSound(FileSeen file) {
    return file.content() != Content.BROKEN && file.flaw().isEmpty();
  }
}
