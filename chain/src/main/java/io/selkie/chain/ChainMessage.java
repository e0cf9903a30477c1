package io.selkie.chain;

import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.abi.DagCborReader;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.TokenAmount;

/**
 * A message between actors.
 *
 * <p>Source: go-state-types; lotus chain/types/message.go. Its CID is that of its DAG-CBOR.
 *
 * @param to who receives it
 * @param from who sends it
 * @param nonce counts the sender's messages from 0
 * @param value what is paid with it
 * @param gasLimit 0 on the devnet, which has no gas
 * @param gasFeeCap 0 on the devnet
 * @param gasPremium 0 on the devnet
 * @param method the number of the method; 0 only pays
 * @param params the method's parameters
 */
record ChainMessage(
    Address to,
    Address from,
    long nonce,
    TokenAmount value,
    long gasLimit,
    TokenAmount gasFeeCap,
    TokenAmount gasPremium,
    long method,
    byte[] params) {

  /** A message without gas. */
  static ChainMessage ofDevnet(
      Address to, Address from, long nonce, TokenAmount value, long method, byte[] params) {
    return new ChainMessage(
        to, from, nonce, value, 0, TokenAmount.ZERO, TokenAmount.ZERO, method, params);
  }

  Cid cid() {
    return Cid.ofDagCbor(encode());
  }

  byte[] encode() {
    return new DagCborWriter()
        .array(10)
        .integer(0)
        .address(to)
        .address(from)
        .unsigned(nonce)
        .amount(value)
        .integer(gasLimit)
        .amount(gasFeeCap)
        .amount(gasPremium)
        .unsigned(method)
        .bytes(params)
        .toByteArray();
  }

  /**
   * Reads {@link #encode}.
   *
   * @throws io.selkie.abi.DagCborException for anything else
   */
  static ChainMessage decode(byte[] block) {
    DagCborReader in = new DagCborReader(block);
    in.tuple(10);
    long version = in.integer();
    if (version != 0) {
      throw new IllegalArgumentException("message version " + version + ", only 0 is known");
    }
    ChainMessage message =
        new ChainMessage(
            in.address(),
            in.address(),
            in.unsigned(),
            in.amount(),
            in.integer(),
            in.amount(),
            in.amount(),
            in.unsigned(),
            in.bytes(block.length));
    in.end();
    return message;
  }
}
