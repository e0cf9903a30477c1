/**
 * The two serialisations of the reference's structures, JSON and bincode, behind one pair of
 * interfaces: a structure is described once and comes out in both.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.codec;
