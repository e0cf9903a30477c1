package io.selkie.cli;

import io.selkie.abi.BitField;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code proving compute windowed-post}: the proofs of a deadline, which are not sent. */
@Command(
    name = "windowed-post",
    aliases = "window-post",
    description = "Compute the window proofs of a deadline; nothing is sent.",
    footer = {"", "Example:", "  selkie proving compute windowed-post 3"})
final class ComputeWindowPost extends ApiCommand {

  /** More sectors than a partition has. */
  private static final int MOST_NUMBERS = 1_000_000;

  @Parameters(paramLabel = "DEADLINE", description = "The deadline, from 0.")
  String index = "";

  ComputeWindowPost(CliEnvironment environment) {
    super(environment);
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    BigInteger deadline = sectorNumber(index, "could not parse deadline index: ");
    Instant start = environment.clock().instant();
    JsonNode posts;
    try {
      posts = api.call("ComputeWindowPoSt", deadline, List.of());
    } finally {
      if (!json()) {
        out.println(
            "Took " + Format.goTenths(Duration.between(start, environment.clock().instant())));
      }
    }
    ArrayNode readable = mapper().createArrayNode();
    for (JsonNode post : posts) {
      readable.add(readable(post));
    }
    print(out, readable);
  }

  /** With the skipped sectors one by one. */
  private static ObjectNode readable(JsonNode post) {
    ObjectNode copy = post.deepCopy().asObject();
    ArrayNode partitions = copy.putArray("Partitions");
    for (JsonNode partition : post.path("Partitions")) {
      BitField skipped = NumberRanges.ofJson(partition.path("Skipped"));
      ArrayNode numbers =
          partitions
              .addObject()
              .put("Index", partition.path("Index").asLong(0))
              .putArray("Skipped");
      for (long number : skipped.members(MOST_NUMBERS)) {
        numbers.add(number);
      }
    }
    return copy;
  }
}
