package io.selkie.node.recovery;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorSize;
import io.selkie.chain.Devnet;
import io.selkie.pipeline.SectorJournal;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.StorageInventory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * What recovery looks at.
 *
 * @param miner whose sectors
 * @param sectorSize of all of them
 * @param journal the journal
 * @param chain the chain, unless it cannot be opened
 * @param chainTrouble why it cannot; empty if it can
 * @param disk what lies on the storage paths at a moment
 * @param index the running node's index; empty where none runs
 * @param trashRetention how long removed files are kept
 * @param clock the time
 */
public record RecoverySite(
    ActorId miner,
    SectorSize sectorSize,
    SectorJournal journal,
    Optional<Devnet> chain,
    String chainTrouble,
    Function<Instant, StorageInventory> disk,
    Optional<SectorIndex> index,
    Duration trashRetention,
    InstantSource clock) {}
