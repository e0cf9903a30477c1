@org.jspecify.annotations.NullMarked
package io.selkie.storage;
