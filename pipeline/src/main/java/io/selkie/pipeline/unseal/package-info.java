/**
 * Reading data back out of sectors: jobs that are recorded, merged when they want the same, taken
 * in turn and tried again, and that outlive the process. Start at {@link
 * io.selkie.pipeline.unseal.UnsealJobs}.
 */
@NullMarked
package io.selkie.pipeline.unseal;

import org.jspecify.annotations.NullMarked;
