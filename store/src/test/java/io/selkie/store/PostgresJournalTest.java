package io.selkie.store;

import static io.selkie.store.JournalEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One process at a time, on a server that forces; what only this engine can do wrong. */
class PostgresJournalTest {

  private static final SectorId ONE = SectorId.of(1000, 1);

  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  private static final Duration BEAT = Duration.ofMillis(100);

  private String url = "";

  @BeforeEach
  void schema() throws IOException {
    url = PostgresServer.emptySchema();
  }

  private PostgresJournal open(String holder) throws IOException {
    return PostgresJournal.open(url, "postgres", "", holder, PATIENCE, BEAT);
  }

  @Test
  void open_whileAnotherWrites_isRefusedAndNamesIt() throws IOException {
    try (PostgresJournal first = open("host-a/17")) {
      assertThatThrownBy(() -> open("host-b/4"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("host-a/17")
          .hasMessageContaining("jdbc:postgresql://localhost")
          .hasMessageNotContaining("user=");
      first.append(List.of(entry(ONE, 1, "Packing")));
    }
    try (PostgresJournal second = open("host-b/4")) {
      second.append(List.of(entry(ONE, 2, "Packing")));
    }
  }

  /** The server ends the first one's connection, as the death of its machine does. */
  @Test
  void open_afterTheWriterDied_takesItsPlace() throws IOException {
    try (PostgresJournal first = open("host-a/17")) {
      first.append(List.of(entry(ONE, 1, "Packing")));
      JournalSql.execute(
          url,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'selkie journal' AND pid <> pg_backend_pid()");
      assertThatThrownBy(() -> first.append(List.of(entry(ONE, 2, "Lost"))))
          .isInstanceOf(IOException.class);
      try (PostgresJournal second = open("host-b/4")) {
        assertThat(second.load(ONE).orElseThrow().sequence()).isEqualTo(1);
        second.append(List.of(entry(ONE, 2, "Packing")));
      }
    }
  }

  /** A machine that was stopped for a while and goes on: its next transaction is undone. */
  @Test
  void write_byOneThatWasTakenForDead_isUndone() throws Exception {
    open("nobody").close();
    try (Connection paused = DriverManager.getConnection(url)) {
      PostgresLease lease = PostgresLease.take(paused, url, "host-a/17", PATIENCE, BEAT);
      lease.hold();
      try (PostgresJournal second = open("host-b/4")) {
        assertThatThrownBy(lease::hold)
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("another process writes journal");
        second.append(List.of(entry(ONE, 1, "Packing")));
      }
    }
  }

  /** The fence is in the transaction: with the row in other hands not even one entry gets in. */
  @Test
  void append_afterLosingTheRow_appliesNothingAndEndsTheJournal() throws IOException {
    try (PostgresJournal journal =
        PostgresJournal.open(url, "postgres", "", "host-a/17", PATIENCE, Duration.ofHours(1))) {
      journal.append(List.of(entry(ONE, 1, "Packing")));
      JournalSql.execute(url, "UPDATE writer SET epoch = epoch + 1, holder = 'host-b/4'");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> journal.append(List.of(entry(ONE, 2, "Packing"))))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("another process writes journal");
      }
      assertThat(journal.load(ONE).orElseThrow().sequence()).isEqualTo(1);
    }
  }

  /** The engine undoes the first two attempts, as it does when transactions meet. */
  @Test
  void append_undoneByTheEngine_isTriedAgain() throws IOException {
    try (PostgresJournal journal = open("test")) {
      JournalSql.execute(
          url,
          "CREATE SEQUENCE attempts",
          "CREATE FUNCTION undo_twice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
              + " IF nextval('attempts') < 3 THEN RAISE EXCEPTION 'met another'"
              + " USING ERRCODE = '40001'; END IF; RETURN NEW; END; $$",
          "CREATE TRIGGER undo BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION undo_twice()");
      journal.append(List.of(entry(ONE, 1, "Packing")));
      assertThat(journal.log(ONE)).hasSize(1);
    }
  }

  @Test
  void open_serverThatDoesNotForce_isRefused() throws Exception {
    JournalSql.execute(url, "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()");
    try {
      waitForSetting("off");
      assertThatThrownBy(() -> open("test"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("full_page_writes off");
    } finally {
      JournalSql.execute(url, "ALTER SYSTEM RESET full_page_writes", "SELECT pg_reload_conf()");
      waitForSetting("on");
    }
  }

  private void waitForSetting(String wanted) throws Exception {
    int looks = 0;
    while (!JournalSql.text(url, "SHOW full_page_writes").equals(wanted)) {
      assertThat(looks++).as("looks at a setting that does not change").isLessThan(500);
      Thread.sleep(20);
    }
  }

  @Test
  void open_databaseOfSomethingElse_isRefusedAndUntouched() throws IOException {
    JournalSql.execute(url, "CREATE TABLE songs (name TEXT)");
    assertThatThrownBy(() -> open("test"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a database of something else");
    assertThatThrownBy(() -> JournalSql.execute(url, "SELECT * FROM event"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void open_newerSchema_isRefused() throws IOException {
    open("test").close();
    JournalSql.execute(
        url,
        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, installed_on, execution_time, success)"
            + " SELECT 99, '12', 'later', type, 'V12__later.sql', 1, installed_by, installed_on,"
            + " 1, success FROM flyway_schema_history WHERE version = '1'");
    assertThatThrownBy(() -> open("test"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has schema version 12, this program knows up to 4");
  }

  @Test
  void event_truncate_isRefusedByTheEngine() throws IOException {
    open("test").close();
    assertThatThrownBy(() -> JournalSql.execute(url, "TRUNCATE event"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("never removed");
  }
}
