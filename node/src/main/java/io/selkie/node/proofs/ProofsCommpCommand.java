package io.selkie.node.proofs;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.cli.ZeroFilled;
import io.selkie.node.console.Output;
import io.selkie.proofs.pieces.PieceCommitment;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Computes a file's piece commitment. */
@Command(
    name = "commp",
    mixinStandardHelpOptions = true,
    description = "A file's piece commitment; the file is zero-padded up to the next piece size.",
    footer = {"", "Example:", "  selkie proofs commp movie.mkv --json"})
final class ProofsCommpCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "the client's file")
  private Path file = Path.of("");

  @Option(names = "--json", description = "one JSON object on standard output")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    UnpaddedPieceSize size = UnpaddedPieceSize.fitting(ZeroFilled.fileBytes(file));
    Commitment commP;
    try (InputStream in = ZeroFilled.open(file, size.bytes())) {
      commP = PieceCommitment.compute(in, size);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("unpadded_size", size.bytes());
    result.put("padded_size", size.padded().bytes());
    result.put("comm_p", commP.hex());
    result.put("piece_cid", Cid.ofUnsealed(commP).toString());
    Output.print(result, json);
    return 0;
  }
}
