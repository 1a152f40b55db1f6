package org.jtorch.nn.spec;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jtorch.nn.Module;
import org.jtorch.nn.activation.CELU;
import org.jtorch.nn.activation.ELU;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.activation.GLU;
import org.jtorch.nn.activation.Hardshrink;
import org.jtorch.nn.activation.Hardsigmoid;
import org.jtorch.nn.activation.Hardswish;
import org.jtorch.nn.activation.Hardtanh;
import org.jtorch.nn.activation.InplaceActivation;
import org.jtorch.nn.activation.LeakyReLU;
import org.jtorch.nn.activation.LogSigmoid;
import org.jtorch.nn.activation.LogSoftmax;
import org.jtorch.nn.activation.Mish;
import org.jtorch.nn.activation.PReLU;
import org.jtorch.nn.activation.RReLU;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.ReLU6;
import org.jtorch.nn.activation.SELU;
import org.jtorch.nn.activation.SiLU;
import org.jtorch.nn.activation.Sigmoid;
import org.jtorch.nn.activation.Softmax;
import org.jtorch.nn.activation.Softmax2d;
import org.jtorch.nn.activation.Softmin;
import org.jtorch.nn.activation.Softplus;
import org.jtorch.nn.activation.Softshrink;
import org.jtorch.nn.activation.Softsign;
import org.jtorch.nn.activation.Tanh;
import org.jtorch.nn.activation.Tanhshrink;
import org.jtorch.nn.activation.Threshold;

/** The constructors of {@code org.jtorch.nn.activation}. */
final class ActivationSpecs {

    private ActivationSpecs() {}

    static void enter(Catalog c) {
        inplace(c, "Hardsigmoid", Hardsigmoid::new);
        inplace(c, "Hardswish", Hardswish::new);
        inplace(c, "Mish", Mish::new);
        inplace(c, "ReLU", ReLU::new);
        inplace(c, "ReLU6", ReLU6::new);
        inplace(c, "SELU", SELU::new);
        inplace(c, "SiLU", SiLU::new);
        alongDim(c, "LogSoftmax", LogSoftmax::new, LogSoftmax::new);
        alongDim(c, "Softmax", Softmax::new, Softmax::new);
        alongDim(c, "Softmin", Softmin::new, Softmin::new);
        c.add("LogSigmoid(*args, **kwargs)", a -> new LogSigmoid());
        c.add("Sigmoid(*args, **kwargs)", a -> new Sigmoid());
        c.add("Softmax2d(*args, **kwargs)", a -> new Softmax2d());
        c.add("Softsign(*args, **kwargs)", a -> new Softsign());
        c.add("Tanh(*args, **kwargs)", a -> new Tanh());
        c.add("Tanhshrink(*args, **kwargs)", a -> new Tanhshrink());
        c.add(
                "CELU(alpha=1.0, inplace=False)",
                a -> new CELU(o -> o.alpha(a.number("alpha")).inplace(a.bool("inplace"))));
        c.add(
                "ELU(alpha=1.0, inplace=False)",
                a -> new ELU(o -> o.alpha(a.number("alpha")).inplace(a.bool("inplace"))));
        c.add("GELU(approximate='none')", a -> new GELU(o -> o.approximate(a.string("approximate"))));
        c.add("GLU(dim=-1)", a -> new GLU(a.integer("dim")));
        c.add("Hardshrink(lambd=0.5)", a -> new Hardshrink(o -> o.lambd(a.number("lambd"))));
        c.add(
                "Hardtanh(min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None)",
                a -> new Hardtanh(o -> o.minVal(a.number(a.isNone("min_value") ? "min_val" : "min_value"))
                        .maxVal(a.number(a.isNone("max_value") ? "max_val" : "max_value"))
                        .inplace(a.bool("inplace"))));
        c.add(
                "LeakyReLU(negative_slope=0.01, inplace=False)",
                a -> new LeakyReLU(
                        o -> o.negativeSlope(a.number("negative_slope")).inplace(a.bool("inplace"))));
        c.add(
                "PReLU(num_parameters=1, init=0.25, device=None, dtype=None)",
                a -> new PReLU(o ->
                        a.placed(o).numParameters(a.integer("num_parameters")).init(a.real("init"))));
        c.add(
                "RReLU(lower=0.125, upper=0.3333333333333333, inplace=False)",
                a -> new RReLU(
                        o -> o.lower(a.number("lower")).upper(a.number("upper")).inplace(a.bool("inplace"))));
        c.add(
                "Softplus(beta=1.0, threshold=20.0)",
                a -> new Softplus(o -> o.beta(a.number("beta")).threshold(a.number("threshold"))));
        c.add("Softshrink(lambd=0.5)", a -> new Softshrink(o -> o.lambd(a.number("lambd"))));
        c.add(
                "Threshold(threshold, value, inplace=False)",
                a -> new Threshold(a.number("threshold"), a.number("value"), o -> o.inplace(a.bool("inplace"))));
    }

    private static void inplace(
            Catalog c, String name, Function<Consumer<InplaceActivation.Options>, Module<?, ?>> constructor) {
        c.add(name + "(inplace=False)", a -> constructor.apply(o -> o.inplace(a.bool("inplace"))));
    }

    private static void alongDim(
            Catalog c, String name, Supplier<Module<?, ?>> implicit, LongFunction<Module<?, ?>> constructor) {
        c.add(name + "(dim=None)", a -> a.isNone("dim") ? implicit.get() : constructor.apply(a.integer("dim")));
    }
}
