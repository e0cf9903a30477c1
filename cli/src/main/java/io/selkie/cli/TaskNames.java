package io.selkie.cli;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kinds of work, by their names on the wire (lotus sealtasks), with what people see. */
final class TaskNames {

  private static final Map<String, String> SHORT = shortNames();

  private TaskNames() {}

  private static Map<String, String> shortNames() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("seal/v0/datacid", "DC");
    names.put("seal/v0/addpiece", "AP");
    names.put("seal/v0/precommit/1", "PC1");
    names.put("seal/v0/precommit/2", "PC2");
    names.put("seal/v0/commit/1", "C1");
    names.put("seal/v0/commit/2", "C2");
    names.put("seal/v0/finalize", "FIN");
    names.put("seal/v0/finalizeunsealed", "FUS");
    names.put("seal/v0/fetch", "GET");
    names.put("seal/v0/unseal", "UNS");
    names.put("seal/v0/replicaupdate", "RU");
    names.put("seal/v0/provereplicaupdate/1", "PR1");
    names.put("seal/v0/provereplicaupdate/2", "PR2");
    names.put("seal/v0/regensectorkey", "GSK");
    names.put("seal/v0/finalize/replicaupdate", "FRU");
    names.put("seal/v0/download/sector", "DL");
    names.put("post/v0/windowproof", "WDP");
    names.put("post/v0/winningproof", "WNP");
    return Collections.unmodifiableMap(names);
  }

  static String shortName(String task) {
    return SHORT.getOrDefault(task, "UNK");
  }

  /** In the order of a sector's way. */
  static Comparator<String> order() {
    List<String> known = List.copyOf(SHORT.keySet());
    return Comparator.<String>comparingInt(
            task -> known.contains(task) ? known.indexOf(task) : known.size())
        .thenComparing(Comparator.naturalOrder());
  }
}
