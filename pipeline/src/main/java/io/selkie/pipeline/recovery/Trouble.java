package io.selkie.pipeline.recovery;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import java.nio.file.Path;

/** What can be found. Names are those of the report. */
public sealed interface Trouble {

  /** A file that the sector's state needs is not there. */
  record FileMissing(FileKind kind) implements Trouble {}

  /** A file of a sector that nobody knows, or that was removed. */
  record FileWithoutSector(FileKind kind, Path file) implements Trouble {}

  /** A file is of the wrong size, or a cache directory lacks files. */
  record SizeWrong(FileKind kind, Path file, long bytes) implements Trouble {}

  /** A file's content is not what record and chain say. */
  record ContentWrong(FileKind kind, Path file, String what) implements Trouble {}

  /** A copy that did not end. */
  record UnfinishedCopy(FileKind kind, Path file) implements Trouble {}

  /** A second copy of a file. */
  record DuplicateCopy(FileKind kind, Path file) implements Trouble {}

  /** A file of a finished sector on a path that is not for keeping. */
  record WrongPathClass(FileKind kind, Path file) implements Trouble {}

  /** A file that the node's index does not know. */
  record NotIndexed(FileKind kind, Path file) implements Trouble {}

  /** A removed file whose time in the trash is over. */
  record TrashDue(FileKind kind, Path file) implements Trouble {}

  /** An entry in a storage path that is no sector's file. */
  record UnknownFileName(Path file) implements Trouble {}

  /** A storage path that cannot be looked into. */
  record PathUnreadable(Path path, String reason) implements Trouble {}

  /** The chain counts on a sector that the journal does not know. */
  record OnChainButNotInJournal(String onChain) implements Trouble {}

  /** The journal says proven, the chain knows of no such sector. */
  record InJournalProvingButNotOnChain(String state) implements Trouble {}

  /** The chain is further than the record. */
  record StateBehindChain(String state, String onChain) implements Trouble {}

  /** The record is further than the chain. */
  record StateAheadOfChain(String state, String onChain) implements Trouble {}

  /** Record and chain speak of different replicas. */
  record CommRDiffers(Cid recorded, Cid onChain) implements Trouble {}

  /** The record lacks what the chain knows. */
  record RecordIncomplete(String what) implements Trouble {}

  /** The number is in use and not marked as given out. */
  record NumberNotAllocatedLocally() implements Trouble {}

  /** The record cannot be read. */
  record UndecodableRecord(String reason) implements Trouble {}

  /** The record's state is none. */
  record UnknownState(String state) implements Trouble {}

  /** The record is not what its entries yield. */
  record RecordDiffersFromEvents() implements Trouble {}

  /** The sector has reached its end. */
  record ExpiredOnChain(ChainEpoch expiration) implements Trouble {}

  /** The chain could not be asked. */
  record ChainUnreachable(String reason) implements Trouble {}

  /** The name in reports. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** What was found, in words. */
  default String text() {
    return switch (this) {
      case FileMissing t -> "no " + t.kind().directory() + " file in place";
      case FileWithoutSector t -> t.file() + " belongs to no sector of the journal";
      case SizeWrong t -> t.file() + " has " + t.bytes() + " bytes or lacks files";
      case ContentWrong t -> t.file() + ": " + t.what();
      case UnfinishedCopy t -> t.file() + " is left over from a copy that did not end";
      case DuplicateCopy t -> t.file() + " is a second copy";
      case WrongPathClass t -> t.file() + " lies on a path that is not for keeping";
      case NotIndexed t -> "the index does not know " + t.file();
      case TrashDue t -> t.file() + " has been in the trash for long enough";
      case UnknownFileName t -> t.file() + " is no sector's file";
      case PathUnreadable t -> t.path() + ": " + t.reason();
      case OnChainButNotInJournal t -> t.onChain() + " on chain, and no record";
      case InJournalProvingButNotOnChain t -> "recorded as " + t.state() + ", and not on chain";
      case StateBehindChain t -> "recorded as " + t.state() + ", on chain " + t.onChain();
      case StateAheadOfChain t -> "recorded as " + t.state() + ", on chain " + t.onChain();
      case CommRDiffers t -> "recorded " + t.recorded() + ", on chain " + t.onChain();
      case RecordIncomplete t -> "the record lacks " + t.what();
      case NumberNotAllocatedLocally _ -> "in use, and not marked as given out";
      case UndecodableRecord t -> "the record cannot be read: " + t.reason();
      case UnknownState t -> "no such state: '" + t.state() + "'";
      case RecordDiffersFromEvents _ -> "the record is not what its entries yield";
      case ExpiredOnChain t -> "expired at epoch " + t.expiration();
      case ChainUnreachable t -> "the chain could not be asked: " + t.reason();
    };
  }
}
