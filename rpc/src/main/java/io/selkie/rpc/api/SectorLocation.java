package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the file of a received sector is.
 *
 * @param local already in local storage
 * @param url where to fetch it
 * @param headers sent with the request
 */
@Wire(type = "api.SectorLocation")
public record SectorLocation(
    boolean local,
    @Wire(name = "URL", type = "string") @Nullable String url,
    @Wire(type = "[]storiface.SecDataHttpHeader") @Nullable List<HttpField> headers) {}
