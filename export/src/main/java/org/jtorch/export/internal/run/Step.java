package org.jtorch.export.internal.run;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One node of a graph, ready to run. */
interface Step {

    /** Reads the arguments from {@code frame}, and puts the results there. */
    void run(@Nullable Object[] frame);

    /** Calls a function with each place that is read. */
    void forEachRead(Consumer<Integer> visitor);

    /** Calls a function with each place that only this step writes, and whose tensor it makes. */
    void forEachMade(Consumer<Integer> visitor);
}
