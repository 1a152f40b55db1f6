/**
 * Datasets over the files that people have: CSV, JSON lines, Parquet, folders of images, and IDX.
 *
 * <p>CSV and Parquet are read by libraries that jtorch does not bring. Each class says which dependency to add.
 */
@NullMarked
package org.jtorch.data.sources;

import org.jspecify.annotations.NullMarked;
