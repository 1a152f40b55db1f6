package org.jtorch.export.internal.passes;

/**
 * One way to make a graph faster without changing what it computes, but for rounding.
 *
 * <p>A value that keeps its name keeps its meaning: values of both graphs are compared by their names. A node whose operator a
 * user has registered is left as it is, see {@link Call#bareName}.
 */
public interface Pass {

    /** Returns what the pass does, for {@code explain}. */
    String description();

    /**
     * Changes a graph.
     *
     * @return the number of places that were changed
     */
    int apply(Work work);
}
