package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * What the doctor found.
 *
 * @param plan names the plan that the findings make; empty if there is nothing to carry out
 * @param sectors how many sector numbers were looked at
 * @param findings the worst first
 * @param notes what could not be known or looked at
 */
@Wire(type = "selkie.DoctorReport")
public record DoctorReport(
    String plan,
    long sectors,
    @Wire(type = "[]selkie.DoctorFinding") List<DoctorFinding> findings,
    @Wire(type = "[]string") List<String> notes) {}
