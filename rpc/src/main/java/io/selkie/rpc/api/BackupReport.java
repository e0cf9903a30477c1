package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;
import java.util.List;

/**
 * A backup that was written and verified.
 *
 * @param path the directory
 * @param created when
 * @param files what is in it
 */
@Wire(type = "selkie.BackupReport")
public record BackupReport(
    String path, Instant created, @Wire(type = "[]selkie.BackupFile") List<BackupFile> files) {

  /** A file of a backup: its name in it, its size and its digest. */
  @Wire(type = "selkie.BackupFile")
  public record BackupFile(String name, long bytes, @Wire(name = "SHA256") String sha256) {}
}
