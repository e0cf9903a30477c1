package io.selkie.pipeline;

import io.selkie.abi.Randomness;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ticket inside phase 1's output. The reference's miner adds it to the JSON object, whose
 * members it sorts, so that phase 2 on another machine knows it; tools that read logs find it
 * there.
 */
final class Phase1Ticket {

  private static final String MEMBER = "_lotus_SealRandomness";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Phase1Ticket() {}

  /** With the ticket; unchanged if it is no JSON object. */
  static byte[] add(byte[] phase1Out, Randomness ticket) {
    return parse(phase1Out) instanceof ObjectNode object
        ? sorted(object.put(MEMBER, Base64.getEncoder().encodeToString(ticket.bytes())))
        : phase1Out;
  }

  /** As the sealer made it, up to the order of its members. */
  static byte[] strip(byte[] phase1Out) {
    if (parse(phase1Out) instanceof ObjectNode object && object.has(MEMBER)) {
      object.remove(MEMBER);
      return sorted(object);
    }
    return phase1Out;
  }

  private static JsonNode parse(byte[] text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException _) {
      // Another sealer's output is its own affair; it travels as it is.
      return MAPPER.missingNode();
    }
  }

  private static byte[] sorted(ObjectNode object) {
    Map<String, JsonNode> members = new TreeMap<>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      members.put(member.getKey(), member.getValue());
    }
    ObjectNode out = MAPPER.createObjectNode();
    members.forEach(out::set);
    return MAPPER.writeValueAsString(out).getBytes(StandardCharsets.UTF_8);
  }
}
