package org.jtorch.nn.spec;

import org.jtorch.nn.flatten.Flatten;

/** The constructors of layers that only move elements. */
final class ShapeSpecs {

    private ShapeSpecs() {}

    static void enter(Catalog c) {
        c.add(
                "Flatten(start_dim=1, end_dim=-1)",
                a -> new Flatten(o -> o.startDim(a.integer("start_dim")).endDim(a.integer("end_dim"))));
    }
}
