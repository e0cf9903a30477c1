package io.selkie.node.workers.program;

import io.selkie.rpc.RpcFault;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node of any interface that notes what it is called with, and refuses what it is told to. */
final class RecordingNode {

  /** A call that came. */
  record Came(String method, List<Object> arguments) {}

  /** Why a call is refused. */
  @FunctionalInterface
  interface Refusal {
    Optional<RpcFault> to(String method, int count);
  }

  private final List<Came> all = new ArrayList<>();
  private volatile Refusal refusal = (_, _) -> Optional.empty();

  /** From now on; {@code count} is how often the method was called, from 1. */
  void refusing(Refusal next) {
    refusal = next;
  }

  synchronized List<Came> calls(String method) {
    return all.stream().filter(each -> each.method.equals(method)).toList();
  }

  <T> T as(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              note(method.getName(), arguments);
              return null;
            }));
  }

  private void note(String method, @Nullable Object @Nullable [] arguments) throws RpcFault {
    int count;
    synchronized (this) {
      List<Object> given = new ArrayList<>();
      for (Object each : arguments == null ? new Object[0] : arguments) {
        given.add(String.valueOf(each));
      }
      all.add(new Came(method, given));
      count = calls(method).size();
      notifyAll();
    }
    Optional<RpcFault> fault = refusal.to(method, count);
    if (fault.isPresent()) {
      throw fault.get();
    }
  }

  synchronized void await(String method, int count) throws InterruptedException {
    while (calls(method).size() < count) {
      wait();
    }
  }
}
