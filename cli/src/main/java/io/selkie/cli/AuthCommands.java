package io.selkie.cli;

import io.selkie.rpc.token.TokenRequest;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code auth}: tokens. */
final class AuthCommands {

  /** A token of one permission has all before it too. */
  private static final List<String> PERMISSIONS = List.of("read", "write", "sign", "admin");

  private AuthCommands() {}

  static CommandLine all(CliEnvironment environment) {
    return Group.of("auth", "Make tokens, end them, and see what was done with them.")
        .addSubcommand(new CreateToken(environment))
        .addSubcommand(new ApiInfo(environment))
        .addSubcommand(new TokenCommands.ListTokens(environment))
        .addSubcommand(new TokenCommands.Revoke(environment))
        .addSubcommand(new TokenCommands.Audit(environment));
  }

  private static String token(Api api, @Nullable String permission, String hint)
      throws CommandFailed {
    String base64 = api.call("AuthNew", upTo(permission, hint)).asString("");
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }

  private static List<String> upTo(@Nullable String permission, String hint) throws CommandFailed {
    if (permission == null) {
      throw new CommandFailed("--perm flag not set" + hint);
    }
    int last = PERMISSIONS.indexOf(permission);
    if (last < 0) {
      throw new CommandFailed(
          "--perm flag has to be one of: [" + String.join(" ", PERMISSIONS) + "]");
    }
    return PERMISSIONS.subList(0, last + 1);
  }

  @Command(
      name = "create-token",
      description = "Make a token.",
      footer = {"", "Example:", "  selkie auth create-token --perm read"})
  static final class CreateToken extends ApiCommand {

    @Option(
        names = "--perm",
        paramLabel = "PERMISSION",
        description = "What it allows: read, write, sign or admin, each with those before it.")
    @Nullable String permission;

    @Option(names = "--name", paramLabel = "NAME", description = "What it is called.")
    String name = "";

    @Option(names = "--expires-in", paramLabel = "TIME", description = "How long, such as 30d.")
    @Nullable String expiresIn;

    @Option(
        names = "--method",
        paramLabel = "NAME",
        description = "Only this method, or Filecoin.Sectors*; may be repeated.")
    List<String> methods = List.of();

    @Option(names = "--miner", paramLabel = "ADDRESS", description = "Only this miner's node.")
    String miner = "";

    @Option(names = "--sectors", paramLabel = "RANGES", description = "Only these, as 0-99,200.")
    String sectors = "";

    CreateToken(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      String token = plain() ? token(api, permission, "") : narrowed(api);
      if (json()) {
        print(out, mapper().createObjectNode().put("Token", token));
      } else {
        out.println(token);
      }
    }

    private boolean plain() {
      return name.isEmpty()
          && expiresIn == null
          && methods.isEmpty()
          && miner.isEmpty()
          && sectors.isEmpty();
    }

    /** Asked of Selkie's own method: the reference knows no ends, names and scopes. */
    private String narrowed(Api api) throws CommandFailed {
      Duration good =
          expiresIn == null ? Duration.ZERO : TokenCommands.span(expiresIn, "--expires-in");
      List<String> allow = upTo(permission, "");
      return api.callSelkie(
              "TokenNew", new TokenRequest(name, allow, good, methods, miner, sectors))
          .path("Token")
          .asString();
    }
  }

  @Command(
      name = "api-info",
      description = "Make a token and print it as MINER_API_INFO, with the node's address.",
      footer = {"", "Example:", "  export $(selkie auth api-info --perm write)"})
  static final class ApiInfo extends ApiCommand {

    @Option(
        names = "--perm",
        paramLabel = "PERMISSION",
        description = "What it allows: read, write, sign or admin, each with those before it.")
    @Nullable String permission;

    ApiInfo(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      String token = token(api, permission, ", use with one of: " + String.join(", ", PERMISSIONS));
      String info = token + ":" + api.endpoint().multiaddress();
      if (json()) {
        print(out, mapper().createObjectNode().put("MINER_API_INFO", info));
      } else {
        out.println("MINER_API_INFO=" + info);
      }
    }
  }
}
