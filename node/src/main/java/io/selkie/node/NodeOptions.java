package io.selkie.node;

import io.selkie.abi.SectorSize;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the command line says of a node.
 *
 * @param repo its directory
 * @param listen where the API listens, above the configuration
 * @param sectorSize of a new devnet
 * @param blockDelay of a new devnet
 * @param batchWait of a new devnet's messages; zero derives it from the block delay
 * @param keepUnsealed whether a new miner keeps unsealed copies of all client data
 * @param parentsCache where graph parents are kept; empty for within the repository
 * @param backupBase the directory below which callers may have copies of the journal made
 */
public record NodeOptions(
    Path repo,
    Optional<InetSocketAddress> listen,
    Optional<SectorSize> sectorSize,
    Optional<Duration> blockDelay,
    Duration batchWait,
    boolean keepUnsealed,
    Optional<Path> parentsCache,
    Optional<String> backupBase) {}
