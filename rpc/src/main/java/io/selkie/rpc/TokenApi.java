package io.selkie.rpc;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Serves {@link AuthApi} from one secret. */
public final class TokenApi implements AuthApi {

  private final Tokens tokens;

  /**
   * @param tokens makes and judges them
   */
  public TokenApi(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public byte[] authNew(@Nullable List<String> permissions) {
    return tokens.create(permissions, Optional.empty()).getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public @Nullable List<String> authVerify(String token) throws RpcFault {
    try {
      return tokens.verify(token);
    } catch (Tokens.Rejected e) {
      throw new RpcFault("JWT Verification failed: " + e.getMessage());
    }
  }

  @Override
  public @Nullable List<String> storageAuthVerify(String token) throws RpcFault {
    return authVerify(token);
  }
}
