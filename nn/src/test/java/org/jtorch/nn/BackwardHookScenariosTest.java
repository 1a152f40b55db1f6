package org.jtorch.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.junit.jupiter.api.Test;

/** Full backward pre-hooks and full backward hooks, as in PyTorch. */
class BackwardHookScenariosTest extends HookScenarios {

    private final List<RemovableHandle> handles = new ArrayList<>();
    private final Scale a = new Scale("a", 2);
    private final Pair p = new Pair("p", 2);
    private final Square s = new Square("s");
    private final Tensor x = leaf(1, 2);
    private final Tensor y = leaf(3, 4);

    private static UnaryOperator<List<@Nullable Tensor>> first(UnaryOperator<Tensor> change) {
        return grads -> List.of(change.apply(grads.get(0)));
    }

    private static List<@Nullable Tensor> secondIsNone(List<@Nullable Tensor> grads) {
        return Arrays.asList(grads.get(0), null);
    }

    private static List<@Nullable Tensor> twice(List<@Nullable Tensor> grads) {
        return Arrays.asList(grads.get(0), grads.get(0));
    }

    // --- order -------------------------------------------------------------------------------------------------

    @Test
    void backOrder() {
        a.registerFullBackwardHook(back("1"));
        a.registerFullBackwardHook(back("2"));
        a.registerFullBackwardPreHook(backPre("3"));
        a.registerFullBackwardPreHook(backPre("4"));
        a.call(x).sum().backward();
        show("x.grad", x.grad());
        show("w.grad", a.w.grad());
    }

    @Test
    void backPrepend() {
        a.registerFullBackwardHook(back("1"));
        a.registerFullBackwardHook(back("2"), o -> o.prepend(true));
        a.registerFullBackwardPreHook(backPre("3"));
        a.registerFullBackwardPreHook(backPre("4"), o -> o.prepend(true));
        a.call(x).sum().backward();
    }

    @Test
    void backGlobalFirst() {
        a.registerFullBackwardHook(back("1"));
        a.registerFullBackwardPreHook(backPre("2"));
        Tensor out;
        try (RemovableHandle g = GlobalHooks.registerModuleFullBackwardHook(back("g"));
                RemovableHandle h = GlobalHooks.registerModuleFullBackwardPreHook(backPre("g"))) {
            a.registerFullBackwardHook(back("3"), o -> o.prepend(true));
            out = a.call(x);
        }
        out.sum().backward();
    }

    @Test
    void backGlobalNested() {
        Tensor out;
        try (RemovableHandle g = GlobalHooks.registerModuleFullBackwardHook(back("g", first(g0 -> g0.mul(10))))) {
            out = net().call(x);
        }
        out.sum().backward();
        show("x.grad", x.grad());
    }

    @Test
    void backNested() {
        Net n = net();
        watchAll(n, n.a, n.b);
        n.call(x).sum().backward();
        show("x.grad", x.grad());
    }

    // --- replacing ---------------------------------------------------------------------------------------------

    @Test
    void backReplaces() {
        a.registerFullBackwardHook(back("1", first(g -> g.add(1))));
        a.registerFullBackwardHook(back("2"));
        a.registerFullBackwardHook(back("3", first(g -> g.mul(10))));
        a.call(x).sum().backward();
        show("x.grad", x.grad());
        show("w.grad", a.w.grad());
    }

    @Test
    void backPreReplaces() {
        a.registerFullBackwardPreHook(backPre("1", first(g -> g.add(1))));
        a.registerFullBackwardPreHook(backPre("2"));
        a.registerFullBackwardPreHook(backPre("3", first(g -> g.mul(10))));
        a.registerFullBackwardHook(back("4"));
        a.call(x).sum().backward();
        show("x.grad", x.grad());
        show("w.grad", a.w.grad());
    }

    @Test
    void backPreReplacesByNone() {
        p.registerFullBackwardPreHook(backPre("1", BackwardHookScenariosTest::secondIsNone));
        p.registerFullBackwardHook(back("2"));
        p.call(new Two(x, y)).sum().sum().backward();
        show("a.grad", x.grad());
    }

    @Test
    void backReplacesByNone() {
        p.registerFullBackwardHook(back("1", BackwardHookScenariosTest::secondIsNone));
        p.registerFullBackwardHook(back("2"));
        p.call(new Two(x, y)).sum().sum().backward();
        show("a.grad", x.grad());
        show("b.grad", y.grad());
    }

    @Test
    void backForwardHookReplaces() {
        a.registerForwardHook(hook("1", out -> out.mul(5)));
        a.registerFullBackwardHook(back("2"));
        a.call(x).sum().backward();
        show("x.grad", x.grad());
    }

    @Test
    void backPreHookReplaces() {
        a.registerForwardPreHook(pre("1", in -> in.mul(5)));
        a.registerFullBackwardHook(back("2", first(g -> g.add(1))));
        a.call(x).sum().backward();
        show("x.grad", x.grad());
    }

    // --- inputs and outputs without gradient -------------------------------------------------------------------

    @Test
    void backInputWithoutGrad() {
        Net n = net();
        watchAll(n, n.a, n.b);
        n.call(constant(1, 2)).sum().backward();
        show("w.grad", n.a.w.grad());
    }

    @Test
    void backInputWithoutGradReplaced() {
        a.registerFullBackwardHook(back("1", first(g -> Torch.ones(2))));
        attempt(() -> a.call(constant(1, 2)).sum().backward());
    }

    @Test
    void backInputWithoutGradNones() {
        a.registerFullBackwardHook(back("1", g -> Collections.singletonList(null)));
        a.registerFullBackwardHook(back("2"));
        a.call(constant(1, 2)).sum().backward();
        show("w.grad", a.w.grad());
    }

    @Test
    void backNothingNeedsGrad() {
        watchAll(s);
        show("requires grad", s.call(constant(1, 2)).requiresGrad());
    }

    @Test
    void backOneInputWithoutGrad() {
        watchAll(p);
        p.call(new Two(x, constant(3, 4))).sum().sum().backward();
        show("a.grad", x.grad());
    }

    @Test
    void backOneOutputUsed() {
        watchAll(p);
        p.call(new Two(x, y)).b().sum().backward();
        show("a.grad", x.grad());
        show("w.grad", p.w.grad());
    }

    @Test
    void backOutputsOneByOne() {
        watchAll(p);
        Two out = p.call(new Two(x, y));
        out.a().sum().backward(null, true, false);
        show("a.grad", x.grad());
        out.b().sum().backward();
        show("a.grad", x.grad());
    }

    @Test
    void backUnusedInput() {
        First f = new First("f", 2);
        watchAll(f);
        f.call(new Two(x, y)).sum().backward();
        show("a.grad", x.grad());
        show("b.grad", y.grad());
    }

    @Test
    void backOnlyInputUnused() {
        First f = new First("f", 2);
        watchAll(f);
        f.call(new Two(constant(1, 2), y)).sum().backward();
        show("b.grad", y.grad());
        show("w.grad", f.w.grad());
    }

    @Test
    void backSameInputTwice() {
        watchAll(p);
        p.call(new Two(x, x)).sum().sum().backward();
        show("a.grad", x.grad());
    }

    @Test
    void backArgumentNoTensor() {
        Power power = new Power("p");
        power.registerFullBackwardHook(back("b"));
        power.call(new Raised(x, 2)).sum().backward();
        show("x.grad", x.grad());
    }

    @Test
    void backIntegers() {
        Select m = new Select("m");
        watchAll(m);
        m.call(new Two(x, Torch.tensor(new long[] {1}))).a().sum().backward();
        show("x.grad", x.grad());
    }

    @Test
    void backDetached() {
        Detached d = new Detached("d");
        watchAll(d);
        Tensor out = d.call(x);
        show("requires grad", out.requiresGrad());
        x.mul(out).sum().backward();
        show("x.grad", x.grad());
    }

    @Test
    void backSame() {
        Same same = new Same("s");
        watchAll(same);
        Tensor out = same.call(x);
        show("is the input", out == x);
        out.mul(3).sum().backward();
        show("x.grad", x.grad());
    }

    // --- failures ----------------------------------------------------------------------------------------------

    @Test
    void backNoneReplaced() {
        p.registerFullBackwardHook(back("1", g -> Arrays.asList(g.get(0), Torch.ones(2))));
        Two out = p.call(new Two(x, constant(3, 4)));
        attempt(() -> out.sum().sum().backward());
    }

    @Test
    void backWrongNumber() {
        a.registerFullBackwardHook(back("1", BackwardHookScenariosTest::twice));
        attempt(() -> a.call(x).sum().backward());
    }

    @Test
    void backPreWrongNumber() {
        a.registerFullBackwardPreHook(backPre("1", BackwardHookScenariosTest::twice));
        attempt(() -> a.call(x).sum().backward());
    }

    @Test
    void backWrongSize() {
        a.registerFullBackwardHook(back("1", first(g -> Torch.ones(3))));
        attempt(() -> a.call(x).sum().backward(), false);
    }

    @Test
    void backPreWrongSize() {
        a.registerFullBackwardPreHook(backPre("1", first(g -> Torch.ones(3))));
        attempt(() -> a.call(x).sum().backward(), false);
    }

    @Test
    void backThrows() {
        Net n = net();
        n.a.registerFullBackwardHook(back("1", HookScenarios::fail));
        n.a.registerFullBackwardHook(back("2"));
        n.b.registerFullBackwardHook(back("3"));
        attempt(() -> n.call(x).sum().backward());
        show("x.grad", x.grad());
        show("b.w.grad", n.b.w.grad());
    }

    @Test
    void backPreThrows() {
        a.registerFullBackwardPreHook(backPre("1", HookScenarios::fail));
        a.registerFullBackwardHook(back("2"));
        attempt(() -> a.call(x).sum().backward());
    }

    @Test
    void backInPlace() {
        InPlace m = new InPlace("m");
        m.registerFullBackwardHook(back("1"));
        attempt(() -> m.call(x.mul(1)), false);
    }

    // --- backward again, and of backward -----------------------------------------------------------------------

    @Test
    void backRetained() {
        watchAll(a);
        Tensor out = a.call(x).sum();
        out.backward(null, true, false);
        out.backward();
        show("x.grad", x.grad());
    }

    @Test
    void doubleBack() {
        watchAll(s);
        Tensor g = Autograd.grad(s.call(x).sum(), x, true);
        show("g", g);
        show("gg", Autograd.grad(g.mul(g).sum(), x));
    }

    @Test
    void doubleBackThroughOutput() {
        watchAll(s);
        Tensor out = s.call(x);
        Tensor g = Autograd.grad(out.mul(out).sum(), x, true);
        show("g", g);
        show("gg", Autograd.grad(g.sum(), x));
    }

    @Test
    void doubleBackReplaced() {
        s.registerFullBackwardHook(back("1", first(g -> g.mul(3))));
        Tensor g = Autograd.grad(s.call(x).sum(), x, true);
        show("g", g);
        show("gg", Autograd.grad(g.sum(), x));
    }

    @Test
    void doubleBackNested() {
        Net n = new Net("net", new Square("a"), new Square("b"));
        watchAll(n, n.a, n.b);
        Tensor g = Autograd.grad(n.call(x).sum(), x, true);
        show("g", g);
        g.sum().backward();
        show("x.grad", x.grad());
    }

    @Test
    void gradOfParameter() {
        watchAll(a);
        show("g", Autograd.grad(a.call(x).sum(), a.w));
    }

    @Test
    void gradOfOneInput() {
        watchAll(p);
        show("g", Autograd.grad(p.call(new Two(x, y)).sum().sum(), y));
    }

    // --- coming and going --------------------------------------------------------------------------------------

    @Test
    void backRemovedAfterForward() {
        RemovableHandle handle = a.registerFullBackwardHook(back("1"));
        Tensor out = a.call(x);
        handle.remove();
        out.sum().backward();
    }

    @Test
    void backAddedAfterForward() {
        Tensor out = a.call(x);
        a.registerFullBackwardHook(back("1"));
        out.sum().backward();
        a.call(leaf(1, 2)).sum().backward();
    }

    @Test
    void backAddedInPreHook() {
        RemovableHandle handle = a.registerForwardPreHook(pre("1", in -> {
            a.registerFullBackwardHook(back("2"));
            return null;
        }));
        Tensor out = a.call(x);
        handle.remove();
        out.sum().backward();
        a.call(leaf(1, 2)).sum().backward();
    }

    @Test
    void backRemovesItself() {
        handles.add(a.registerFullBackwardHook(back("1", g -> {
            handles.get(0).remove();
            return null;
        })));
        a.registerFullBackwardHook(back("2"));
        a.call(leaf(1, 2)).sum().backward();
        a.call(leaf(1, 2)).sum().backward();
    }

    @Test
    void backCallsModule() {
        Scale other = new Scale("other", 3);
        a.registerFullBackwardHook(back("1", g -> {
            show("other", other.call(g.get(0)));
            return null;
        }));
        a.call(x).sum().backward();
    }
}
