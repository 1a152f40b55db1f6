package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.Tanh;
import org.jtorch.nn.state.StateDict;
import org.junit.jupiter.api.Test;

/** ModuleDict and ParameterDict are maps, ParameterList is a list, and the module learns what they hold. */
class DictTest {

    private final ReLU relu = new ReLU();
    private final Tanh tanh = new Tanh();

    @Test
    void aModuleDictIsAMapLikeAnyOther() {
        ModuleDict<Layer> dict = new ModuleDict<>(SystemModels.<Layer>ordered("b", relu, "a", tanh));
        assertEquals(List.of("b", "a"), List.copyOf(dict.keySet()));
        assertEquals(Map.of("a", tanh, "b", relu), dict);
        assertEquals(dict, new HashMap<>(dict));
        assertEquals(Map.of("a", tanh, "b", relu).hashCode(), dict.hashCode());
        assertSame(relu, dict.get("b"));
        assertNull(dict.get("c"));
        assertTrue(dict.containsValue(tanh));
        assertSame(relu, dict.replace("b", tanh));
        assertSame(relu, dict.computeIfAbsent("c", key -> relu));
        assertSame(tanh, dict.getOrDefault("x", tanh));
        for (Map.Entry<String, Layer> entry : dict.entrySet()) {
            assertNotNull(entry.setValue(relu));
            assertSame(relu, entry.getValue());
        }
        assertEquals(List.of(relu), dict.children(), "a shared one once");
        dict.entrySet().removeIf(e -> e.getKey().equals("b"));
        dict.values().remove(relu);
        assertEquals(List.of("c"), List.copyOf(dict.keySet()));
        dict.train(false);
        assertFalse(relu.isTraining());
    }

    @Test
    void keysAndValuesAreCheckedOnEveryWay() {
        ModuleDict<Layer> dict = new ModuleDict<>();
        dict.put("keys", relu);
        dict.put("type", tanh);
        assertThrows(IllegalArgumentException.class, () -> dict.putAll(Map.of("a.b", relu)));
        assertThrows(IllegalArgumentException.class, () -> dict.putIfAbsent("", relu));
        assertThrows(NullPointerException.class, () -> dict.put("x", null));
        assertThrows(
                NullPointerException.class,
                () -> dict.entrySet().iterator().next().setValue(null));
        assertThrows(NoSuchElementException.class, () -> dict.pop("x"));
        assertThrows(IllegalArgumentException.class, () -> dict.registerModule("x", null));
        assertThrows(RuntimeException.class, () -> dict.call(1));
        dict.registerModule("keys", tanh);
        assertEquals(Map.of("keys", tanh, "type", tanh), dict);
    }

    @Test
    void parametersInContainersLearn() {
        ParameterList list = new ParameterList(Torch.ones(2), Torch.ones(2));
        ParameterDict dict = new ParameterDict(Map.of("a", Torch.ones(2)));
        try (TensorScope scope = new TensorScope()) {
            list.get(0).mul(list.get(1)).mul(dict.get("a")).sum().backward();
        }
        list.parameters().forEach(p -> assertEquals(2.0, p.grad().sum().item()));
        assertEquals(2.0, dict.get("a").grad().sum().item());
        list.zeroGrad();
        assertNull(list.get(0).grad());
        list.toDouble();
        StateDict state = list.stateDict();
        assertEquals(List.of("0", "1"), List.copyOf(state.keySet()));
        ParameterList other = new ParameterList(Torch.zeros(2), Torch.zeros(2));
        other.loadStateDict(state);
        assertEquals(2.0, other.get(1).sum().item());
    }

    @Test
    void aTensorBecomesAParameterOverItsMemory() {
        Tensor values = Torch.ones(2);
        ParameterList list = new ParameterList(values);
        list.get(0).data().fill_(3);
        assertEquals(6.0, values.sum().item());
        Parameter p = new Parameter(Torch.ones(1));
        assertSame(p, list.append(p).get(1));
        ParameterDict dict = new ParameterDict();
        dict.put("a", p);
        assertSame(p, dict.get("a"));
        assertSame(p, dict.setdefault("a", values));
        list.remove(0);
        assertEquals(List.of("0"), Scenarios.names(list.namedParameters()));
        assertThrows(NullPointerException.class, () -> list.add(null));
        Parameter computed = new Parameter(Torch.ones(1), false);
        computed.add_(new Parameter(Torch.ones(1)));
        assertThrows(IllegalArgumentException.class, () -> list.add(computed));
        assertThrows(NoSuchElementException.class, () -> new ParameterDict().popitem());
    }
}
