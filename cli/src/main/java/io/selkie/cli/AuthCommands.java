package io.selkie.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
    return Group.of("auth", "Make tokens.")
        .addSubcommand(new CreateToken(environment))
        .addSubcommand(new ApiInfo(environment));
  }

  private static String token(Api api, @Nullable String permission, String hint)
      throws CommandFailed {
    if (permission == null) {
      throw new CommandFailed("--perm flag not set" + hint);
    }
    int last = PERMISSIONS.indexOf(permission);
    if (last < 0) {
      throw new CommandFailed(
          "--perm flag has to be one of: [" + String.join(" ", PERMISSIONS) + "]");
    }
    String base64 = api.call("AuthNew", PERMISSIONS.subList(0, last + 1)).asString("");
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
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

    CreateToken(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      String token = token(api, permission, "");
      if (json()) {
        print(out, mapper().createObjectNode().put("Token", token));
      } else {
        out.println(token);
      }
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
