/** Vector kernels, found at run time, equal to the scalar ones bit for bit. */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.simd;
