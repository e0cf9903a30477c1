package io.selkie.node;

import io.selkie.pipeline.WorkPool;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What a node is in the middle of, in one line: for the record of who stopped it. */
final class WorkUnderWay {

  /** Jobs that are named; more are counted only. */
  private static final int MAX_NAMED = 16;

  private WorkUnderWay() {}

  /**
   * The line.
   *
   * @param jobs all, those that wait too
   * @param sectors how many there are in each state
   */
  static String of(List<WorkPool.Job> jobs, SortedMap<String, Long> sectors) {
    List<WorkPool.Job> atWork = jobs.stream().filter(each -> each.startedAt().isPresent()).toList();
    String named =
        atWork.stream()
            .limit(MAX_NAMED)
            .map(each -> each.task() + " of sector " + each.sector().number().value())
            .collect(Collectors.joining(", "));
    return atWork.size()
        + " at work"
        + (named.isEmpty() ? "" : " (" + named + (atWork.size() > MAX_NAMED ? ", …)" : ")"))
        + ", "
        + (jobs.size() - atWork.size())
        + " wait; sectors "
        + sectors;
  }
}
