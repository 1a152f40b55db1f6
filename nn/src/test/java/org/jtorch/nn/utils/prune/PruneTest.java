package org.jtorch.nn.utils.prune;

import static org.jtorch.nn.utils.Replay.grid;
import static org.jtorch.nn.utils.Replay.linear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.utils.Replay;
import org.junit.jupiter.api.Test;

/** Pruning has PyTorch's results: parity/record/prune.py has the same scenarios. */
class PruneTest {

    private static final Replay RECORDED = new Replay("prune.txt");

    private static final Map<String, Consumer<Module<Tensor, Tensor>>> METHODS = new LinkedHashMap<>();

    static {
        METHODS.put("identity", m -> Prune.identity(m, "weight"));
        METHODS.put("random", m -> Prune.randomUnstructured(m, "weight", 0.3));
        METHODS.put("random count", m -> Prune.randomUnstructured(m, "weight", 2));
        METHODS.put("l1", m -> Prune.l1Unstructured(m, "weight", 0.4));
        METHODS.put("l1 scores", m -> Prune.l1Unstructured(m, "weight", 3, scores(weight(m))));
        METHODS.put("random channels", m -> Prune.randomStructured(m, "weight", 1, 0));
        METHODS.put("ln 2", m -> Prune.lnStructured(m, "weight", 0.34, 2, 1));
        METHODS.put("ln inf", m -> Prune.lnStructured(m, "weight", 1, Double.NEGATIVE_INFINITY, -2));
        METHODS.put(
                "mask",
                m -> Prune.customFromMask(m, "weight", grid(weight(m).shape()).gt(0)));
    }

    private static Tensor scores(Tensor weight) {
        return grid(weight.shape()).flip(0);
    }

    private static Tensor weight(Module<?, ?> module) {
        return module instanceof Conv2d conv ? conv.weight : ((Linear) module).weight;
    }

    private static Conv2d conv() {
        Conv2d conv = new Conv2d(3, 4, 2);
        try (GradMode mode = Autograd.noGrad()) {
            conv.parameters().forEach(p -> p.copy_(grid(p.shape())));
        }
        return conv;
    }

    private static Tensor buffer(Module<?, ?> module, String name) {
        return module.getBuffer(name);
    }

    @Test
    void eachMethod() {
        for (String kind : List.of("linear", "conv")) {
            METHODS.forEach((name, method) -> {
                Torch.manualSeed(3);
                Module<Tensor, Tensor> m = kind.equals("conv") ? conv() : linear();
                Torch.manualSeed(3);
                method.accept(m);
                String key = kind + " " + name;
                RECORDED.keys(key + " keys", m);
                RECORDED.value(key + " mask", buffer(m, "weight_mask"));
                RECORDED.value(key + " weight", weight(m));
            });
        }
    }

    @Test
    void eachMethodAfterEachOther() {
        METHODS.forEach((first, one) -> METHODS.forEach((then, two) -> {
            Linear m = linear();
            Torch.manualSeed(4);
            one.accept(m);
            two.accept(m);
            RECORDED.value(first + " then " + then, buffer(m, "weight_mask"));
        }));
    }

    @Test
    void aPrunedModuleLearnsAndIsMadeWholeAgain() {
        Linear m = linear();
        Parameter original = m.weight;
        Prune.l1Unstructured(m, "weight", 0.4);
        Prune.l1Unstructured(m, "bias", 1);
        RECORDED.text("repr", m);
        RECORDED.keys("keys", m);
        assertTrue(Prune.isPruned(new Sequential(m)));
        assertFalse(Prune.isPruned(linear()));
        Tensor x = grid(2, 3);
        Tensor y = m.call(x);
        RECORDED.value("y", y);
        y.mul(y).sum().backward();
        RECORDED.value("grad weight", original.grad());
        RECORDED.value("grad bias", m.getParameter("bias_orig").grad());
        try (GradMode mode = Autograd.noGrad()) {
            original.add_(1);
        }
        RECORDED.value("y changed", m.call(x));
        Linear copy = Module.deepCopy(m);
        RECORDED.value("y changed", copy.call(x));
        Prune.remove(m, "weight");
        RECORDED.keys("removed keys", m);
        RECORDED.value("removed weight", m.weight);
        assertSame(original, m.weight);
        RECORDED.value("y changed", copy.call(x));
        RECORDED.value("tensor", new L1Unstructured(2).prune(grid(3)));
    }

    @Test
    void severalParametersAsOne() {
        Linear a = linear();
        Conv2d b = conv();
        Prune.Target ofA = new Prune.Target(a, "weight");
        Prune.Target ofB = new Prune.Target(b, "weight");
        Prune.globalUnstructured(List.of(ofA, ofB, new Prune.Target(b, "bias")), new L1Unstructured(0.5));
        RECORDED.value("global a", buffer(a, "weight_mask"));
        RECORDED.value("global b", buffer(b, "weight_mask"));
        RECORDED.value("global bias", buffer(b, "bias_mask"));
        Prune.globalUnstructured(List.of(ofA, ofB), new L1Unstructured(5));
        RECORDED.value("global again a", buffer(a, "weight_mask"));
        RECORDED.value("global again b", buffer(b, "weight_mask"));
    }

    @Test
    void errorsAreThoseOfPyTorch() {
        Class<IllegalArgumentException> value = IllegalArgumentException.class;
        RECORDED.fails("share", value, () -> Prune.l1Unstructured(linear(), "weight", 1.5));
        RECORDED.fails("negative", value, () -> Prune.l1Unstructured(linear(), "weight", -1));
        RECORDED.fails("channels too many", value, () -> Prune.lnStructured(linear(), "weight", 4, 2, 0));
        RECORDED.fails("vector", value, () -> Prune.lnStructured(linear(), "bias", 1, 2, 0));
        RECORDED.fails(
                "no dim", IndexOutOfBoundsException.class, () -> Prune.randomStructured(linear(), "weight", 1, 2));
        RECORDED.fails("scores", value, () -> Prune.l1Unstructured(linear(), "weight", 1, grid(3)));
        RECORDED.fails("mask shape", value, () -> Prune.customFromMask(linear(), "weight", grid(3)));
        RECORDED.fails("remove", value, () -> Prune.remove(linear(), "weight"));
        Linear m = linear();
        RECORDED.fails("too many", value, () -> Prune.l1Unstructured(m, "weight", 10));
        assertEquals(List.of("weight", "bias"), List.copyOf(m.stateDict().keySet()));
    }
}
