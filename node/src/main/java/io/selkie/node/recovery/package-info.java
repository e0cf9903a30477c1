/**
 * Backup, restore, rebuild and the doctor: what is left to do when something is lost or does not
 * fit.
 */
@NullMarked
package io.selkie.node.recovery;

import org.jspecify.annotations.NullMarked;
