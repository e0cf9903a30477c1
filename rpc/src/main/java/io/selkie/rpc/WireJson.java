package io.selkie.rpc;

import io.selkie.abi.Address;

/** Values of the contract as JSON outside of an answer, such as one that is streamed. */
public final class WireJson {

  private final WireWriter writer;

  /** Writes addresses for this network. */
  public WireJson(Address.Network network) {
    writer = new WireWriter(network, new WireTypes());
  }

  /** The record as the API writes it. */
  public String text(Record value) {
    StringBuilder out = new StringBuilder();
    writer.plain(out, value);
    return out.toString();
  }
}
