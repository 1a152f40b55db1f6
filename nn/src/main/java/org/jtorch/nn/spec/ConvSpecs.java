package org.jtorch.nn.spec;

import org.jtorch.nn.PaddingMode;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.conv.ConvOptions;

/** The constructors of {@code org.jtorch.nn.conv}. */
final class ConvSpecs {

    private static final String CONV = "(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,"
            + " groups=1, bias=True, padding_mode='zeros', device=None, dtype=None)";

    private ConvSpecs() {}

    static void enter(Catalog c) {
        c.add(
                "Conv2d" + CONV,
                a -> new Conv2d(
                        a.integer("in_channels"), a.integer("out_channels"), a.sizes("kernel_size"), o -> conv(a, o)));
    }

    private static <S extends ConvOptions<S>> void conv(Arguments a, S o) {
        a.placed(o)
                .stride(a.sizes("stride"))
                .dilation(a.sizes("dilation"))
                .groups(a.integer("groups"))
                .bias(a.bool("bias"))
                .paddingMode(PaddingMode.of(a.string("padding_mode")));
        if (a.get("padding") instanceof String name) {
            o.padding(name);
        } else {
            o.padding(a.sizes("padding"));
        }
    }
}
