package io.selkie.rpc.server;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Accepts connections whose ends can be watched while a request is being answered. */
final class PeekingConnector extends ServerConnector {

  PeekingConnector(Server server, HttpConnectionFactory http) {
    super(server, http);
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    PeekingEndPoint end =
        new PeekingEndPoint(channel, selector, key, getScheduler(), getExecutor());
    end.setIdleTimeout(getIdleTimeout());
    return end;
  }
}
