package org.jtorch.nn.spec;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.jtorch.nn.Module;
import org.jtorch.nn.padding.CircularPad1d;
import org.jtorch.nn.padding.CircularPad2d;
import org.jtorch.nn.padding.CircularPad3d;
import org.jtorch.nn.padding.ConstantPad1d;
import org.jtorch.nn.padding.ConstantPad2d;
import org.jtorch.nn.padding.ConstantPad3d;
import org.jtorch.nn.padding.ReflectionPad1d;
import org.jtorch.nn.padding.ReflectionPad2d;
import org.jtorch.nn.padding.ReflectionPad3d;
import org.jtorch.nn.padding.ReplicationPad1d;
import org.jtorch.nn.padding.ReplicationPad2d;
import org.jtorch.nn.padding.ReplicationPad3d;
import org.jtorch.nn.padding.ZeroPad1d;
import org.jtorch.nn.padding.ZeroPad2d;
import org.jtorch.nn.padding.ZeroPad3d;

/** The constructors of {@code org.jtorch.nn.padding}. */
final class PaddingSpecs {

    private PaddingSpecs() {}

    static void enter(Catalog c) {
        sides(c, "CircularPad1d", CircularPad1d::new);
        sides(c, "CircularPad2d", CircularPad2d::new);
        sides(c, "CircularPad3d", CircularPad3d::new);
        sides(c, "ReflectionPad1d", ReflectionPad1d::new);
        sides(c, "ReflectionPad2d", ReflectionPad2d::new);
        sides(c, "ReflectionPad3d", ReflectionPad3d::new);
        sides(c, "ReplicationPad1d", ReplicationPad1d::new);
        sides(c, "ReplicationPad2d", ReplicationPad2d::new);
        sides(c, "ReplicationPad3d", ReplicationPad3d::new);
        sides(c, "ZeroPad1d", ZeroPad1d::new);
        sides(c, "ZeroPad2d", ZeroPad2d::new);
        sides(c, "ZeroPad3d", ZeroPad3d::new);
        constant(c, "ConstantPad1d", ConstantPad1d::new);
        constant(c, "ConstantPad2d", ConstantPad2d::new);
        constant(c, "ConstantPad3d", ConstantPad3d::new);
    }

    private static void sides(Catalog c, String name, Function<long[], Module<?, ?>> constructor) {
        c.add(name + "(padding)", a -> constructor.apply(a.sizes("padding")));
    }

    private static void constant(Catalog c, String name, BiFunction<long[], Number, Module<?, ?>> constructor) {
        c.add(name + "(padding, value)", a -> constructor.apply(a.sizes("padding"), a.number("value")));
    }
}
