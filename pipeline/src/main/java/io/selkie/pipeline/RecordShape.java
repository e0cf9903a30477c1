package io.selkie.pipeline;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;

/** What a record type is made of, found out once. */
final class RecordShape {

  /**
   * A component.
   *
   * @param name on the wire
   * @param hidden whether the wire never shows it
   */
  record Part(String name, boolean hidden, RecordComponent component) {

    Type type() {
      return component.getGenericType();
    }

    Object of(Record entry) {
      try {
        return component.getAccessor().invoke(entry);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + component, e);
      }
    }
  }

  private static final ClassValue<RecordShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return new RecordShape(type);
        }
      };

  private final Class<?> type;
  private final List<Part> parts;
  private final Constructor<?> constructor;

  private RecordShape(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    this.type = type;
    parts = Arrays.stream(components).map(RecordShape::partOf).toList();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      constructor = type.getDeclaredConstructor(types);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type + " has no canonical constructor", e);
    }
    constructor.setAccessible(true);
  }

  static RecordShape of(Class<?> type) {
    return SHAPES.get(type);
  }

  /** In the order of the components. */
  List<Part> parts() {
    return parts;
  }

  /**
   * The record of these values, one for each part.
   *
   * @throws IllegalArgumentException if the record refuses them
   */
  Object make(Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          type.getSimpleName() + ": " + e.getTargetException().getMessage(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a " + type.getName(), e);
    }
  }

  private static Part partOf(RecordComponent component) {
    component.getAccessor().setAccessible(true);
    Wire wire = component.getAnnotation(Wire.class);
    boolean hidden = wire != null && wire.value().equals(Wire.HIDDEN);
    if (wire != null && !hidden) {
      return new Part(wire.value(), false, component);
    }
    String name = component.getName();
    return new Part(Character.toUpperCase(name.charAt(0)) + name.substring(1), hidden, component);
  }
}
