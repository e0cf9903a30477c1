package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnsealCommandsTest extends CommandLineTest {

  private static String job(String state, String lastError) {
    boolean running = state.equals("Running");
    boolean ended = state.equals("Done") || state.equals("Failed") || state.equals("Cancelled");
    return """
    {"ID":3,"Sector":{"Miner":1000,"Number":7},"State":"%s","Priority":%d,"Offset":0,
    "Size":2032,"RequestedBy":["UnsealStart"],"Phase":"%s","Done":%d,"Total":%d,"Attempts":1,
    "Failures":0,"LastError":"%s","Created":"2026-03-01T11:58:00Z","Started":null,"Ended":%s,
    "NextTry":null}
    """
        .formatted(
            state,
            running ? 5 : 0,
            running ? "layer 1" : "",
            running ? 1 : 0,
            running ? 2 : 0,
            lastError,
            ended ? "\"2026-03-01T11:59:00Z\"" : "null");
  }

  @Test
  void start_always_showsTheJobAndSendsTheOptions() {
    node.onSelkie("UnsealStart", job("Queued", ""));
    assertThat(run("unseal", "start", "7", "--priority", "5", "--offset", "127").out())
        .isEqualTo("job 3  sector 7  Queued\n");
    assertThat(node.callsOfSelkie("UnsealStart").getFirst().toString())
        .isEqualTo("[7,{\"Priority\":5,\"Offset\":127,\"Size\":0}]");
    assertThat(run("unseal", "start", "7", "--json").json().path("ID").asInt()).isEqualTo(3);
    assertThat(run("unseal", "start", "x").err())
        .isEqualTo(
            "ERROR: could not parse sector number: strconv.ParseUint: parsing \"x\": invalid"
                + " syntax\n\n");
  }

  @Test
  void start_waiting_showsTheEndAndFailsIfTheJobDid() {
    node.onSelkie("UnsealStart", job("Running", "")).onSelkie("UnsealStatus", job("Done", ""));
    assertThat(run("unseal", "start", "7", "--wait").out())
        .isEqualTo(
            """
            job 3  sector 7  Running  priority 5  [###############...............] 50% layer 1
            job 3  sector 7  Done
            """);
    assertThat(run("unseal", "start", "7", "--wait", "--json").json().path("State").asString())
        .isEqualTo("Done");
    node.onSelkie("UnsealStatus", job("Failed", "no room"));
    Run failed = run("unseal", "start", "7", "--wait");
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.err()).isEqualTo("ERROR: unsealing job 3: Failed: no room\n\n");
  }

  @Test
  void start_waitingAtATerminal_drawsABarAndLeavesTheEnd() {
    node.onSelkie("UnsealStart", job("Running", "")).onSelkie("UnsealStatus", job("Done", ""));
    Terminal terminal = new Terminal(true, true, true, Terminal.none().input());
    Run run = run(terminal, "unseal", "start", "7", "--wait");
    assertThat(run.out()).isEqualTo("job 3  sector 7  Done\n");
    assertThat(run.err())
        .startsWith("\rjob 3  sector 7  Running  priority 5  [###############....")
        .endsWith("\r\u001b[K");
  }

  @Test
  void statusListCancel_always_showTheJobs() {
    node.onSelkie("UnsealStatus", job("Failed", "no room"))
        .onSelkie("UnsealList", "[" + job("Queued", "") + "," + job("Cancelled", "cancelled") + "]")
        .onSelkie("UnsealCancel", job("Cancelled", "cancelled"));
    assertThat(run("unseal", "status", "3").out())
        .isEqualTo("job 3  sector 7  Failed  (no room)\n");
    assertThat(run("unseal", "list").out())
        .isEqualTo("job 3  sector 7  Queued\njob 3  sector 7  Cancelled  (cancelled)\n");
    assertThat(run("unseal", "list", "--json").out().lines()).hasSize(2);
    assertThat(run("unseal", "cancel", "3").out())
        .isEqualTo("job 3  sector 7  Cancelled  (cancelled)\n");
    assertThat(node.callsOfSelkie("UnsealCancel").getFirst().toString()).isEqualTo("[3]");
  }
}
