package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/** That a worker takes a task on; the name is the key, and there is no more to say. */
@Wire(type = "struct {}")
public record WorkerTask() {}
