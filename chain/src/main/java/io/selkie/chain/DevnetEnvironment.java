package io.selkie.chain;

import io.selkie.proofs.seal.VanillaVerifier;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What a devnet takes from outside.
 *
 * @param clock stamps the blocks
 * @param beacon drawn from for the genesis seed and once per block; whoever can foresee it can
 *     foresee the seeds
 * @param verifier judges the proofs
 */
public record DevnetEnvironment(
    InstantSource clock, RandomGenerator beacon, PoRepVerifier verifier) {

  /** The machine's clock and randomness, and the verifier of vanilla proofs. */
  public static DevnetEnvironment ofSystem() {
    return new DevnetEnvironment(
        InstantSource.system(), new SecureRandom(), VanillaVerifier::verify);
  }
}
