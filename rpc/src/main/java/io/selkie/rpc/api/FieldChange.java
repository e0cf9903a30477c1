package io.selkie.rpc.api;

import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.Wire;

/**
 * A member of SectorsStatus that is not what it was.
 *
 * @param field its name
 * @param before what it was
 * @param after what it became
 */
@Wire(type = "selkie.FieldChange")
public record FieldChange(String field, JsonValue before, JsonValue after) {}
