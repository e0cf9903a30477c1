package io.selkie.node.recovery;

import io.selkie.rpc.api.DoctorFinding;
import io.selkie.rpc.api.DoctorReport;
import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The doctor's report on a terminal, and as JSON. */
final class DoctorView {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private DoctorView() {}

  static void print(PrintWriter out, DoctorReport report) {
    String severity = "";
    for (DoctorFinding finding : report.findings()) {
      if (!finding.severity().equals(severity)) {
        severity = finding.severity();
        out.println(severity);
      }
      Long sector = finding.sector();
      String whose = sector == null ? "" : "sector " + sector;
      out.println("  %-12s %-30s %s".formatted(whose, finding.kind(), finding.text()));
      if (!finding.journal().isEmpty()) {
        out.println(
            "  %-12s journal: %s; disk: %s; chain: %s"
                .formatted("", finding.journal(), finding.disk(), finding.chain()));
      }
      String label = isStep(finding) ? "plan" : "note";
      out.println("  %-12s %s: %s".formatted("", label, finding.plan()));
      if (!finding.outcome().isEmpty()) {
        out.println("  %-12s %s".formatted("", finding.outcome()));
      }
    }
    report.notes().forEach(note -> out.println("Not looked at: " + note));
    long steps = report.findings().stream().filter(DoctorView::isStep).count();
    out.println(
        report.sectors()
            + " sectors, "
            + report.findings().size()
            + " findings, "
            + steps
            + " steps planned");
    out.flush();
  }

  private static boolean isStep(DoctorFinding finding) {
    return !finding.step().equals("AskOperator") && !finding.step().equals("Nothing");
  }

  /** Whether everything was looked at, and nothing found that anybody has to act on. */
  static boolean isHealthy(DoctorReport report) {
    return report.notes().isEmpty()
        && report.findings().stream().allMatch(each -> each.severity().equals("INFO"));
  }

  static String json(DoctorReport report) {
    ObjectNode json = JSON.createObjectNode();
    json.put("Plan", report.plan());
    json.put("Sectors", report.sectors());
    ArrayNode findings = json.putArray("Findings");
    for (DoctorFinding each : report.findings()) {
      ObjectNode finding = findings.addObject();
      Long sector = each.sector();
      if (sector != null) {
        finding.put("Sector", sector);
      }
      finding
          .put("Kind", each.kind())
          .put("Severity", each.severity())
          .put("Text", each.text())
          .put("Journal", each.journal())
          .put("Disk", each.disk())
          .put("Chain", each.chain())
          .put("Step", each.step())
          .put("Plan", each.plan())
          .put("Outcome", each.outcome());
    }
    list(json.putArray("Notes"), report.notes());
    return json.toString();
  }

  private static void list(ArrayNode to, List<String> texts) {
    texts.forEach(to::add);
  }
}
