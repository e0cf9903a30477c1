package io.selkie.storage;

import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.seal.PreCommit1Output;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Pre-commit 1's output as the sector's log shows it: the proofs library's members sorted by name,
 * and the ticket added, which phase 2 of a synthetic sector needs.
 *
 * <p>Source: lotus storage/sealer/ffiwrapper (SealPreCommit1), which reads the library's JSON into
 * a Go map, adds {@code _lotus_SealRandomness} and writes it again.
 */
public final class PreCommit1Json {

  private static final String TICKET = "_lotus_SealRandomness";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /**
   * What was written.
   *
   * @param ticket absent if the bytes are the library's own
   */
  record Parsed(PreCommit1Output output, Optional<Randomness> ticket) {}

  private PreCommit1Json() {}

  /**
   * The commitment to the data in an output.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Commitment commD(byte[] bytes) {
    return read(bytes).output().commD();
  }

  /**
   * The ticket in an output; empty if the bytes are the library's own.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Optional<Randomness> ticket(byte[] bytes) {
    return read(bytes).ticket();
  }

  /**
   * As {@link #commD}, of an output that must be of this proof.
   *
   * @throws IllegalArgumentException if it is none, or of another proof
   */
  public static Commitment requireFor(byte[] bytes, RegisteredSealProof proof) {
    PreCommit1Output output = read(bytes).output();
    if (output.proof() != proof) {
      throw new IllegalArgumentException(
          "pre-commit 1 output is for " + output.proof() + ", expected " + proof);
    }
    return output.commD();
  }

  static byte[] write(PreCommit1Output output, Randomness ticket) {
    ObjectNode json = (ObjectNode) MAPPER.readTree(output.toJson());
    json.put(TICKET, Base64.getEncoder().encodeToString(ticket.bytes()));
    String text =
        sorted(json)
            .toString()
            .replace("&", "\\u0026")
            .replace("<", "\\u003c")
            .replace(">", "\\u003e");
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #write} or the proofs library wrote.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Parsed read(byte[] bytes) {
    try {
      JsonNode json = MAPPER.readTree(bytes);
      if (!json.has(TICKET)) {
        return new Parsed(PreCommit1Output.ofJson(bytes), Optional.empty());
      }
      Randomness ticket = new Randomness(Base64.getDecoder().decode(json.get(TICKET).asString()));
      PreCommit1Output output =
          new PreCommit1Output(
              proof(json.path("registered_proof").asString()),
              json.path("config").path("path").asString(),
              commitment(json.path("comm_d")));
      if (!Arrays.equals(write(output, ticket), bytes)) {
        throw new IllegalArgumentException(
            "pre-commit 1 output for " + output.proof() + " has other members than expected");
      }
      return new Parsed(output, Optional.of(ticket));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("pre-commit 1 output: " + e.getOriginalMessage(), e);
    }
  }

  private static RegisteredSealProof proof(String spelling) {
    for (RegisteredSealProof proof : RegisteredSealProof.values()) {
      if (proof.spelling().equals(spelling)) {
        return proof;
      }
    }
    throw new IllegalArgumentException("pre-commit 1 output for unknown proof '" + spelling + "'");
  }

  private static Commitment commitment(JsonNode numbers) {
    byte[] bytes = new byte[numbers.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers.path(i).asInt();
    }
    return new Commitment(bytes);
  }

  private static JsonNode sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      Map<String, JsonNode> members = new TreeMap<>();
      object.properties().forEach(e -> members.put(e.getKey(), sorted(e.getValue())));
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      result.setAll(members);
      return result;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode result = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> result.add(sorted(element)));
      return result;
    }
    return node;
  }
}
