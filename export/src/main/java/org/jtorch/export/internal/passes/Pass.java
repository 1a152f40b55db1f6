package org.jtorch.export.internal.passes;

/** One way to make a graph faster without changing what it computes, but for rounding. */
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
