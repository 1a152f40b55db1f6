package org.jtorch.data.sources;

/**
 * Makes an example from a row of a file.
 *
 * <p>A loader with workers calls {@link #map} from several threads at the same time.
 *
 * @param <T> the type of the example
 */
@FunctionalInterface
public interface RowMapper<T> {

    /**
     * Returns the example of a row.
     *
     * @throws Exception if the row cannot be used
     */
    T map(Row row) throws Exception;
}
