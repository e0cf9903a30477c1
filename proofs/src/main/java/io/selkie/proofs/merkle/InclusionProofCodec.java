package io.selkie.proofs.merkle;

import io.selkie.proofs.codec.MalformedException;
import io.selkie.proofs.codec.StructureReader;
import io.selkie.proofs.codec.StructureWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The serialised form of Merkle paths: one of three variants, by the levels above the base tree.
 *
 * <p>Source: rust-fil-proofs, storage-proofs-core merkle/proof.rs (ProofData, SingleProof,
 * SubProof, TopProof, InclusionPath).
 */
public final class InclusionProofCodec {
  private static final int SINGLE = 0;
  private static final int SUB = 1;
  private static final int TOP = 2;

  private InclusionProofCodec() {}

  /** Writes a path. */
  public static void write(StructureWriter out, InclusionProof proof) {
    out.begin();
    out.field("data");
    if (proof.sub().isEmpty()) {
      out.variant(SINGLE, "Single");
      out.begin();
      writeEnds(out, proof);
      writePath(out, "path", proof.base());
      out.end();
    } else {
      boolean top = !proof.top().isEmpty();
      out.variant(top ? TOP : SUB, top ? "Top" : "Sub");
      out.begin();
      writePath(out, "base_proof", proof.base());
      writePath(out, "sub_proof", proof.sub());
      if (top) {
        writePath(out, "top_proof", proof.top());
      }
      writeEnds(out, proof);
      out.end();
    }
    out.endVariant();
    out.end();
  }

  private static void writeEnds(StructureWriter out, InclusionProof proof) {
    out.field("root");
    out.node(proof.root());
    out.field("leaf");
    out.node(proof.leaf());
  }

  private static void writePath(StructureWriter out, String name, List<PathElement> path) {
    out.field(name);
    out.begin();
    out.field("path");
    out.sequence(path.size());
    for (PathElement element : path) {
      out.begin();
      out.field("hashes");
      writeNodes(out, element.hashes());
      out.field("index");
      out.u64(element.index());
      out.end();
    }
    out.endSequence();
    out.end();
  }

  /** Writes a sequence of nodes. */
  public static void writeNodes(StructureWriter out, List<byte[]> nodes) {
    out.sequence(nodes.size());
    for (byte[] node : nodes) {
      out.node(node);
    }
    out.endSequence();
  }

  /** Reads a path through TreeD. */
  public static InclusionProof readBinary(StructureReader in, int levels)
      throws MalformedException {
    return read(in, 2, levels, 0, 0);
  }

  /** Reads a path through a tree of this shape. */
  public static InclusionProof read(StructureReader in, TreeShape shape) throws MalformedException {
    return read(in, TreeShape.BASE_ARITY, shape.baseLevels(), shape.subArity(), shape.topArity());
  }

  private static InclusionProof read(
      StructureReader in, int baseArity, int levels, int subArity, int topArity)
      throws MalformedException {
    in.begin();
    in.field("data");
    InclusionProof proof;
    if (subArity == 0) {
      in.variant(SINGLE, "Single");
      in.begin();
      byte[] root = readNode(in, "root");
      byte[] leaf = readNode(in, "leaf");
      List<PathElement> base = readPath(in, "path", levels, baseArity);
      proof = new InclusionProof(root, leaf, base, List.of(), List.of());
    } else {
      boolean top = topArity != 0;
      in.variant(top ? TOP : SUB, top ? "Top" : "Sub");
      in.begin();
      List<PathElement> base = readPath(in, "base_proof", levels, baseArity);
      List<PathElement> sub = readPath(in, "sub_proof", 1, subArity);
      List<PathElement> upper = top ? readPath(in, "top_proof", 1, topArity) : List.of();
      byte[] root = readNode(in, "root");
      proof = new InclusionProof(root, readNode(in, "leaf"), base, sub, upper);
    }
    in.end();
    in.endVariant();
    in.end();
    return proof;
  }

  private static byte[] readNode(StructureReader in, String name) throws MalformedException {
    in.field(name);
    return in.node();
  }

  private static List<PathElement> readPath(StructureReader in, String name, int levels, int arity)
      throws MalformedException {
    List<PathElement> path = new ArrayList<>();
    in.field(name);
    in.begin();
    in.field("path");
    in.sequence(levels);
    for (int level = 0; level < levels; level++) {
      in.begin();
      in.field("hashes");
      List<byte[]> hashes = readNodes(in, arity - 1);
      in.field("index");
      path.add(new PathElement(hashes, in.u64()));
      in.end();
    }
    in.endSequence();
    in.end();
    return List.copyOf(path);
  }

  /** Reads a sequence of {@code count} nodes. */
  public static List<byte[]> readNodes(StructureReader in, int count) throws MalformedException {
    List<byte[]> nodes = new ArrayList<>();
    in.sequence(count);
    for (int i = 0; i < count; i++) {
      nodes.add(in.node());
    }
    in.endSequence();
    return List.copyOf(nodes);
  }
}
