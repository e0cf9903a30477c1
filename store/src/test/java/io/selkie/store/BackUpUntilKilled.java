package io.selkie.store;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * The child of the backup's kill test: one backup after the other, each printed when it is done.
 */
final class BackUpUntilKilled {

  private BackUpUntilKilled() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    PrintStream out = System.out;
    SqliteJournal journal = SqliteJournal.open(directory.resolve("journal.db"));
    for (int i = Integer.parseInt(arguments[1]); true; i++) {
      out.println("begin");
      JournalBackup.write(journal, directory.resolve("backup-" + i));
      out.println("done " + i);
      out.flush();
    }
  }
}
