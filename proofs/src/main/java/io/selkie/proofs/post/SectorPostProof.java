package io.selkie.proofs.post;

import io.selkie.abi.Commitment;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.codec.BincodeReader;
import io.selkie.proofs.codec.BincodeWriter;
import io.selkie.proofs.codec.MalformedException;
import io.selkie.proofs.codec.StructureReader;
import io.selkie.proofs.codec.StructureWriter;
import io.selkie.proofs.merkle.InclusionProof;
import io.selkie.proofs.merkle.InclusionProofCodec;
import io.selkie.proofs.merkle.TreeShape;
import java.util.ArrayList;
import java.util.List;

/**
 * The vanilla proof of one sector: the challenged nodes of the replica and their paths.
 *
 * <p>Source: rust-fil-proofs, filecoin-proofs types/mod.rs (FallbackPoStSectorProof),
 * storage-proofs-post fallback/vanilla.rs (Proof, SectorProof). Sector number and CommR in it are
 * labels for whoever puts proofs together; the verifier holds them to what it expects.
 *
 * @param sector the number that its challenges were drawn with
 * @param commR the commitment that the two roots hash to
 * @param paths one for each challenge, in their order
 * @param commC the root of TreeC, 32 bytes
 * @param commRLast the root of TreeR, 32 bytes
 */
public record SectorPostProof(
    SectorNumber sector,
    Commitment commR,
    List<InclusionProof> paths,
    byte[] commC,
    byte[] commRLast) {

  /** The reference keeps a list here and always puts one sector into it. */
  private static final int SECTORS = 1;

  /** The reference's serialisation, byte for byte. */
  public byte[] toBincode() {
    BincodeWriter out = new BincodeWriter();
    write(out);
    return out.toBytes();
  }

  void write(StructureWriter out) {
    out.u64(sector.value());
    out.node(commR.bytes());
    out.sequence(SECTORS);
    out.sequence(paths.size());
    for (InclusionProof path : paths) {
      InclusionProofCodec.write(out, path);
    }
    out.endSequence();
    out.node(commC);
    out.node(commRLast);
    out.endSequence();
  }

  /**
   * Reads {@link #toBincode}.
   *
   * @param size fixes the length of every path
   * @param challenges how many paths there must be
   * @throws MalformedException for anything else
   */
  public static SectorPostProof ofBincode(SectorSize size, int challenges, byte[] bincode)
      throws MalformedException {
    BincodeReader in = new BincodeReader(bincode);
    SectorPostProof proof = read(in, size, challenges);
    in.finish();
    return proof;
  }

  static SectorPostProof read(StructureReader in, SectorSize size, int challenges)
      throws MalformedException {
    SectorNumber number = new SectorNumber(in.u64());
    Commitment commR = new Commitment(in.node());
    in.sequence(SECTORS);
    in.sequence(challenges);
    TreeShape shape = TreeShape.of(size);
    List<InclusionProof> paths = new ArrayList<>(challenges);
    for (int i = 0; i < challenges; i++) {
      paths.add(InclusionProofCodec.read(in, shape));
    }
    in.endSequence();
    byte[] commC = in.node();
    byte[] commRLast = in.node();
    in.endSequence();
    return new SectorPostProof(number, commR, List.copyOf(paths), commC, commRLast);
  }
}
