/** Tables as Parquet files. Nothing else sees the library that writes them. */
@NullMarked
package io.selkie.parquet;

import org.jspecify.annotations.NullMarked;
