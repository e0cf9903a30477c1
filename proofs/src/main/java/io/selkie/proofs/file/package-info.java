/** Sector files: mapped to read with their size checked, written so that a crash leaves no half. */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.file;
