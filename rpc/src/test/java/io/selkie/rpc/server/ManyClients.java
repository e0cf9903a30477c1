package io.selkie.rpc.server;

import io.selkie.abi.Address;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.Tokens;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Many WebSocket clients at once: all connect, call, stay, call again when the last one is there,
 * and only then leave. The measurement of docs/benchmarks/websockets.md runs server and clients as
 * two processes of this class.
 */
final class ManyClients {

  private static final int TIMEOUT_MS = 120_000;

  /** Handshakes under way at once: no more than a listening socket's queue. */
  private static final int CONNECTING = 100;

  private ManyClients() {}

  /** How many clients were answered twice; the first failure, if there was one. */
  record Result(int answered, String failure) {}

  static Result run(int port, String token, int count) throws InterruptedException {
    CountDownLatch allThere = new CountDownLatch(count);
    Semaphore connecting = new Semaphore(CONNECTING);
    AtomicInteger answered = new AtomicInteger();
    AtomicReference<String> failure = new AtomicReference<>("");
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client(port, token, number, connecting, allThere);
                  answered.incrementAndGet();
                } catch (IOException | InterruptedException e) {
                  failure.compareAndSet("", "client " + number + ": " + e);
                  allThere.countDown();
                }
              }));
    }
    for (Thread each : threads) {
      each.join();
    }
    return new Result(answered.get(), failure.get());
  }

  private static void client(
      int port, String token, int number, Semaphore connecting, CountDownLatch allThere)
      throws IOException, InterruptedException {
    try (Socket socket = new Socket()) {
      connecting.acquire();
      DataInputStream in;
      try {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
        handshake(socket, in, token);
        exchange(socket, in, number);
      } finally {
        connecting.release();
      }
      allThere.countDown();
      allThere.await();
      exchange(socket, in, number + 1);
    }
  }

  private static void handshake(Socket socket, DataInputStream in, String token)
      throws IOException {
    String request =
        """
        GET /rpc/v0 HTTP/1.1
        Host: x
        Connection: Upgrade
        Upgrade: websocket
        Authorization: Bearer %s
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
        Sec-WebSocket-Version: 13

        """
            .formatted(token)
            .replace("\n", "\r\n");
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    if (!head.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("refused: " + head);
    }
  }

  private static void exchange(Socket socket, DataInputStream in, int value) throws IOException {
    String call = "{\"id\":1,\"method\":\"Probe.Echo\",\"params\":[" + value + "]}";
    byte[] text = call.getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[6 + text.length];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | text.length);
    System.arraycopy(text, 0, frame, 6, text.length);
    socket.getOutputStream().write(frame);
    while (true) {
      int kind = in.readUnsignedByte() & 0x0f;
      byte[] payload = in.readNBytes(in.readUnsignedByte());
      if (kind == 9) {
        socket.getOutputStream().write(new byte[] {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0});
        continue;
      }
      String answer = new String(payload, StandardCharsets.US_ASCII);
      if (!answer.contains("\"result\":" + value + "}")) {
        throw new IOException("expected " + value + ", got " + answer);
      }
      return;
    }
  }

  /** {@code serve}, or {@code clients PORT TOKEN COUNT}. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("clients")) {
      long from = System.nanoTime();
      Result result = run(Integer.parseInt(args[1]), args[2], Integer.parseInt(args[3]));
      System.out.println(result + " in " + (System.nanoTime() - from) / 1_000_000 + " ms");
      return;
    }
    Tokens tokens = Tokens.of(new byte[32]);
    JsonRpcServer server =
        JsonRpcServer.builder(Address.Network.TESTNET, tokens)
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .serve(ProbeApi.class, new ProbeApi.Probe())
            .start();
    System.out.println(server.address().getPort() + " " + tokens.create(Permission.READ));
    while (System.in.read() >= 0) {
      System.gc();
      long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
      System.out.println("heap in use " + (heap >> 10) + " KiB");
      Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
          .forEach(System.out::println);
    }
    server.close();
  }
}
