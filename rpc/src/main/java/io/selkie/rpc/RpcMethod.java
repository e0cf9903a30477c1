package io.selkie.rpc;

import io.selkie.rpc.token.Permission;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of an API interface as callable from outside. Its wire name is the Java name with
 * the first letter in upper case, behind the namespace of its interface.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RpcMethod {

  /** What the caller's token must allow. */
  Permission value();

  /**
   * Whether a call may take as long as it takes, because it waits for other work, a disk or the
   * chain. The others are stopped after {@link io.selkie.rpc.server.ServerLimits#MAX_CALL_TIME}.
   */
  boolean waits() default false;

  /**
   * Whether a stream among the arguments is read on after the answer, as a worker reads a piece:
   * the called one closes it then, and the caller goes on sending until that.
   */
  boolean readsOn() default false;

  /** The wire name without namespace, where it is not the Java name. */
  String name() default "";
}
