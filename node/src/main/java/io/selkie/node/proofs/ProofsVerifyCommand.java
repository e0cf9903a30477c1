package io.selkie.node.proofs;

import io.selkie.node.console.Output;
import io.selkie.proofs.porep.ReplicaId;
import io.selkie.proofs.seal.Commit1Output;
import io.selkie.proofs.seal.SealSector;
import io.selkie.proofs.seal.VanillaVerifier;
import io.selkie.proofs.seal.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks a vanilla proof; the exit status is the verdict. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Checks the vanilla proof in c1.json. Exit status 0 only if it holds.",
    footer = {"", "Example:", "  selkie proofs verify --dir /tmp/s && echo holds"})
final class ProofsVerifyCommand implements Callable<Integer> {

  /**
   * A proof of 64 GiB, 126 partitions of 18 challenges, is about 1.3 GB as JSON: what one array
   * holds is the limit.
   */
  private static final long MAX_PROOF_BYTES = Integer.MAX_VALUE - 8L;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description = "what 'proofs seal --out' made")
  private Path directory = Path.of("");

  @Option(names = "--json", description = "one JSON object on standard output")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Verdict verdict = verdict();
    Map<String, Object> result = new LinkedHashMap<>();
    switch (verdict) {
      case Verdict.Valid _ -> result.put("valid", true);
      case Verdict.Invalid(String reason) -> {
        result.put("valid", false);
        result.put("reason", reason);
        spec.commandLine().getErr().println("ERROR: the proof does not hold: " + reason);
        spec.commandLine().getErr().flush();
      }
    }
    Output.print(result, json);
    return verdict instanceof Verdict.Valid ? 0 : 1;
  }

  private Verdict verdict() throws IOException {
    Path file = SealedDirectory.commit1(directory);
    if (Files.size(file) > MAX_PROOF_BYTES) {
      return new Verdict.Invalid(
          file + " has " + Files.size(file) + " bytes, over the limit of " + MAX_PROOF_BYTES);
    }
    Commit1Output c1;
    try {
      c1 = Commit1Output.ofJson(Files.readAllBytes(file));
    } catch (IllegalArgumentException malformed) {
      return new Verdict.Invalid(file + ": " + malformed.getMessage());
    }
    SealedDirectory.Description said = SealedDirectory.open(directory).description();
    SealSector sector = said.sealSector();
    if (!c1.commR().hex().equals(said.commR())
        || !c1.commD().hex().equals(said.commD())
        || !c1.seed().hex().equals(said.seed())
        || !c1.ticket().equals(sector.ticket())
        || c1.proof() != sector.proof()) {
      return new Verdict.Invalid(
          file + " is a proof of another sector, seed or ticket than sector.json names");
    }
    byte[] replicaId =
        ReplicaId.compute(sector.proof(), sector.sector(), sector.ticket(), c1.commD());
    if (!Arrays.equals(c1.replicaId(), replicaId)) {
      return new Verdict.Invalid(file + " names another replica id than follows from the sector");
    }
    return VanillaVerifier.verify(
        sector.proof(),
        sector.sector(),
        c1.commR(),
        c1.commD(),
        sector.ticket(),
        c1.seed(),
        c1.toBincode());
  }
}
