/** The first page: static files and the handler that serves them. */
@org.jspecify.annotations.NullMarked
package io.selkie.dashboard;
