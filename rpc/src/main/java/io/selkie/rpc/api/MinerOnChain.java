package io.selkie.rpc.api;

import io.selkie.abi.TokenAmount;
import io.selkie.rpc.json.Wire;
import java.time.Instant;

/**
 * A miner's power, funds and deals at the chain's head.
 *
 * @param height the chain's height
 * @param headTime when the head was made
 * @param sectorSize bytes
 * @param rawBytePower bytes
 * @param qualityAdjPower bytes, verified ones counted ten times
 * @param totalRawBytePower of all miners
 * @param totalQualityAdjPower of all miners
 * @param liveSectors not terminated
 * @param activeSectors counted for power
 * @param faultySectors faulty ones
 * @param balance attoFIL, what is locked included
 * @param preCommitDeposits locked until proven
 * @param initialPledge locked while sectors live
 * @param vesting rewards not free yet
 * @param available free
 * @param marketBalance in escrow with the market
 * @param marketLocked locked there by deals
 * @param workerBalance what messages are paid from
 * @param activeDeals deals in proven sectors
 * @param activeDealBytes their padded sizes
 * @param waitingDeals deals published and not in a proven sector yet
 * @param waitingDealBytes their padded sizes
 */
@Wire(type = "selkie.MinerOnChain")
public record MinerOnChain(
    @Wire(type = "abi.ChainEpoch") long height,
    Instant headTime,
    @Wire(type = "abi.SectorSize") long sectorSize,
    @Wire(type = "big.Int") TokenAmount rawBytePower,
    @Wire(type = "big.Int") TokenAmount qualityAdjPower,
    @Wire(type = "big.Int") TokenAmount totalRawBytePower,
    @Wire(type = "big.Int") TokenAmount totalQualityAdjPower,
    @Wire(type = "uint64") long liveSectors,
    @Wire(type = "uint64") long activeSectors,
    @Wire(type = "uint64") long faultySectors,
    @Wire(type = "big.Int") TokenAmount balance,
    @Wire(type = "big.Int") TokenAmount preCommitDeposits,
    @Wire(type = "big.Int") TokenAmount initialPledge,
    @Wire(type = "big.Int") TokenAmount vesting,
    @Wire(type = "big.Int") TokenAmount available,
    @Wire(type = "big.Int") TokenAmount marketBalance,
    @Wire(type = "big.Int") TokenAmount marketLocked,
    @Wire(type = "big.Int") TokenAmount workerBalance,
    @Wire(type = "uint64") long activeDeals,
    @Wire(type = "uint64") long activeDealBytes,
    @Wire(type = "uint64") long waitingDeals,
    @Wire(type = "uint64") long waitingDealBytes) {}
