package io.selkie.proofs.seal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a sector's cache directory, named as the reference names them.
 *
 * <p>Source: rust-fil-proofs, storage-proofs-core cache_key.rs; merkletree store.rs for the prefix.
 */
public final class CacheFiles {

  /** comm_c and comm_r_last, 64 bytes. */
  public static final String P_AUX = "p_aux";

  /** What stores the directory holds, bincode. */
  public static final String T_AUX = "t_aux";

  /** The data tree, all rows. */
  public static final String TREE_D = "sc-02-data-tree-d.dat";

  /** The vanilla proofs of a synthetic sector's whole pool of challenges. */
  public static final String SYNTHETIC_PROOFS = "syn-porep-vanilla-proofs.dat";

  private static final String PREFIX = "sc-02-data-";
  private static final String SUFFIX = ".dat";

  private CacheFiles() {}

  /**
   * The labels of a layer.
   *
   * @param layer 1 for the first
   */
  public static String layer(int layer) {
    return PREFIX + "layer-" + layer + SUFFIX;
  }

  /**
   * A base tree of TreeC.
   *
   * @param index 0 for the first
   * @param count base trees in all; a single one has no number in its name
   */
  public static String treeC(int index, int count) {
    return PREFIX + "tree-c" + number(index, count) + SUFFIX;
  }

  /** The kept rows of a base tree of TreeR; parameters as for {@link #treeC}. */
  public static String treeRLast(int index, int count) {
    return PREFIX + "tree-r-last" + number(index, count) + SUFFIX;
  }

  private static String number(int index, int count) {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException("base tree " + index + " of " + count);
    }
    return count == 1 ? "" : "-" + index;
  }

  /**
   * Deletes what only sealing needs: layers, TreeD, TreeC, synthetic proofs and left-over temporary
   * files. What proving over time needs stays: p_aux, t_aux, tree-r-last. Other files are not
   * touched. Running it again is harmless.
   *
   * @throws IOException if the directory cannot be listed or a file not be deleted
   */
  public static void clear(Path cacheDir) throws IOException {
    deleteMatching(cacheDir, PREFIX + "layer-");
    deleteMatching(cacheDir, PREFIX + "tree-d");
    deleteMatching(cacheDir, PREFIX + "tree-c");
    deleteMatching(cacheDir, SYNTHETIC_PROOFS);
  }

  /** Deletes the layers alone, as after the synthetic proofs are written. */
  public static void clearLayers(Path cacheDir) throws IOException {
    deleteMatching(cacheDir, PREFIX + "layer-");
  }

  private static void deleteMatching(Path cacheDir, String prefix) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(cacheDir, prefix + "*")) {
      listing.forEach(files::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
