package io.selkie.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Address;
import io.selkie.abi.BitField;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whole requests, changed: each is answered with a status of the protocol and with JSON, no method
 * crashes, and nothing takes memory beyond its limit.
 */
class EnvelopeFuzzTest {

  private static final long FIXED_SEED = 20260131;
  private static final int ROUNDS = 5_000;

  /** What one request may take, bytes; a body is four kilobytes at most here. */
  private static final long MAX_ALLOCATED = 8 << 20;

  private static List<byte[]> corpus(String name) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(EnvelopeFuzzTest.class.getResourceAsStream("corpus/" + name))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        lines.add(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return lines;
  }

  /**
   * One to four changes: a byte flipped, dropped, doubled, replaced, a piece of another spliced.
   */
  private static byte[] mutated(byte[] from, List<byte[]> corpus, Random random) {
    byte[] now = from;
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(now.length + 1);
      byte[] other = corpus.get(random.nextInt(corpus.size()));
      int cut = random.nextInt(other.length + 1);
      byte[] middle =
          switch (random.nextInt(6)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> new byte[] {(byte) (0x20 + random.nextInt(95))};
            case 3 -> Arrays.copyOfRange(now, Math.max(0, at - 4), at);
            case 4 ->
                new byte[] {(byte) (at < now.length ? now[at] ^ (1 << random.nextInt(8)) : 0)};
            default -> Arrays.copyOfRange(other, cut, Math.min(other.length, cut + 16));
          };
      int rest = Math.min(now.length, at + random.nextInt(3));
      ByteBuffer next = ByteBuffer.allocate(at + middle.length + now.length - rest);
      next.put(now, 0, at).put(middle).put(now, rest, now.length - rest);
      now = next.array();
    }
    return now;
  }

  private static RpcOverHttp server() {
    WireTypes types = new WireTypes();
    ApiTable table = new ApiTable(types);
    Tokens tokens = Tokens.of(new byte[32]);
    table.add(ProbeApi.class, new ProbeApi.Probe());
    table.add(AuthApi.class, new TokenApi(tokens));
    ServerLimits limits = TestServer.SMALL;
    Dispatcher dispatcher =
        new Dispatcher(
            table,
            new WireWriter(Address.Network.TESTNET, types),
            new StreamArguments(new PushStreams(Duration.ofMillis(1)), _ -> false),
            new Dispatcher.Watchers(
                new CallGate(tokens, Optional.empty()),
                CallAudit.NONE,
                (_, _, _) -> {},
                new RunningCalls(Duration.ofSeconds(30), System::nanoTime)));
    return new RpcOverHttp(dispatcher, new JsonReader(limits.bodyBytes(), limits.values()), limits);
  }

  @Test
  void changedRequest_isAnsweredInTheProtocolsWords() throws Exception {
    List<byte[]> corpus = corpus("envelopes.txt");
    RpcOverHttp server = server();
    Caller caller = new Caller(Set.of("read", "write", "sign", "admin"), "fuzz");
    var memory =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    for (long seed : new long[] {FIXED_SEED, System.nanoTime()}) {
      System.out.println("fuzz seed " + seed);
      Random random = new Random(seed);
      for (int round = 0; round < ROUNDS; round++) {
        byte[] input = mutated(corpus.get(random.nextInt(corpus.size())), corpus, random);
        String what = "seed " + seed + ", request " + new String(input, StandardCharsets.UTF_8);
        long before = memory.getCurrentThreadAllocatedBytes();
        Reply reply = server.answer(input, caller);
        assertThat(memory.getCurrentThreadAllocatedBytes() - before)
            .as(what)
            .isLessThan(MAX_ALLOCATED);
        assertThat(reply.status()).as(what).isIn(200, 400, 404, 500);
        if (reply.body() != null && !reply.body().isEmpty()) {
          assertThat(JsonValue.parse(reply.body())).as(what).isPresent();
          assertThat(reply.body()).as(what).doesNotContain("panic in rpc method");
        }
      }
    }
  }

  @Test
  void changedBitField_isRefusedOrWrittenAgain() throws Exception {
    List<byte[]> corpus = corpus("bitfields.txt");
    WireReader reader = new WireReader();
    WireType bits = new WireType.Bits("bitfield.BitField");
    for (long seed : new long[] {FIXED_SEED, System.nanoTime()}) {
      System.out.println("fuzz seed " + seed);
      Random random = new Random(seed);
      for (int round = 0; round < ROUNDS; round++) {
        byte[] input = mutated(corpus.get(random.nextInt(corpus.size())), corpus, random);
        Optional<JsonValue> json = JsonValue.parse(new String(input, StandardCharsets.UTF_8));
        if (json.isEmpty()) {
          continue;
        }
        try {
          BitField field = (BitField) Objects.requireNonNull(reader.read(bits, json.get()));
          assertThat(BitField.ofRunLengths(field.toRunLengths()))
              .as("seed %d", seed)
              .isEqualTo(field);
          assertThat(field.size()).as("seed %d", seed).isNotNegative();
        } catch (WireReader.Mismatch refused) {
          assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
        }
      }
    }
  }
}
