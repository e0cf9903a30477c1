package io.selkie.proofs.post;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.SectorNumber;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Goal: challenges are the reference's. Method: worked examples of all three numberings. */
final class PostChallengesTest {

  private static final Randomness SEVENS = new Randomness(filled(7));

  private static byte[] filled(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void winningSectors_workedExample_isTheReferences() {
    assertThat(PostChallenges.winningSectors(filled(3), SEVENS, 10, 3)).containsExactly(3, 3, 8);
    assertThatThrownBy(() -> PostChallenges.winningSectors(filled(3), SEVENS, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nodes_ofTheFirstSector_areTheSameInAllKinds() {
    SectorNumber number = new SectorNumber(42);
    for (RegisteredPoStProof type :
        new RegisteredPoStProof[] {
          RegisteredPoStProof.WINDOW_2KIB_V1,
          RegisteredPoStProof.WINDOW_2KIB_V1_1,
          RegisteredPoStProof.WINNING_2KIB_V1
        }) {
      assertThat(PostChallenges.nodes(type, SEVENS, number, 0))
          .hasSize(type.challenges())
          .startsWith(17, 52, 50, 23, 61, 25, 10, 52, 60, 38);
    }
  }

  @Test
  void nodes_ofTheSecondSector_areNumberedOnOnlyInTheOldKind() {
    SectorNumber number = new SectorNumber(43);
    assertThat(PostChallenges.nodes(RegisteredPoStProof.WINDOW_2KIB_V1, SEVENS, number, 1))
        .containsExactly(33, 25, 11, 32, 14, 9, 39, 38, 11, 57);
    assertThat(PostChallenges.nodes(RegisteredPoStProof.WINDOW_2KIB_V1_1, SEVENS, number, 1))
        .containsExactly(58, 56, 58, 56, 6, 25, 31, 24, 15, 42);
  }

  @Test
  void randomness_withTopBits_isTakenWithoutThem() {
    Randomness ones = new Randomness(filled(0xff));
    assertThat(PostChallenges.fieldElement(ones)).endsWith(0xff, 0x3f);
    Randomness cleared = new Randomness(PostChallenges.fieldElement(ones));
    SectorNumber number = new SectorNumber(1);
    assertThat(PostChallenges.nodes(RegisteredPoStProof.WINDOW_8MIB_V1_1, ones, number, 0))
        .isEqualTo(PostChallenges.nodes(RegisteredPoStProof.WINDOW_8MIB_V1_1, cleared, number, 0));
  }
}
