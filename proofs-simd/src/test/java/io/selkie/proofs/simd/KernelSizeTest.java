package io.selkie.proofs.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the vector kernels to sizes the just-in-time compiler compiles well. */
final class KernelSizeTest {

  /** HotSpot does not compile longer methods at all (HugeMethodLimit). */
  private static final int HUGE_METHOD_BYTES = 8000;

  /** Longer methods are never inlined, however hot (FreqInlineSize). */
  private static final int INLINED_BYTES = 325;

  /**
   * Calls of the Vector API in one method. At about 130 the kernels here compile to registers; with
   * all rows of a product written out, at several hundred, the calls stay calls.
   */
  private static final int VECTOR_CALLS = 160;

  @Test
  void everyMethod_isShortEnoughToBeCompiled() throws IOException {
    for (Class<?> type : new Class<?>[] {FrLanes.class, PoseidonLanes.class}) {
      sizes(type)
          .forEach((method, bytes) ->
              assertThat(bytes)
                  .as("bytes of %s.%s", type.getSimpleName(), method)
                  .isPositive()
                  .isLessThanOrEqualTo(HUGE_METHOD_BYTES));
    }
  }

  @Test
  void innerMethods_areShortEnoughToBeInlined() throws IOException {
    assertThat(sizes(FrLanes.class))
        .extractingByKeys("load", "carryWithConstant", "carryWithElement")
        .allSatisfy(bytes -> assertThat(bytes).isLessThanOrEqualTo(INLINED_BYTES));
  }

  @Test
  void kernels_callTheVectorApiFewTimesEach() throws IOException {
    int kernels = 0;
    for (MethodModel method : parse(FrLanes.class).methods()) {
      long calls =
          method
              .code()
              .orElseThrow()
              .elementStream()
              .filter(element ->
                  element instanceof InvokeInstruction call
                      && call.owner().asInternalName().startsWith("jdk/incubator/vector/"))
              .count();
      assertThat(calls)
          .as("Vector API calls in %s", method.methodName().stringValue())
          .isLessThanOrEqualTo(VECTOR_CALLS);
      if (calls > 0) {
        kernels++;
      }
    }
    assertThat(kernels).isGreaterThanOrEqualTo(4);
  }

  private static Map<String, Integer> sizes(Class<?> type) throws IOException {
    return parse(type).methods().stream()
        .collect(
            Collectors.toMap(
                method -> method.methodName().stringValue(),
                method -> ((CodeAttribute) method.code().orElseThrow()).codeLength()));
  }

  private static ClassModel parse(Class<?> type) throws IOException {
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return ClassFile.of().parse(Objects.requireNonNull(in).readAllBytes());
    }
  }
}
