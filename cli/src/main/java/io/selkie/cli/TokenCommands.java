package io.selkie.cli;

import io.selkie.rpc.token.AuditFilter;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code auth list}, {@code revoke} and {@code audit}: the tokens there are, and what they did. */
final class TokenCommands {

  private TokenCommands() {}

  /** A duration such as 90m, 12h or 30d. */
  static Duration span(String text, String flag) throws CommandFailed {
    return Spans.parse(text)
        .orElseThrow(() ->
            new CommandFailed(flag + ": '" + text + "' is no duration such as 90m, 12h or 30d"));
  }

  private static String texts(JsonNode list) {
    StringBuilder out = new StringBuilder();
    for (JsonNode each : list) {
      out.append(out.isEmpty() ? "" : ",").append(each.asString());
    }
    return out.toString();
  }

  @Command(
      name = "list",
      description = "List the tokens that were made or used here.",
      footer = {"", "Example:", "  selkie auth list"})
  static final class ListTokens extends ApiCommand {

    /** Characters of an id: of a maker that left the list its hash is known. */
    private static final int ID_LENGTH = 16;

    ListTokens(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode all = api.callSelkie("TokenList");
      if (json()) {
        all.forEach(each -> printLine(out, each));
        return;
      }
      Table table =
          new Table(
              "ID",
              "Name",
              "Allow",
              "Scope",
              "Created",
              "Made by",
              "Expires",
              "Last seen",
              "Revoked");
      Map<String, String> ids = new HashMap<>();
      all.forEach(each -> ids.put(each.path("Hash").asString(), each.path("ID").asString()));
      for (JsonNode each : all) {
        String maker = each.path("MadeBy").asString("");
        table.add(
            each.path("ID").asString(),
            each.path("Name").asString(),
            texts(each.path("Allow")),
            scope(each),
            each.path("Created").asString(),
            ids.getOrDefault(maker, maker.substring(0, Math.min(ID_LENGTH, maker.length()))),
            each.path("Expires").asString(""),
            each.path("LastSeen").asString(),
            each.path("Revoked").asString(""));
      }
      table.print(out);
    }

    private static String scope(JsonNode token) {
      StringBuilder out = new StringBuilder(texts(token.path("Methods")));
      for (String member : List.of("Miner", "Sectors")) {
        String value = token.path(member).asString();
        if (!value.isEmpty()) {
          out.append(out.isEmpty() ? "" : " ").append(member.toLowerCase(java.util.Locale.ROOT));
          out.append(' ').append(value);
        }
      }
      return out.toString();
    }
  }

  @Command(
      name = "revoke",
      description = "Take a token back, at once and for ever, and those that were made with it.",
      footer = {"", "Example:", "  selkie auth revoke 1f2e3d4c5b6a7988"})
  static final class Revoke extends ApiCommand {

    @Parameters(
        paramLabel = "TOKEN",
        description = "Its id, as `auth list` shows it, or the SHA-256 of its text.")
    String token = "";

    @Option(names = "--only", description = "Leave those good that were made with it.")
    boolean only;

    Revoke(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      for (JsonNode revoked : api.callSelkie("TokenRevoke", token, only)) {
        if (json()) {
          printLine(out, revoked);
        } else {
          out.println("token " + revoked.path("ID").asString() + " is revoked");
        }
      }
    }
  }

  @Command(
      name = "audit",
      description = "Show the calls that changed something, the newest first.",
      footer = {"", "Example:", "  selkie auth audit --sector 7 --since 24h"})
  static final class Audit extends ApiCommand {

    /** Records of one answer of the node. */
    private static final int PAGE = 500;

    /** Characters of one value in the table; {@code --json} has all that is recorded. */
    private static final int MAX_SHOWN = 60;

    @Option(names = "--since", paramLabel = "TIME", description = "An age as 24h, or an instant.")
    @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "An age as 24h, or an instant.")
    @Nullable String until;

    @Option(names = "--method", paramLabel = "NAME", description = "A wire name, or A.B*.")
    String method = "";

    @Option(names = "--who", paramLabel = "TOKEN", description = "A part of its id or name.")
    String who = "";

    @Option(names = "--sector", paramLabel = "NUMBER", description = "Calls that name it.")
    List<Long> sectors = List.of();

    @Option(names = "--limit", paramLabel = "N", description = "At most so many; 100 unless said.")
    int limit = 100;

    Audit(CliEnvironment environment) {
      super(environment);
    }

    private @Nullable Instant instant(@Nullable String text, String flag) throws CommandFailed {
      if (text == null) {
        return null;
      }
      try {
        Optional<Duration> ago = Spans.parse(text);
        return ago.isPresent()
            ? environment.clock().instant().minus(ago.get())
            : Instant.parse(text);
      } catch (DateTimeException e) {
        throw new CommandFailed(
            flag + ": '" + text + "' is neither an age such as 24h nor an instant", e);
      }
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      if (limit < 1) {
        throw new CommandFailed("--limit: " + limit + " is no number of records from 1 on");
      }
      Instant from = instant(since, "--since");
      Instant to = instant(until, "--until");
      Table table =
          new Table("Time", "Who", "From", "Method", "Sectors", "Changed", "Outcome", "Error");
      long cursor = 0;
      int left = limit;
      do {
        JsonNode page =
            api.callSelkie(
                "AuditQuery",
                new AuditFilter(from, to, method, who, sectors, cursor, Math.min(PAGE, left)));
        for (JsonNode each : page.path("Records")) {
          left--;
          if (json()) {
            printLine(out, each);
          } else {
            table.add(row(each), List.of());
          }
        }
        cursor = page.path("Cursor").asLong(0);
      } while (cursor != 0 && left > 0);
      if (!json()) {
        table.print(out);
      }
    }

    private static Map<String, String> row(JsonNode each) {
      return Map.of(
          "Time", each.path("Time").asString(),
          "Who", each.path("Who").asString(),
          "From", each.path("Remote").asString(),
          "Method", each.path("Method").asString(),
          "Sectors", sectors(each),
          "Changed", changed(each),
          "Outcome", each.path("Outcome").asString(),
          "Error", each.path("Error").asString());
    }

    private static String sectors(JsonNode each) {
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < each.path("Sectors").size(); i++) {
        out.append(out.isEmpty() ? "" : ", ").append(each.path("Sectors").get(i).asString());
        String before = each.path("Before").path(i).asString("");
        String after = each.path("After").path(i).asString("");
        if (!before.isEmpty() && !after.isEmpty()) {
          out.append(' ').append(before.equals(after) ? before : before + " -> " + after);
        }
      }
      return out.toString();
    }

    /** What stands behind the states of the sectors, the same thing before and after in one. */
    private static String changed(JsonNode each) {
      Map<String, String> before = values(each, "Before");
      Map<String, String> after = values(each, "After");
      StringBuilder out = new StringBuilder();
      before.forEach((what, value) -> {
        String now = after.remove(what);
        append(out, what, now == null || now.equals(value) ? value : value + " -> " + now);
      });
      after.forEach((what, value) -> append(out, what, value));
      return out.toString();
    }

    private static Map<String, String> values(JsonNode each, String member) {
      Map<String, String> values = new LinkedHashMap<>();
      JsonNode all = each.path(member);
      for (int i = each.path("Sectors").size(); i < all.size(); i++) {
        String text = all.get(i).asString("");
        int colon = text.indexOf(": ");
        if (colon > 0) {
          values.put(text.substring(0, colon), shown(text.substring(colon + 2)));
        }
      }
      return values;
    }

    private static String shown(String value) {
      return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "…";
    }

    private static void append(StringBuilder out, String what, String value) {
      out.append(out.isEmpty() ? "" : ", ").append(what).append(' ').append(value);
    }
  }
}
