package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * A header of an HTTP request.
 *
 * @param key its name
 * @param value its value
 */
@Wire(type = "storiface.SecDataHttpHeader")
public record HttpField(String key, String value) {}
