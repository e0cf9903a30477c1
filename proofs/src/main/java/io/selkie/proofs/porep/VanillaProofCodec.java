package io.selkie.proofs.porep;

import io.selkie.proofs.codec.MalformedException;
import io.selkie.proofs.codec.StructureReader;
import io.selkie.proofs.codec.StructureWriter;
import io.selkie.proofs.merkle.InclusionProofCodec;
import io.selkie.proofs.merkle.TreeShape;
import java.util.ArrayList;
import java.util.List;

/**
 * The serialised form of vanilla proofs, field by field as the reference derives it.
 *
 * <p>Source: rust-fil-proofs, storage-proofs-porep stacked/vanilla/params.rs (Proof), column.rs,
 * column_proof.rs, labeling_proof.rs.
 */
public final class VanillaProofCodec {
  private VanillaProofCodec() {}

  /** Writes the proofs of all partitions. */
  public static void write(StructureWriter out, List<List<VanillaProof>> partitions) {
    out.sequence(partitions.size());
    for (List<VanillaProof> partition : partitions) {
      out.sequence(partition.size());
      for (VanillaProof proof : partition) {
        write(out, proof);
      }
      out.endSequence();
    }
    out.endSequence();
  }

  /** Reads the proofs of all partitions, exactly as many as the shape has. */
  public static List<List<VanillaProof>> read(StructureReader in, ProofShape shape)
      throws MalformedException {
    List<List<VanillaProof>> partitions = new ArrayList<>();
    in.sequence(shape.partitions());
    for (int k = 0; k < shape.partitions(); k++) {
      List<VanillaProof> proofs = new ArrayList<>();
      in.sequence(shape.challengesPerPartition());
      for (int i = 0; i < shape.challengesPerPartition(); i++) {
        proofs.add(readProof(in, shape));
      }
      in.endSequence();
      partitions.add(List.copyOf(proofs));
    }
    in.endSequence();
    return List.copyOf(partitions);
  }

  private static void write(StructureWriter out, VanillaProof proof) {
    out.begin();
    out.field("comm_d_proofs");
    InclusionProofCodec.write(out, proof.commD());
    out.field("comm_r_last_proof");
    InclusionProofCodec.write(out, proof.commRLast());
    out.field("replica_column_proofs");
    out.begin();
    out.field("c_x");
    write(out, proof.column());
    out.field("drg_parents");
    writeColumns(out, proof.drgParents());
    out.field("exp_parents");
    writeColumns(out, proof.expParents());
    out.end();
    out.field("labeling_proofs");
    out.sequence(proof.labeling().size());
    for (LabelingProof labeling : proof.labeling()) {
      write(out, labeling);
    }
    out.endSequence();
    out.field("encoding_proof");
    write(out, proof.encoding());
    out.end();
  }

  private static VanillaProof readProof(StructureReader in, ProofShape shape)
      throws MalformedException {
    in.begin();
    in.field("comm_d_proofs");
    var commD = InclusionProofCodec.readBinary(in, shape.treeDLevels());
    in.field("comm_r_last_proof");
    var commRLast = InclusionProofCodec.read(in, shape.tree());
    in.field("replica_column_proofs");
    in.begin();
    in.field("c_x");
    var column = readColumn(in, shape);
    in.field("drg_parents");
    var drgParents = readColumns(in, shape, ProofShape.BASE_PARENTS);
    in.field("exp_parents");
    var expParents = readColumns(in, shape, ProofShape.EXPANDER_PARENTS);
    in.end();
    in.field("labeling_proofs");
    List<LabelingProof> labeling = new ArrayList<>();
    in.sequence(shape.layers());
    for (int layer = 1; layer <= shape.layers(); layer++) {
      labeling.add(readLabeling(in));
    }
    in.endSequence();
    in.field("encoding_proof");
    var encoding = readLabeling(in);
    in.end();
    return new VanillaProof(
        commD, commRLast, column, drgParents, expParents, List.copyOf(labeling), encoding);
  }

  private static void writeColumns(StructureWriter out, List<ColumnProof> columns) {
    out.sequence(columns.size());
    for (ColumnProof column : columns) {
      write(out, column);
    }
    out.endSequence();
  }

  private static List<ColumnProof> readColumns(StructureReader in, ProofShape shape, int count)
      throws MalformedException {
    List<ColumnProof> columns = new ArrayList<>();
    in.sequence(count);
    for (int i = 0; i < count; i++) {
      columns.add(readColumn(in, shape));
    }
    in.endSequence();
    return List.copyOf(columns);
  }

  private static void write(StructureWriter out, ColumnProof proof) {
    out.begin();
    out.field("column");
    out.begin();
    out.field("index");
    out.u32(proof.index());
    out.field("rows");
    InclusionProofCodec.writeNodes(out, proof.rows());
    out.phantom("_h");
    out.end();
    out.field("inclusion_proof");
    InclusionProofCodec.write(out, proof.inclusion());
    out.end();
  }

  private static ColumnProof readColumn(StructureReader in, ProofShape shape)
      throws MalformedException {
    in.begin();
    in.field("column");
    in.begin();
    in.field("index");
    long index = in.u32();
    in.field("rows");
    List<byte[]> rows = InclusionProofCodec.readNodes(in, shape.layers());
    in.phantom("_h");
    in.end();
    in.field("inclusion_proof");
    TreeShape tree = shape.tree();
    var inclusion = InclusionProofCodec.read(in, tree);
    in.end();
    return new ColumnProof(index, rows, inclusion);
  }

  private static void write(StructureWriter out, LabelingProof proof) {
    out.begin();
    out.field("parents");
    InclusionProofCodec.writeNodes(out, proof.parents());
    out.field("layer_index");
    out.u32(proof.layer());
    out.field("node");
    out.u64(proof.node());
    out.end();
  }

  private static LabelingProof readLabeling(StructureReader in) throws MalformedException {
    in.begin();
    in.field("parents");
    List<byte[]> parents = InclusionProofCodec.readNodes(in, ProofShape.LABEL_PARENTS);
    in.field("layer_index");
    long layer = in.u32();
    in.field("node");
    long node = in.u64();
    in.end();
    return new LabelingProof(parents, layer, node);
  }
}
