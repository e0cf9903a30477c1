package io.selkie.pipeline;

import io.selkie.abi.Cid;
import io.selkie.abi.SectorId;
import java.util.List;
import java.util.Optional;

/**
 * What became of a message for several sectors.
 *
 * @param sectors in it
 * @param message its CID, if the chain took it
 * @param error why not, otherwise empty
 */
public record BatchResult(List<SectorId> sectors, Optional<Cid> message, String error) {}
