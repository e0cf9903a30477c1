package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Something that does not fit.
 *
 * @param sector whose; absent if it is no sector's
 * @param kind the finding's name
 * @param severity CRITICAL, ERROR, WARNING or INFO
 * @param text what was found
 * @param journal what the journal says of the sector
 * @param disk what lies on the storage paths
 * @param chain what the chain says
 * @param step the plan's step: AskOperator and Nothing are none that anybody carries out
 * @param plan the step in words
 * @param outcome what became of the step: empty, {@code done}, or why it failed
 */
@Wire(type = "selkie.DoctorFinding")
public record DoctorFinding(
    @Nullable Long sector,
    String kind,
    String severity,
    String text,
    String journal,
    String disk,
    String chain,
    String step,
    String plan,
    String outcome) {}
