package io.selkie.rpc.api;

import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.WireType;
import io.selkie.rpc.json.WireTypes;
import io.selkie.rpc.token.Permission;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every method that is served, by wire name. Filled before the server starts, then read only. */
public final class ApiTable {

  private final WireTypes types;
  private final Map<String, Entry> entries = new TreeMap<>();

  public ApiTable(WireTypes types) {
    this.types = types;
  }

  /**
   * A method.
   *
   * @param wireName with namespace
   * @param permission what it needs
   * @param params its parameters in order
   * @param result its result; {@link WireType.Nothing} for none
   * @param method the Java method
   * @param target the object that answers; null if the method is only described
   */
  public record Entry(
      String wireName,
      Permission permission,
      List<Param> params,
      WireType result,
      Method method,
      @Nullable Object target) {

    /** The name without namespace, as permission errors spell it. */
    public String bareName() {
      return wireName.substring(wireName.indexOf('.') + 1);
    }

    /** Whether streams among the arguments are read on after the answer. */
    public boolean readsOn() {
      RpcMethod remote = method.getAnnotation(RpcMethod.class);
      return remote != null && remote.readsOn();
    }
  }

  /**
   * A parameter.
   *
   * @param name its Java name
   * @param type how it is read
   */
  public record Param(String name, WireType type) {}

  /**
   * Adds the methods of an interface.
   *
   * @throws IllegalArgumentException if it is none of the contract, or a name is taken
   */
  public <T> void add(Class<T> api, T target) {
    addAll(api, target);
  }

  /** Adds the methods of an interface to be described, not called. */
  public void describe(Class<?> api) {
    addAll(api, null);
  }

  private void addAll(Class<?> api, @Nullable Object target) {
    RpcNamespace namespace = api.getAnnotation(RpcNamespace.class);
    if (namespace == null) {
      throw new IllegalArgumentException(api + " is no interface of the API");
    }
    for (Method method : api.getMethods()) {
      RpcMethod remote = method.getAnnotation(RpcMethod.class);
      if (remote != null) {
        add(namespace.value(), remote, method, target);
      }
    }
  }

  private void add(String namespace, RpcMethod remote, Method method, @Nullable Object target) {
    String bare = remote.name().isEmpty() ? WireTypes.capitalised(method.getName()) : remote.name();
    List<Param> params = new ArrayList<>();
    for (Parameter parameter : method.getParameters()) {
      params.add(new Param(parameter.getName(), types.of(parameter.getAnnotatedType(), parameter)));
    }
    method.setAccessible(true);
    Entry entry =
        new Entry(
            namespace + "." + bare,
            remote.value(),
            List.copyOf(params),
            types.of(method.getAnnotatedReturnType(), method),
            method,
            target);
    if (entries.put(entry.wireName(), entry) != null) {
      throw new IllegalArgumentException(entry.wireName() + " is served twice");
    }
  }

  /** The method of this wire name, or of its alias. */
  public Optional<Entry> find(String wireName) {
    String name = wireName.equals("rpc.discover") ? "Filecoin.Discover" : wireName;
    return Optional.ofNullable(entries.get(name));
  }

  /** All methods, by name. */
  public Collection<Entry> all() {
    return entries.values();
  }
}
