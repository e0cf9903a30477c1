package io.selkie.pipeline;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name of a record component on the wire, where it is not the component's own name with a
 * capital first letter.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Wire {
  /** The name of a component that is stored but never shown. */
  String HIDDEN = "-";

  /** The name, as the reference's JSON spells it. */
  String value();
}
