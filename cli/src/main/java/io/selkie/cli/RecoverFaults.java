package io.selkie.cli;

import io.selkie.abi.Cid;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code proving recover-faults}: declares sectors recovered and waits for the messages. */
@Command(
    name = "recover-faults",
    description = "Declare faulty sectors recovered, and wait until the chain has taken it.",
    footer = {"", "Example:", "  selkie proving recover-faults 7 8 --confidence 5"})
final class RecoverFaults extends ApiCommand {

  /** Blocks come every few seconds. */
  private static final long LOOK_MS = 500;

  @Parameters(paramLabel = "NUMBER", arity = "1..*", description = "The sectors' numbers.")
  List<String> sectors = List.of();

  @Option(
      names = "--confidence",
      paramLabel = "EPOCHS",
      defaultValue = "5",
      description = "How many epochs must follow each message; default: ${DEFAULT-VALUE}.")
  int confidence;

  RecoverFaults(CliEnvironment environment) {
    super(environment);
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    List<Object> numbers = new ArrayList<>();
    for (String sector : sectors) {
      numbers.add(sectorNumber(sector, "failed to convert sectors, please check the arguments: "));
    }
    List<String> messages = new ArrayList<>();
    for (JsonNode message : api.call("RecoverFault", numbers)) {
      messages.add(message.path("/").asString());
      if (!json()) {
        out.println(messages.getLast());
      }
    }
    out.flush();
    List<String> failed = new ArrayList<>();
    for (String message : messages) {
      JsonNode receipt = await(api, message);
      long code = receipt.path("ExitCode").asLong(-1);
      if (json()) {
        printLine(
            out,
            mapper()
                .createObjectNode()
                .put("Message", message)
                .put("Height", receipt.path("Height").asLong(-1))
                .put("ExitCode", code)
                .put("Reason", receipt.path("Reason").asString("")));
      }
      if (code != 0) {
        failed.add(
            "Failed to execute message %s: exit code %d: %s"
                .formatted(message, code, receipt.path("Reason").asString("")));
      }
    }
    if (!failed.isEmpty()) {
      throw new CommandFailed(String.join("\n", failed));
    }
  }

  private JsonNode await(Api api, String message) throws CommandFailed {
    Cid cid;
    try {
      cid = Cid.parse(message);
    } catch (IllegalArgumentException garbled) {
      throw new CommandFailed("the node answered no message: " + garbled.getMessage(), garbled);
    }
    while (true) {
      JsonNode receipt = api.callSelkie("ChainMessage", cid);
      if (!receipt.isNull() && receipt.path("Confirmations").asLong(0) >= confidence) {
        return receipt;
      }
      try {
        Thread.sleep(LOOK_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailed("interrupted; the messages are sent", e);
      }
    }
  }
}
