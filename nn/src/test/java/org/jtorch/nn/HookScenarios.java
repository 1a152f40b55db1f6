package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.hooks.ForwardHook;
import org.jtorch.nn.hooks.ForwardPreHook;
import org.jtorch.nn.hooks.FullBackwardHook;
import org.jtorch.nn.hooks.FullBackwardPreHook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInfo;

/**
 * Modules, hooks and a log, as in parity/record/hooks.py. Each test builds the scenario with its name, and the log must be
 * equal to PyTorch's line by line.
 */
abstract class HookScenarios {

    private final List<String> log = new ArrayList<>();

    @AfterEach
    void logIsAsRecorded(TestInfo info) {
        String name = info.getTestMethod().orElseThrow().getName();
        assertEquals(Recording.read("hooks.txt").get(scenario(name)), String.join("\n", log), name);
    }

    /** Returns the name of the scenario: {@code preOrder} becomes {@code pre_order}. */
    static String scenario(String method) {
        return method.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    // --- the log -----------------------------------------------------------------------------------------------

    final void log(String line) {
        log.add(line);
    }

    final void show(String name, @Nullable Object value) {
        log(name + " " + text(value));
    }

    static String text(@Nullable Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof Tensor tensor) {
            StringJoiner out = new StringJoiner(" ", "[", "]");
            try (TensorScope scope = new TensorScope()) {
                Tensor flat = tensor.detach().flatten();
                for (long i = 0; i < flat.numel(); i++) {
                    out.add(String.valueOf(flat.select(0, i).item()));
                }
            }
            return out.toString();
        }
        if (value instanceof List<?> list) {
            StringJoiner out = new StringJoiner(", ", "(", ")");
            list.forEach(element -> out.add(text(element)));
            return out.toString();
        }
        if (value instanceof Record) {
            StringJoiner out = new StringJoiner(", ", "(", ")");
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                try {
                    out.add(text(component.getAccessor().invoke(value)));
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
            return out.toString();
        }
        return value.toString();
    }

    /** Returns a tuple of arguments in the form in which PyTorch's hooks receive them. */
    private static String arguments(@Nullable Object input) {
        return input instanceof Record ? text(input) : "(" + text(input) + ")";
    }

    private static String nameOf(Module<?, ?> module) {
        return ((Base<?, ?>) module).name;
    }

    final void attempt(Runnable body) {
        attempt(body, true);
    }

    final void attempt(Runnable body, boolean message) {
        try {
            body.run();
            log("no error");
        } catch (RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            log(message ? "raised " + cause.getMessage() : "raised");
        }
    }

    static <T> T fail(T ignored) {
        throw new IllegalStateException("boom");
    }

    static Tensor constant(float... values) {
        return Torch.tensor(values);
    }

    static Tensor leaf(float... values) {
        return constant(values).requiresGrad_(true);
    }

    // --- modules -----------------------------------------------------------------------------------------------

    /** Two tensors as input or output. */
    record Two(@Nullable Tensor a, @Nullable Tensor b) {
        Tensor sum() {
            return a.add(b);
        }
    }

    /** An argument that is not a tensor. */
    record Raised(Tensor x, double exponent) {}

    abstract class Base<I, O> extends Module<I, O> {
        final String name;
        Parameter w;

        Base(String name) {
            this.name = name;
        }

        Base(String name, double w) {
            this.name = name;
            this.w = new Parameter(Torch.tensor(w));
        }

        @Override
        protected final O forward(I x) {
            show("forward " + name, x);
            return compute(x);
        }

        abstract O compute(I x);
    }

    final class Plain extends Base<Tensor, Tensor> {
        Plain(String name) {
            super(name);
        }

        @Override
        Tensor compute(Tensor x) {
            throw new UnsupportedOperationException();
        }
    }

    final class Scale extends Base<Tensor, Tensor> {
        Scale(String name, double w) {
            super(name, w);
        }

        @Override
        Tensor compute(Tensor x) {
            return x.mul(w);
        }
    }

    final class Square extends Base<Tensor, Tensor> {
        Square(String name) {
            super(name);
        }

        @Override
        Tensor compute(Tensor x) {
            return x.mul(x);
        }
    }

    final class Pair extends Base<Two, Two> {
        Pair(String name, double w) {
            super(name, w);
        }

        @Override
        Two compute(Two x) {
            return new Two(x.a.add(x.b).mul(w), x.a.mul(x.b));
        }
    }

    final class First extends Base<Two, Tensor> {
        First(String name, double w) {
            super(name, w);
        }

        @Override
        Tensor compute(Two x) {
            return x.a.mul(w);
        }
    }

    final class Power extends Base<Raised, Tensor> {
        Power(String name) {
            super(name);
        }

        @Override
        Tensor compute(Raised x) {
            return x.x.pow(x.exponent);
        }
    }

    final class Select extends Base<Two, Two> {
        Select(String name) {
            super(name);
        }

        @Override
        Two compute(Two x) {
            return new Two(x.a.indexSelect(0, x.b), x.b);
        }
    }

    final class Same extends Base<Tensor, Tensor> {
        Same(String name) {
            super(name);
        }

        @Override
        Tensor compute(Tensor x) {
            return x;
        }
    }

    final class Fails extends Base<Tensor, Tensor> {
        Fails(String name) {
            super(name);
        }

        @Override
        Tensor compute(Tensor x) {
            return fail(x);
        }
    }

    final class Detached extends Base<Tensor, Tensor> {
        Detached(String name) {
            super(name);
        }

        @Override
        Tensor compute(Tensor x) {
            return x.detach().mul(2);
        }
    }

    final class InPlace extends Base<Tensor, Tensor> {
        InPlace(String name) {
            super(name);
        }

        @Override
        Tensor compute(Tensor x) {
            return x.mul_(2);
        }
    }

    final class Net extends Base<Tensor, Tensor> {
        Base<Tensor, Tensor> a;
        Base<Tensor, Tensor> b;

        Net(String name, Base<Tensor, Tensor> a, Base<Tensor, Tensor> b) {
            super(name);
            this.a = a;
            this.b = b;
        }

        @Override
        Tensor compute(Tensor x) {
            return b.call(a.call(x));
        }
    }

    final class Twice extends Base<Tensor, Tensor> {
        Base<Tensor, Tensor> a;

        Twice(String name, Base<Tensor, Tensor> a) {
            super(name);
            this.a = a;
        }

        @Override
        Tensor compute(Tensor x) {
            return a.call(a.call(x));
        }
    }

    final class Unrecorded extends Base<Tensor, Tensor> {
        Base<Tensor, Tensor> a;

        Unrecorded(String name, Base<Tensor, Tensor> a) {
            super(name);
            this.a = a;
        }

        @Override
        Tensor compute(Tensor x) {
            Tensor y;
            try (GradMode mode = Autograd.noGrad()) {
                y = a.call(x);
            }
            return x.mul(y);
        }
    }

    final Net net() {
        return new Net("net", new Scale("a", 2), new Scale("b", 3));
    }

    // --- hooks: each logs, and returns what its function makes of what it may replace ----------------------------

    final <I, O> ForwardPreHook<Module<I, O>, I, O> pre(String name) {
        return pre(name, x -> null);
    }

    final <I, O> ForwardPreHook<Module<I, O>, I, O> pre(String name, UnaryOperator<@Nullable I> change) {
        return (m, x) -> {
            log("pre " + name + " of " + nameOf(m) + " " + arguments(x));
            return change.apply(x);
        };
    }

    final <I, O> ForwardHook<Module<I, O>, I, O> hook(String name) {
        return hook(name, y -> null);
    }

    final <I, O> ForwardHook<Module<I, O>, I, O> hook(String name, UnaryOperator<@Nullable O> change) {
        return (m, x, y) -> {
            log("hook " + name + " of " + nameOf(m) + " " + arguments(x) + " gave " + text(y));
            return change.apply(y);
        };
    }

    final <I, O> FullBackwardPreHook<Module<I, O>, I, O> backPre(String name) {
        return backPre(name, grads -> null);
    }

    final <I, O> FullBackwardPreHook<Module<I, O>, I, O> backPre(
            String name, UnaryOperator<List<@Nullable Tensor>> change) {
        return (m, gradOut) -> {
            log("backward pre " + name + " of " + nameOf(m) + " " + text(gradOut));
            return change.apply(gradOut);
        };
    }

    final <I, O> FullBackwardHook<Module<I, O>, I, O> back(String name) {
        return back(name, grads -> null);
    }

    final <I, O> FullBackwardHook<Module<I, O>, I, O> back(String name, UnaryOperator<List<@Nullable Tensor>> change) {
        return (m, gradIn, gradOut) -> {
            log("backward " + name + " of " + nameOf(m) + " " + text(gradIn) + " from " + text(gradOut));
            return change.apply(gradIn);
        };
    }

    final void watchAll(Module<?, ?>... modules) {
        for (Module<?, ?> module : modules) {
            watch(module);
        }
    }

    private <I, O> void watch(Module<I, O> module) {
        module.registerForwardPreHook(pre("p"));
        module.registerForwardHook(hook("f"));
        module.registerFullBackwardPreHook(backPre("bp"));
        module.registerFullBackwardHook(back("b"));
    }
}
