package org.jtorch.nn.spec;

import java.util.function.Consumer;
import org.jtorch.nn.Module;
import org.jtorch.nn.conv.Conv1d;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.conv.Conv3d;
import org.jtorch.nn.conv.ConvNd;
import org.jtorch.nn.conv.ConvOptions;
import org.jtorch.nn.conv.ConvTranspose1d;
import org.jtorch.nn.conv.ConvTranspose2d;
import org.jtorch.nn.conv.ConvTranspose3d;
import org.jtorch.nn.conv.ConvTransposeNd;
import org.jtorch.nn.conv.LazyConv1d;
import org.jtorch.nn.conv.LazyConv2d;
import org.jtorch.nn.conv.LazyConv3d;
import org.jtorch.nn.conv.LazyConvTranspose1d;
import org.jtorch.nn.conv.LazyConvTranspose2d;
import org.jtorch.nn.conv.LazyConvTranspose3d;
import org.jtorch.nn.functional.PaddingMode;

/** The constructors of {@code org.jtorch.nn.conv}. */
final class ConvSpecs {

    private static final String CONV = "(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1,"
            + " groups=1, bias=True, padding_mode='zeros', device=None, dtype=None)";
    private static final String TRANSPOSED = "(in_channels, out_channels, kernel_size, stride=1, padding=0,"
            + " output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None)";

    private ConvSpecs() {}

    /** A constructor with the arguments of all convolutions. */
    private interface Constructor<O> {
        Module<?, ?> make(long inChannels, long outChannels, long[] kernelSize, Consumer<O> options);
    }

    /** A constructor with the arguments of all lazy convolutions. */
    private interface LazyConstructor<O> {
        Module<?, ?> make(long outChannels, long[] kernelSize, Consumer<O> options);
    }

    static void enter(Catalog c) {
        conv(c, "Conv1d", Conv1d::new);
        conv(c, "Conv2d", Conv2d::new);
        conv(c, "Conv3d", Conv3d::new);
        transposed(c, "ConvTranspose1d", ConvTranspose1d::new);
        transposed(c, "ConvTranspose2d", ConvTranspose2d::new);
        transposed(c, "ConvTranspose3d", ConvTranspose3d::new);
        lazyConv(c, "LazyConv1d", LazyConv1d::new);
        lazyConv(c, "LazyConv2d", LazyConv2d::new);
        lazyConv(c, "LazyConv3d", LazyConv3d::new);
        lazyTransposed(c, "LazyConvTranspose1d", LazyConvTranspose1d::new);
        lazyTransposed(c, "LazyConvTranspose2d", LazyConvTranspose2d::new);
        lazyTransposed(c, "LazyConvTranspose3d", LazyConvTranspose3d::new);
    }

    private static void conv(Catalog c, String name, Constructor<ConvNd.Options> constructor) {
        c.add(name + CONV, a -> make(a, constructor, o -> conv(a, o)));
    }

    private static void lazyConv(Catalog c, String name, LazyConstructor<ConvNd.Options> constructor) {
        c.add(name + lazy(CONV), a -> make(a, constructor, o -> conv(a, o)));
    }

    private static void transposed(Catalog c, String name, Constructor<ConvTransposeNd.Options> constructor) {
        c.add(name + TRANSPOSED, a -> make(a, constructor, o -> transposed(a, o, name)));
    }

    private static void lazyTransposed(Catalog c, String name, LazyConstructor<ConvTransposeNd.Options> constructor) {
        c.add(name + lazy(TRANSPOSED), a -> make(a, constructor, o -> transposed(a, o, name)));
    }

    private static String lazy(String signature) {
        return signature.replace("in_channels, ", "");
    }

    private static void conv(Arguments a, ConvNd.Options o) {
        shared(a, o).paddingMode(PaddingMode.of(a.string("padding_mode")));
        if (a.get("padding") instanceof String padding) {
            o.padding(padding);
        } else {
            o.padding(a.sizes("padding"));
        }
    }

    private static void transposed(Arguments a, ConvTransposeNd.Options o, String name) {
        if (!a.string("padding_mode").equals("zeros")) {
            throw new IllegalArgumentException("Only \"zeros\" padding mode is supported for " + name + ", but it is '"
                    + a.string("padding_mode") + "'");
        }
        shared(a, o).padding(a.sizes("padding")).outputPadding(a.sizes("output_padding"));
    }

    private static <O> Module<?, ?> make(Arguments a, Constructor<O> constructor, Consumer<O> options) {
        return constructor.make(a.integer("in_channels"), a.integer("out_channels"), a.sizes("kernel_size"), options);
    }

    private static <O> Module<?, ?> make(Arguments a, LazyConstructor<O> constructor, Consumer<O> options) {
        return constructor.make(a.integer("out_channels"), a.sizes("kernel_size"), options);
    }

    private static <O extends ConvOptions<O>> O shared(Arguments a, O o) {
        return a.placed(o)
                .stride(a.sizes("stride"))
                .dilation(a.sizes("dilation"))
                .groups(a.integer("groups"))
                .bias(a.bool("bias"));
    }
}
