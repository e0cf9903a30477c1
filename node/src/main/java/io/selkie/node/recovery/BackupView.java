package io.selkie.node.recovery;

import io.selkie.rpc.api.BackupReport;
import java.nio.file.Path;

/** A backup on the wire and on the terminal. */
final class BackupView {

  private BackupView() {}

  static BackupReport report(Path directory, BackupManifest manifest) {
    return new BackupReport(
        directory.toString(),
        manifest.created(),
        manifest.files().entrySet().stream()
            .map(each ->
                new BackupReport.BackupFile(
                    each.getKey(), each.getValue().bytes(), each.getValue().sha256()))
            .toList());
  }

  static String text(BackupReport report) {
    StringBuilder text = new StringBuilder(report.path() + ", made " + report.created() + "\n");
    for (BackupReport.BackupFile file : report.files()) {
      text.append(
          "  %-60s %12d  %s%n"
              .formatted(file.name(), file.bytes(), file.sha256().substring(0, 16)));
    }
    return text.toString();
  }
}
