package io.selkie.cli;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A command that asks the node something and prints the answer. */
abstract class ApiCommand implements Callable<Integer> {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final JsonMapper LINES = JsonMapper.builder().build();

  final CliEnvironment environment;

  @Mixin ApiOptions options = new ApiOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  ApiCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  /** Asks and prints. */
  abstract void run(Api api, PrintWriter out) throws CommandFailed;

  @Override
  public final Integer call() throws CommandFailed {
    PrintWriter out = spec.commandLine().getOut();
    try (Api api = Api.open(environment, options)) {
      run(api, out);
    } finally {
      out.flush();
    }
    return 0;
  }

  final boolean json() {
    return options.json;
  }

  /** The colours in use: as asked for, else those of a terminal. */
  final Paint paint() {
    Boolean asked = options.color;
    return new Paint(asked == null ? environment.terminal().output() : asked);
  }

  /** A bar over bytes on standard error; none where that is no terminal, or machines read. */
  final Progress progress(String what, long total) {
    return progress(what, total, Format::size);
  }

  /** As above, counted in units of another kind. */
  final Progress progress(String what, long total, LongFunction<String> units) {
    return new Progress(
        spec.commandLine().getErr(),
        environment.terminal().error() && !json(),
        environment.clock(),
        what,
        total,
        units);
  }

  /** Prints one entry of a list: one line of JSON. */
  static void printLine(PrintWriter out, JsonNode value) {
    out.println(LINES.writeValueAsString(value));
  }

  static void print(PrintWriter out, JsonNode value) {
    out.println(JSON.writeValueAsString(value));
  }

  static JsonMapper mapper() {
    return JSON;
  }

  /**
   * The number that {@code text} writes, 64 unsigned bits.
   *
   * @throws CommandFailed in the words of Go's parser, after {@code prefix}
   */
  static BigInteger sectorNumber(String text, String prefix) throws CommandFailed {
    String parsing = prefix + "strconv.ParseUint: parsing \"" + text + "\": ";
    if (!text.matches("[0-9]+")) {
      throw new CommandFailed(parsing + "invalid syntax");
    }
    BigInteger number = new BigInteger(text);
    if (number.bitLength() > Long.SIZE) {
      throw new CommandFailed(parsing + "value out of range");
    }
    return number;
  }
}
