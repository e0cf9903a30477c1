package io.selkie.rpc.token;

import io.selkie.rpc.json.Wire;
import java.time.Duration;
import java.util.List;

/**
 * A token that is wanted; every member but the permissions may be missing.
 *
 * @param name what it is called
 * @param allow names of permissions
 * @param expiresIn how long it is good; 0 for ever
 * @param methods the only methods it may call, {@code *} for any rest of a name; none for all
 * @param miner the only miner whose node takes it, such as {@code t01000}
 * @param sectors the only sectors it may name, such as {@code 0-99,200}
 */
@Wire(type = "selkie.TokenRequest")
public record TokenRequest(
    String name,
    @Wire(type = "[]auth.Permission") List<String> allow,
    Duration expiresIn,
    @Wire(type = "[]string") List<String> methods,
    String miner,
    String sectors) {}
