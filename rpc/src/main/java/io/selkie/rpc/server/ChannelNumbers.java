package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;

/** Numbers the channels of one connection. */
@FunctionalInterface
interface ChannelNumbers {

  /**
   * The next one.
   *
   * @throws RpcFault if there are too many already
   */
  long next() throws RpcFault;
}
