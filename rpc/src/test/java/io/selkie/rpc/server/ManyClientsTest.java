package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A thousand clients at once; ten thousand are in docs/benchmarks/websockets.md. */
class ManyClientsTest {

  @Test
  void thousandClients_areAllAnsweredTwice() throws Exception {
    try (TestServer server = TestServer.start(builder -> builder)) {
      ManyClients.Result result =
          ManyClients.run(server.server.address().getPort(), server.token("read"), 1000);
      assertThat(result).isEqualTo(new ManyClients.Result(1000, ""));
    }
  }

  @Test
  void limitOfConnections_allowsTenThousand() {
    assertThat(ServerLimits.DEFAULT.sockets().connections()).isGreaterThan(10_000);
    assertThat(ServerLimits.DEFAULT.sockets().subscriptions()).isGreaterThan(10_000);
  }
}
