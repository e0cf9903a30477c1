package io.selkie.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SealFault.Kind;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Checks the faults a sealer throws. */
final class Faults {

  private Faults() {}

  static void assertFault(ThrowingCallable call, Kind kind, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SealFault.class, fault -> Assertions.assertThat(fault.kind()).isEqualTo(kind))
        .hasMessageContaining(message);
  }
}
