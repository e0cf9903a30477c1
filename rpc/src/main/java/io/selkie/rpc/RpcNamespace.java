package io.selkie.rpc;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks an interface whose {@link RpcMethod}s are served under one namespace. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RpcNamespace {

  /** The part of the wire name before the dot. */
  String value() default "Filecoin";
}
