package io.selkie.rpc.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How a value looks on the wire.
 *
 * <p>A component marked nullable is rendered as {@code null} when absent; a list that is not marked
 * is always rendered as an array.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({
  ElementType.RECORD_COMPONENT,
  ElementType.PARAMETER,
  ElementType.TYPE,
  ElementType.METHOD,
  ElementType.FIELD
})
public @interface Wire {

  /** The member's name, where it is not the Java name with the first letter in upper case. */
  String name() default "";

  /**
   * The type's name as error messages spell it; it also says whether a {@code long} is unsigned.
   */
  String type() default "";

  /** Whether the member is left out when it is absent or empty. */
  boolean omitEmpty() default false;
}
