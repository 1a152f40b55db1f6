package org.jtorch.nn.spec;

import org.jtorch.nn.linear.Bilinear;
import org.jtorch.nn.linear.Identity;
import org.jtorch.nn.linear.LazyLinear;
import org.jtorch.nn.linear.Linear;

/** The constructors of {@code org.jtorch.nn.linear}. */
final class LinearSpecs {

    private LinearSpecs() {}

    static void enter(Catalog c) {
        c.add(
                "Bilinear(in1_features, in2_features, out_features, bias=True, device=None, dtype=None)",
                a -> new Bilinear(
                        a.integer("in1_features"), a.integer("in2_features"), a.integer("out_features"), o -> a.placed(
                                        o)
                                .bias(a.bool("bias"))));
        c.add("Identity(*args, **kwargs)", a -> new Identity());
        c.add(
                "Linear(in_features, out_features, bias=True, device=None, dtype=None)",
                a -> new Linear(a.integer("in_features"), a.integer("out_features"), o -> a.placed(o)
                        .bias(a.bool("bias"))));
        c.add(
                "LazyLinear(out_features, bias=True, device=None, dtype=None)",
                a -> new LazyLinear(a.integer("out_features"), o -> a.placed(o).bias(a.bool("bias"))));
    }
}
