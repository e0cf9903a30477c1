package io.selkie.node;

import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorStatus;
import io.selkie.rpc.token.AuditTrail;
import io.selkie.rpc.token.RepoFiles;
import io.selkie.rpc.token.TokenApi;
import io.selkie.rpc.token.TokenBook;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may do what here, and what they did: the tokens of a repository and the record of calls.
 *
 * @param tokens judges them
 * @param api makes, lists and ends them
 * @param book the list
 */
public record NodeAccess(Tokens tokens, TokenApi api, TokenBook book) implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeAccess.class);

  /**
   * Opens the tokens of a repository.
   *
   * @throws IOException if secret or list are damaged or readable by others
   */
  public static NodeAccess open(RepoFiles files) throws IOException {
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    byte[] secret = files.secret(random);
    TokenBook book = TokenBook.open(files.tokenList(), clock);
    Tokens tokens = new Tokens(secret, clock, book);
    TokenApi api = new TokenApi(tokens, book, files, clock, random);
    api.renewOperatorToken();
    return new NodeAccess(tokens, api, book);
  }

  /** Opens the record of calls, which shows states as this pipeline has them. */
  static AuditTrail record(Path repo, SectorPipeline pipeline) throws IOException {
    return AuditTrail.open(
        repo.resolve("audit"),
        InstantSource.system(),
        sector -> stateOf(pipeline, sector),
        AuditTrail.Limits.DEFAULT);
  }

  private static String stateOf(SectorPipeline pipeline, long sector) {
    if (sector < 0) {
      return "";
    }
    try {
      Optional<SectorStatus> status = pipeline.status(new SectorNumber(sector));
      return status.map(each -> each.record().state()).orElse("");
    } catch (IOException unreadable) {
      LOG.warn("the state of sector {} is missing from the record of calls", sector, unreadable);
      return "unreadable";
    }
  }

  @Override
  public void close() {
    book.close();
  }
}
