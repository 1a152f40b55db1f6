package org.jtorch.nn;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.hooks.ForwardHook;
import org.jtorch.nn.hooks.RegistrationHook;
import org.junit.jupiter.api.Test;

/** Forward pre-hooks, forward hooks and registration hooks, as in PyTorch. */
class ForwardHookScenariosTest extends HookScenarios {

    private final List<RemovableHandle> handles = new ArrayList<>();
    private final Scale a = new Scale("a", 2);
    private final Pair p = new Pair("p", 2);

    // --- pre-hooks ---------------------------------------------------------------------------------------------

    @Test
    void preOrder() {
        a.registerForwardPreHook(pre("1"));
        a.registerForwardPreHook(pre("2"));
        show("y", a.call(leaf(1, 2)));
    }

    @Test
    void prePrepend() {
        a.registerForwardPreHook(pre("1"));
        a.registerForwardPreHook(pre("2"), o -> o.prepend(true));
        a.registerForwardPreHook(pre("3"), o -> o.prepend(true));
        show("y", a.call(leaf(1, 2)));
    }

    @Test
    void preGlobalFirst() {
        a.registerForwardPreHook(pre("1"));
        try (RemovableHandle g1 = GlobalHooks.registerModuleForwardPreHook(pre("g1"));
                RemovableHandle g2 = GlobalHooks.registerModuleForwardPreHook(pre("g2"))) {
            a.registerForwardPreHook(pre("2"), o -> o.prepend(true));
            show("y", a.call(leaf(1, 2)));
        }
        show("y", a.call(leaf(1, 2)));
    }

    @Test
    void preReplaces() {
        a.registerForwardPreHook(pre("1", x -> x.add(1)));
        a.registerForwardPreHook(pre("2"));
        a.registerForwardPreHook(pre("3", x -> x.mul(10)));
        a.registerForwardHook(hook("4"));
        Tensor x = leaf(1, 2);
        Tensor y = a.call(x);
        show("y", y);
        y.sum().backward();
        show("x.grad", x.grad());
        show("w.grad", a.w.grad());
    }

    @Test
    void preGlobalReplaces() {
        Net n = net();
        try (RemovableHandle g = GlobalHooks.registerModuleForwardPreHook(pre("g", x -> ((Tensor) x).add(1)))) {
            show("y", n.call(leaf(1, 2)));
        }
    }

    @Test
    void preReplacesSeveral() {
        p.registerForwardPreHook(pre("1", x -> new Two(x.b(), x.a().mul(2))));
        p.registerForwardPreHook(pre("2"));
        show("y", p.call(new Two(leaf(1, 2), leaf(3, 4))));
    }

    @Test
    void preThrows() {
        a.registerForwardPreHook(pre("1", HookScenarios::fail));
        a.registerForwardPreHook(pre("2"));
        a.registerForwardHook(hook("3"));
        attempt(() -> a.call(leaf(1, 2)));
    }

    // --- forward hooks -----------------------------------------------------------------------------------------

    @Test
    void hookOrder() {
        a.registerForwardHook(hook("1"));
        a.registerForwardHook(hook("2"));
        show("y", a.call(leaf(1, 2)));
    }

    @Test
    void hookPrepend() {
        a.registerForwardHook(hook("1"));
        a.registerForwardHook(hook("2"), o -> o.prepend(true));
        show("y", a.call(leaf(1, 2)));
    }

    @Test
    void hookGlobalFirst() {
        a.registerForwardHook(hook("1"));
        try (RemovableHandle g1 = GlobalHooks.registerModuleForwardHook(hook("g1"));
                RemovableHandle g2 = GlobalHooks.registerModuleForwardHook(hook("g2"))) {
            a.registerForwardHook(hook("2"), o -> o.prepend(true));
            show("y", a.call(leaf(1, 2)));
        }
        show("y", a.call(leaf(1, 2)));
    }

    @Test
    void hookReplaces() {
        a.registerForwardHook(hook("1", y -> y.add(1)));
        a.registerForwardHook(hook("2"));
        a.registerForwardHook(hook("3", y -> y.mul(10)));
        Tensor x = leaf(1, 2);
        Tensor y = a.call(x);
        show("y", y);
        y.sum().backward();
        show("x.grad", x.grad());
    }

    @Test
    void hookThrows() {
        a.registerForwardHook(hook("1"));
        a.registerForwardHook(hook("2", HookScenarios::fail));
        a.registerForwardHook(hook("3"));
        attempt(() -> a.call(leaf(1, 2)));
    }

    @Test
    void hookSeesTree() {
        p.registerForwardHook(hook("1", y -> new Two(y.b(), y.a().mul(2))));
        p.registerForwardHook(hook("2"));
        show("y", p.call(new Two(leaf(1, 2), leaf(3, 4))));
    }

    @Test
    void nestedOrder() {
        Net n = net();
        for (Base<Tensor, Tensor> m : List.of(n, n.a, n.b)) {
            m.registerForwardPreHook(pre("p"));
            m.registerForwardHook(hook("f"));
        }
        show("y", n.call(leaf(1, 2)));
    }

    @Test
    void nestedGlobal() {
        Net n = net();
        try (RemovableHandle g = GlobalHooks.registerModuleForwardPreHook(pre("g"));
                RemovableHandle h = GlobalHooks.registerModuleForwardHook(hook("g"))) {
            show("y", n.call(leaf(1, 2)));
        }
    }

    // --- always called -----------------------------------------------------------------------------------------

    @Test
    void alwaysCallForwardFails() {
        Fails f = new Fails("a");
        f.registerForwardHook(hook("1"));
        f.registerForwardHook(hook("2"), o -> o.alwaysCall(true));
        attempt(() -> f.call(leaf(1, 2)));
    }

    @Test
    void alwaysCallPreHookFails() {
        a.registerForwardPreHook(pre("1", x -> x.add(1)));
        a.registerForwardPreHook(pre("2", HookScenarios::fail));
        a.registerForwardHook(hook("3"), o -> o.alwaysCall(true));
        attempt(() -> a.call(leaf(1, 2)));
    }

    @Test
    void alwaysCallHookFails() {
        a.registerForwardHook(hook("1", y -> y.add(1)));
        a.registerForwardHook(hook("2"), o -> o.alwaysCall(true));
        a.registerForwardHook(hook("3", HookScenarios::fail));
        a.registerForwardHook(hook("4"), o -> o.alwaysCall(true));
        a.registerForwardHook(hook("5"));
        attempt(() -> a.call(leaf(1, 2)));
    }

    @Test
    void alwaysCallFailsItself() {
        a.registerForwardHook(hook("1", HookScenarios::fail), o -> o.alwaysCall(true));
        a.registerForwardHook(hook("2"), o -> o.alwaysCall(true));
        attempt(() -> a.call(leaf(1, 2)));
    }

    @Test
    void alwaysCallFailsToo() {
        Fails f = new Fails("a");
        f.registerForwardHook(
                hook("1", y -> {
                    throw new IllegalStateException("another");
                }),
                o -> o.alwaysCall(true));
        f.registerForwardHook(hook("2"), o -> o.alwaysCall(true));
        attempt(() -> f.call(leaf(1, 2)));
    }

    @Test
    void alwaysCallReplaces() {
        Fails f = new Fails("a");
        f.registerForwardHook(hook("1", y -> Torch.ones(1)), o -> o.alwaysCall(true));
        f.registerForwardHook(hook("2"), o -> o.alwaysCall(true));
        attempt(() -> f.call(leaf(1, 2)));
    }

    @Test
    void alwaysCallGlobal() {
        Fails f = new Fails("a");
        f.registerForwardHook(hook("1"), o -> o.alwaysCall(true));
        try (RemovableHandle g1 = GlobalHooks.registerModuleForwardHook(hook("g1"), true);
                RemovableHandle g2 = GlobalHooks.registerModuleForwardHook(hook("g2"))) {
            f.registerForwardHook(hook("2"), o -> o.alwaysCall(true).prepend(true));
            attempt(() -> f.call(leaf(1, 2)));
        }
    }

    @Test
    void alwaysCallWithoutFailure() {
        a.registerForwardHook(hook("1"), o -> o.alwaysCall(true));
        a.registerForwardHook(hook("2"));
        show("y", a.call(leaf(1, 2)));
    }

    @Test
    void alwaysCallNested() {
        Net n = new Net("net", new Scale("a", 2), new Fails("b"));
        for (Base<Tensor, Tensor> m : List.of(n, n.a, n.b)) {
            m.registerForwardHook(hook("f"), o -> o.alwaysCall(true));
        }
        attempt(() -> n.call(leaf(1, 2)));
    }

    // --- coming and going --------------------------------------------------------------------------------------

    private <T> T removeFirst(T ignored) {
        handles.get(0).remove();
        return null;
    }

    @Test
    void removeItself() {
        handles.add(a.registerForwardPreHook(pre("1", this::removeFirst)));
        a.registerForwardPreHook(pre("2"));
        a.call(leaf(1, 2));
        a.call(leaf(1, 2));
    }

    @Test
    void removeALaterOne() {
        a.registerForwardHook(hook("1", this::removeFirst));
        handles.add(a.registerForwardHook(hook("2")));
        a.call(leaf(1, 2));
        a.call(leaf(1, 2));
    }

    @Test
    void removeInAnEarlierStage() {
        a.registerForwardPreHook(pre("1", this::removeFirst));
        handles.add(a.registerForwardHook(hook("2")));
        a.registerForwardHook(hook("3"));
        a.call(leaf(1, 2));
    }

    @Test
    void removeTwice() {
        RemovableHandle handle = a.registerForwardHook(hook("1"));
        a.registerForwardHook(hook("2"));
        try (handle) {
            handle.remove();
            handle.remove();
            a.call(leaf(1, 2));
        }
    }

    @Test
    void sameHookTwice() {
        ForwardHook<Module<Tensor, Tensor>, Tensor, Tensor> h = hook("1", y -> y.add(1));
        RemovableHandle first = a.registerForwardHook(h);
        a.registerForwardHook(h);
        show("y", a.call(leaf(1, 2)));
        first.remove();
        show("y", a.call(leaf(1, 2)));
    }

    @Test
    void hookAddsHooks() {
        RemovableHandle handle = a.registerForwardPreHook(pre("1", x -> {
            a.registerForwardPreHook(pre("new"));
            a.registerForwardHook(hook("new"));
            return null;
        }));
        a.call(leaf(1, 2));
        handle.remove();
        a.call(leaf(1, 2));
    }

    @Test
    void forwardHookAddsHook() {
        RemovableHandle handle = a.registerForwardHook(hook("1", y -> {
            a.registerForwardHook(hook("new"));
            return null;
        }));
        a.call(leaf(1, 2));
        handle.remove();
        a.call(leaf(1, 2));
    }

    // --- calls within calls ------------------------------------------------------------------------------------

    @Test
    void calledTwice() {
        Twice n = new Twice("net", a);
        watchAll(n, a);
        Tensor x = leaf(1, 2);
        n.call(x).sum().backward();
        show("x.grad", x.grad());
        show("w.grad", a.w.grad());
    }

    @Test
    void calledInsideAHook() {
        Scale other = new Scale("other", 3);
        a.registerForwardPreHook(pre("1", other::call));
        a.registerForwardHook(hook("2", other::call));
        other.registerForwardHook(hook("3"));
        Tensor x = leaf(1, 2);
        Tensor y = a.call(x);
        show("y", y);
        y.sum().backward();
        show("x.grad", x.grad());
    }

    @Test
    void calledInsideItsOwnHook() {
        a.registerForwardHook(hook("1", y -> y.sum().item() < 20 ? a.call(y) : null));
        show("y", a.call(leaf(1, 2)));
    }

    // --- modes -------------------------------------------------------------------------------------------------

    @Test
    void noGrad() {
        Net n = net();
        watchAll(n, n.a, n.b);
        try (GradMode mode = Autograd.noGrad()) {
            Tensor y = n.call(leaf(1, 2));
            show("y", y);
            show("requires grad", y.requiresGrad());
        }
    }

    @Test
    void inferenceMode() {
        Net n = net();
        watchAll(n, n.a, n.b);
        try (GradMode mode = Autograd.inferenceMode()) {
            Tensor y = n.call(leaf(1, 2));
            show("y", y);
            show("requires grad", y.requiresGrad());
        }
    }

    @Test
    void noGradInside() {
        Unrecorded n = new Unrecorded("net", a);
        watchAll(n, a);
        Tensor x = leaf(1, 2);
        n.call(x).sum().backward();
        show("x.grad", x.grad());
        show("w.grad", a.w.grad());
    }

    // --- registration ------------------------------------------------------------------------------------------

    private RegistrationHook<Module<?, ?>, Module<?, ?>> registration(String name) {
        return (m, key, child) -> {
            log(name + ": " + key + " in " + ((Plain) m).name + " is "
                    + (child == null ? "None" : ((Plain) child).name));
            return null;
        };
    }

    @Test
    void registerModules() {
        Plain n = new Plain("n");
        n.registerModule("before", new Plain("x"));
        try (RemovableHandle one = GlobalHooks.registerModuleModuleRegistrationHook(registration("1"))) {
            try (RemovableHandle two = GlobalHooks.registerModuleModuleRegistrationHook(registration("2"))) {
                n.registerModule("a", new Plain("a"));
                n.addModule("b", new Plain("b"));
                n.registerModule("c", null);
                attempt(() -> n.registerModule("d.e", new Plain("d")));
            }
            n.registerModule("f", new Plain("f"));
        }
        n.registerModule("g", new Plain("g"));
        log(String.join(" ", n.namedModules().stream().map(Named::name).toList()));
    }

    @Test
    void registerModuleReplaced() {
        Plain n = new Plain("n");
        try (RemovableHandle one = GlobalHooks.registerModuleModuleRegistrationHook(
                        (m, k, c) -> new Plain(((Plain) c).name + "1"));
                RemovableHandle two = GlobalHooks.registerModuleModuleRegistrationHook(
                        (m, k, c) -> new Plain(((Plain) c).name + "2"))) {
            n.registerModule("a", new Plain("a"));
        }
        log(((Plain) n.children().get(0)).name);
    }

    @Test
    void registerParameters() {
        Plain n = new Plain("n");
        try (RemovableHandle handle = GlobalHooks.registerModuleParameterRegistrationHook((m, key, parameter) -> {
            log(key + " in " + ((Plain) m).name + " is " + text(parameter));
            return null;
        })) {
            n.registerParameter("a", new Parameter(Torch.ones(2)));
            attempt(() -> n.registerParameter("", new Parameter(Torch.ones(2))));
            n.registerParameter("b", new Parameter(Torch.zeros(1)));
        }
        try (RemovableHandle handle = GlobalHooks.registerModuleParameterRegistrationHook(
                (m, key, parameter) -> new Parameter(parameter.data().mul(3)))) {
            n.registerParameter("c", new Parameter(Torch.ones(2)));
        }
        n.namedParameters().forEach(named -> show(named.name(), named.value()));
    }

    @Test
    void registerBuffers() {
        Plain n = new Plain("n");
        try (RemovableHandle handle = GlobalHooks.registerModuleBufferRegistrationHook((m, key, buffer) -> {
            log(key + " in " + ((Plain) m).name + " is " + text(buffer));
            return null;
        })) {
            n.registerBuffer("a", Torch.ones(2));
            n.registerBuffer("b", null);
            n.registerBuffer("c", Torch.zeros(1), false);
        }
        try (RemovableHandle handle =
                GlobalHooks.registerModuleBufferRegistrationHook((m, key, buffer) -> new Buffer(buffer.mul(3)))) {
            n.registerBuffer("d", Torch.ones(2));
        }
        n.namedBuffers().forEach(named -> show(named.name(), named.value()));
        log(String.join(" ", n.stateDict().keySet()));
    }
}
