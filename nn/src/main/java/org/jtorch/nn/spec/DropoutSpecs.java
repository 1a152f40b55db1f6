package org.jtorch.nn.spec;

import org.jtorch.nn.dropout.Dropout;

/** The constructors of {@code org.jtorch.nn.dropout}. */
final class DropoutSpecs {

    private DropoutSpecs() {}

    static void enter(Catalog c) {
        c.add(
                "Dropout(p=0.5, inplace=False)",
                a -> new Dropout(o -> o.p(a.real("p")).inplace(a.bool("inplace"))));
    }
}
