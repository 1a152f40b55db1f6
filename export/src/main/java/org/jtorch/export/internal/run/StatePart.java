package org.jtorch.export.internal.run;

import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.ExportException;
import org.jtorch.nn.Module;

/** A part of an exported module that only holds state. The graph has no bounds between the modules of the Python program. */
final class StatePart extends Module<@Nullable Object, Object> {

    @Override
    protected Object forward(@Nullable Object input) {
        throw new ExportException("a part of an exported program cannot be called: only the whole program has a graph");
    }
}
