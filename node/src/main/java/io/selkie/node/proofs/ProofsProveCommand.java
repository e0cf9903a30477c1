package io.selkie.node.proofs;

import io.selkie.abi.Randomness;
import io.selkie.node.console.Output;
import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.seal.Commit1Output;
import io.selkie.proofs.seal.SealCommit1;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Proves a sealed sector again, for another seed. */
@Command(
    name = "prove",
    mixinStandardHelpOptions = true,
    description = "The vanilla proof of a sealed directory for a seed; replaces c1.json.",
    footer = {"", "Example:", "  selkie proofs prove --dir /tmp/s --seed 33…00"})
final class ProofsProveCommand implements Callable<Integer> {

  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description = "what 'proofs seal --out' made")
  private Path directory = Path.of("");

  @Option(names = "--seed", required = true, paramLabel = "HEX", description = "32 bytes")
  private String seed = "";

  @Option(names = "--json", description = "one JSON object on standard output")
  private boolean json;

  @Mixin private SealOptions options = new SealOptions();

  @Override
  public Integer call() throws Exception {
    SealedDirectory from = SealedDirectory.open(directory);
    Randomness seedValue = options.randomness("--seed", seed);
    long start = System.nanoTime();
    Commit1Output c1 =
        SealCommit1.run(
            from.description().sealSector(),
            seedValue,
            from.description().preCommit2(),
            from.description().pieceInfos(),
            SealedDirectory.sealed(directory),
            SealedDirectory.cache(directory),
            options.context(json));
    double seconds = (System.nanoTime() - start) / 1e9;
    PendingFile.writeWhole(SealedDirectory.commit1(directory), c1.toJson());
    new SealedDirectory(directory, from.description().withSeed(seedValue.hex())).save();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("comm_r", from.description().commR());
    result.put("challenges", ProofsSealCommand.challenges(c1));
    result.put("seconds", seconds);
    Output.print(result, json);
    return 0;
  }
}
